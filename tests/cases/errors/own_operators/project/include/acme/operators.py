from airflow.models import BaseOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import BaseSensorOperator

from elsewhere import UnknownOperator


class GreetOperator(BaseOperator):
    """Greets somebody."""

    template_fields = ("name",)

    def __init__(self, name: str, times: int = 1, greeting="hello", **kwargs):
        super().__init__(**kwargs)
        self.name = name
        self.times = times
        self.greeting = greeting


class LouderOperator(GreetOperator):
    def __init__(self, *, volume: float, **kwargs) -> None:
        kwargs.setdefault("name", "world")
        super().__init__(greeting="HELLO", **kwargs)
        self.volume = volume


class ListOperator(BashOperator):
    def __init__(self, folder: str, **kwargs):
        super().__init__(bash_command=f"ls {folder}", **kwargs)


class TableSensor(BaseSensorOperator):
    def __init__(self, table: str, **kwargs):
        super().__init__(**kwargs)
        self.table = table


class UnclearOperator(UnknownOperator):
    def __init__(self, anything, **kwargs):
        super().__init__(**kwargs)
