def on_failure(context):
    """Tell somebody."""


def extract(entity):
    return [entity]
