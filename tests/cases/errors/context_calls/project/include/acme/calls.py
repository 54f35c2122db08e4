import functools
import logging

log = logging.getLogger(__name__)
TARGETS = ["a", "b"]
hook = None
send = functools.partial(logging.info, "sent %s")


def always():
    return True


def holiday(context):
    return bool(context)


def options(**context):
    return bool(context)


def of_day(context, day):
    return bool(context and day)


def tell(context, channel, level="warn"):
    print(context, channel, level)


def tell_all(*args, channel="all"):
    print(args, channel)


def named(*, context):
    print(context)


def work(**context):
    return context


def set_hook():
    global hook
    hook = work


set_hook()
