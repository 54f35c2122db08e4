def page(context):
    """Call someone."""
