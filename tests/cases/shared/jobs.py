"""The functions that the specs of cases name."""


def notify(context, channel=None):
    """Tell someone."""


async def late(**kwargs):
    """Tell someone that a run is late."""


def extract(entity="x"):
    """Give rows."""
    return [1, 2]


def commands():
    """Give commands for a shell."""
    return ["echo 1", "echo 2"]


def command():
    """Give one command for a shell, by a name."""
    return {"first": "echo 1"}


def load(rows, mode="append"):
    """Take rows."""
    return list(rows) if isinstance(rows, tuple) else rows


def take(*values):
    """Take values, and give nothing."""


def choose():
    """Give the task to run."""
    return "yes"


def is_there():
    """Tell whether it is there."""
    return True


def is_done(value):
    """Tell whether a value says done."""
    return value == "done"


def is_answered(response):
    """Tell whether a service has answered."""
    return response.ok


def before(context):
    """Run just before the operator."""


def after(context, result):
    """Run just after it, with what it returns."""


def shout(text):
    """Make a text loud."""
    return text.upper()


def say(word):
    """Give a command that says a word."""
    return f"echo {word}"


def is_scheduled(context):
    """Tell whether a run has a moment to run for."""
    return "logical_date" in context


def is_manual(context):
    """Tell whether a run has none."""
    return "logical_date" not in context


def pairs():
    """Give what to join, a mapping for each pair."""
    return [{"left": 1, "right": 2}, {"left": 3, "right": 4}]


def join(left, right, more=0):
    """Join two numbers."""
    return left + right + more


def total(numbers):
    """Sum what many tasks have returned."""
    return sum(numbers)
