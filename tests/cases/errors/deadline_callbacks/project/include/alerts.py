def late(context, channel="late"):
    print(context, channel)


def last(channel):
    print(channel)


async def later(context, channel="late"):
    print(context, channel)


class Notice:
    def __await__(self):
        yield
