def make():
    return 1


def use(value):
    return value
