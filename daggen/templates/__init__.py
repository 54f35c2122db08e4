"""The template engine: Python with holes, in which a value can never become code."""
