"""Sources: rows from databases, APIs and files, pulled into snapshots that git keeps."""
