"""The functions that the specs of this case name."""


def notify(context, channel=None):
    """Tell someone."""


async def late(**kwargs):
    """Tell someone that a run is late."""


def extract(entity="x"):
    """Give rows."""
    return [1, 2]


def load(rows, mode="append"):
    """Take rows."""
    return rows


def choose():
    """Give the task to run."""
    return "yes"


def is_there():
    """Tell whether it is there."""
    return True


def is_done(value):
    """Tell whether a value says done."""
    return value == "done"


def shout(text):
    """Make a text loud."""
    return text.upper()
