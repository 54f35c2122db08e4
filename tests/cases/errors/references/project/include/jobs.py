def extract(entity="all"):
    return {"rows": [entity]}


def load(rows, order=None):
    print(rows, order)
