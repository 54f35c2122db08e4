def listing():
    return [1, 2, 3]


def double(number, factor=2):
    return number * factor


def pair(a, b, c=0):
    return a, b, c
