def choose():
    return "a"


def run(x=1):
    return x
