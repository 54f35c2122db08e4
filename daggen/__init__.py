"""daggen compiles YAML specs and Jinja templates into static Airflow DAG files."""

__version__ = "0.1.0"
