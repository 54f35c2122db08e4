"""The functions of this case."""


def present() -> None:
    """Be there."""
