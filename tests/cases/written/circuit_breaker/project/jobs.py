"""An operator of the project that has the name of one of Airflow's."""

from typing import Any

from airflow.sdk import BaseOperator


class BashOperator(BaseOperator):
    """Says what it does."""

    def execute(self, context: Any) -> str:
        return "imported"
