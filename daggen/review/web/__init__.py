"""Scripts and styles of the pages that reviews write; kept as files to be read and linted."""
