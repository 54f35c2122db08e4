"""DG1xx: files that cannot be read as strict YAML."""

from daggen.diagnostics.model import Rule

SYNTAX = Rule(
    "DG101",
    "yaml-syntax",
    "The file is not well-formed YAML.",
    """\
YAML's own grammar is broken here, so nothing after this place can be read.

    tasks:
      load: {operator: BashOperator      # the brace is never closed

Frequent causes: a missing space after a colon, a bracket or quote left open, an indentation
that differs from its siblings. A value that starts with `{{`, `@`, `*`, `&`, `%` or a
backquote needs quotes.
""",
)
TAB = Rule(
    "DG102",
    "yaml-tab",
    "A tab stands where YAML wants spaces.",
    """\
YAML allows no tabs in indentation. Replace each by spaces; two a level is the custom.
""",
)
DUPLICATE_KEY = Rule(
    "DG103",
    "duplicate-key",
    "The same key stands twice in one mapping.",
    """\
Most YAML readers keep the last of the two in silence, so one value would be lost.

    retries: 2
    retries: 3        # error: which one is meant?

Keep one of them.
""",
)
UNKNOWN_TAG = Rule(
    "DG104",
    "unknown-tag",
    "The value carries a YAML tag that daggen does not read.",
    """\
Tags such as `!!python/object` or `!include` ask the reader to build objects. A spec is data
only: strings, numbers, booleans, null, lists and mappings (the tags `!!str`, `!!int`,
`!!float`, `!!bool`, `!!null`, `!!map` and `!!seq` are allowed). Objects of Airflow are written
as mappings with `__type__`.
""",
)
ALIAS = Rule(
    "DG105",
    "bad-alias",
    "An alias names no anchor, or an anchor contains itself.",
    """\
`*name` repeats the value that `&name` marked earlier in the same document. The anchor must
come first, and its value must not contain the alias.
""",
)
TOO_LARGE = Rule(
    "DG106",
    "yaml-too-large",
    "The document is larger, or nested deeper, than any spec should be.",
    """\
A file may have 64 MiB, 100 levels, and a million values once its aliases are expanded. A few
lines of nested aliases can expand to billions of values (a "YAML bomb"), so reading stops.
""",
)
NOT_UTF8 = Rule(
    "DG107",
    "not-utf8",
    "The file is not UTF-8 text.",
    """\
daggen reads UTF-8 only, so that a file means the same on every machine. Save the file as
UTF-8; characters that no text may hold (NUL, for example) are written as escapes in double
quotes: `"\\0"`.
""",
)
UNREADABLE = Rule(
    "DG108",
    "unreadable",
    "The file cannot be read.",
    """\
The operating system refused to open the file: it does not exist, it is a directory, or its
permissions forbid reading.
""",
)
BAD_MERGE = Rule(
    "DG109",
    "bad-merge",
    "The merge key `<<` has a value that is no mapping.",
    """\
`<<: *anchor` copies the keys of another mapping. Its value is a mapping, or a list of mappings.
""",
)
AMBIGUOUS_NUMBER = Rule(
    "DG110",
    "ambiguous-number",
    "The number means different things to different YAML readers.",
    """\
`0755` is 493 to a YAML 1.1 reader and 755 to a YAML 1.2 reader, and a postal code such as
`01234` would lose its zero. Quote it if it is text, write `0o755` if it is octal, or drop the
leading zero. Integers may have a thousand digits.
""",
)
SEVERAL_DOCUMENTS = Rule(
    "DG111",
    "several-documents",
    "The file holds more than one YAML document.",
    """\
A `---` line starts another document. This file is one document; put the other in a file of its
own.
""",
)
BAD_KEY = Rule(
    "DG112",
    "bad-key",
    "A mapping's key is a list or a mapping.",
    """\
Keys are plain values: text, numbers, booleans. A key that starts with `{{` needs quotes.
""",
)
