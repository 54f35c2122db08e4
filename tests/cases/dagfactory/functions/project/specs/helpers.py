"""The functions that the files of this case name."""

from datetime import timedelta


def notify(context):
    """Tell someone."""


def tell(context, channel):
    """Tell a channel."""


def one(value):
    """Tell whether a value is one."""
    return value == 1


def an_hour_before(logical_date):
    """Give the moment an hour before."""
    return logical_date - timedelta(hours=1)


def load(rows):
    """Take rows."""
    return rows
