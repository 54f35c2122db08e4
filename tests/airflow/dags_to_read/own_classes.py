"""DAGs made with the help of classes of the file."""

from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from typing import ClassVar, NamedTuple

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, TaskGroup, task


@dataclass(frozen=True)
class Table:
    """A record."""

    name: str
    size: int = 1
    tags: list = field(default_factory=list)
    kind: ClassVar[str] = "table"

    @property
    def task_id(self):
        return f"{self.kind}_{self.name}"

    def parts(self):
        return [f"{self.task_id}_{i}" for i in range(self.size)]


class Pair(NamedTuple):
    """A named tuple."""

    left: str
    right: str = "right"


class Level(Enum):
    """An enumeration."""

    LOW = "low"


class Builder:
    """A builder of DAGs."""

    default = "all_done"

    def __init__(self, name, *steps):
        self.name = name
        self.steps = list(steps)
        self.last = None

    def step(self, task_id):
        current = EmptyOperator(task_id=task_id, trigger_rule=self.default)
        if self.last is not None:
            self.last >> current
        self.last = current
        return self

    def build(self):
        with DAG(self.name, schedule=None) as dag:
            for step in self.steps:
                self.step(step)
        return dag

    @staticmethod
    def plain(name):
        return EmptyOperator(task_id=name)

    @classmethod
    def of(cls, name):
        return cls(name, "only")


class Louder(Builder):
    """A builder that derives."""

    default = "one_success"


with DAG("records", schedule=None):
    for table in [Table("orders", 2), Table(name="items")]:
        with TaskGroup(table.task_id):
            for part in table.parts():
                EmptyOperator(task_id=part)
    pair = Pair("left")
    EmptyOperator(task_id=pair.left) >> EmptyOperator(task_id=pair.right)
    EmptyOperator(task_id=Level.LOW.value)
    Builder.plain("static") >> Builder("x").step("chained").step("further").last
    reduce(lambda a, b: a >> b, [EmptyOperator(task_id=f"r{i}") for i in range(3)])

    @task
    def use(x):
        return x

    use(Table("z").name)

built = Builder("built", "a", "b", "c").build()
made = Louder.of("derived").build()
