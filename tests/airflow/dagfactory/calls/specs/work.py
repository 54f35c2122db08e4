def numbers():
    return [1, 2]


def add(a, b=0):
    return a + b


def shadow(retries=0, pool="", retry_delay=""):
    return retries, pool, retry_delay
