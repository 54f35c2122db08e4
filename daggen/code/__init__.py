"""Python text: writing it, reading it back, naming, importing and formatting."""
