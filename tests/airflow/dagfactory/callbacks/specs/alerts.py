def tell(context, channel="ops", urgent=False):
    pass


def note(context):
    pass
