"""The operator catalog: what each operator takes, known without importing Airflow."""

from daggen.airflow.catalog.catalog import PROJECT_FILE, Catalog
from daggen.airflow.catalog.finding import Finding
from daggen.airflow.catalog.findings import check_arguments
from daggen.airflow.catalog.graphs import check_graph_arguments, unknown_operator_hint
from daggen.airflow.catalog.model import NOT_LITERAL, Argument, Operator
from daggen.airflow.catalog.store import CatalogError

__all__ = [
    "NOT_LITERAL",
    "PROJECT_FILE",
    "Argument",
    "Catalog",
    "CatalogError",
    "Finding",
    "Operator",
    "check_arguments",
    "check_graph_arguments",
    "unknown_operator_hint",
]
