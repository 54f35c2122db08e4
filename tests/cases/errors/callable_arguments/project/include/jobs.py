def load(table, *, limit=10, ti=None):
    return table, limit


def needs(table, day):
    return table, day
