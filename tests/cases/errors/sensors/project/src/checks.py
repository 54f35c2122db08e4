def is_there() -> bool:
    return True
