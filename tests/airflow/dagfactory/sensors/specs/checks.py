def positive(value):
    return value > 0


def yesterday(logical_date):
    return logical_date
