from collections.abc import Mapping

from acme import Table


def untyped():
    return {"rows": [1]}


def files(**context) -> list[str]:
    return ["a.csv"]


def maybe() -> str | None:
    return None


def typed() -> dict[str, int]:
    return {"rows": 1}


def mapping() -> Mapping[str, int]:
    return {"rows": 1}


def table() -> Table:
    return Table()


def pushes(ti=None) -> None:
    ti.xcom_push(key="rows", value=1)


def hands_on(**context):
    Table(context)


def load(rows):
    print(rows)
