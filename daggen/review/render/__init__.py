"""Views of changes and of DAGs: one module a format."""
