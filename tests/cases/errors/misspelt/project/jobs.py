"""The functions that the specs of this case name."""


def extract(source, limit=10):
    """Give rows."""
    return [source] * limit


def load(rows, target):
    """Take rows."""
    return rows, target
