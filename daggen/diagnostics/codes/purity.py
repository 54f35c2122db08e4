"""DG5xx: what a DAG file may not do when it is parsed."""
