"""Operators of a project's own are described from their source, or not at all."""

from pathlib import Path
from textwrap import dedent

import pytest

from daggen.airflow.catalog import Catalog, Operator
from daggen.airflow.own_operators import ProjectCatalog
from daggen.code.callables import CallableFinder

SHIPPED = Catalog.load()
INIT = "class Own(BaseOperator):\n    def __init__(self, **kwargs):"
HEAD = "from airflow.sdk import BaseOperator\nfrom somewhere import Mixin\n"


def describe(tmp_path: Path, source: str, name: str = "Own") -> Operator | None:
    (tmp_path / "acme.py").write_text(HEAD + dedent(source))
    return ProjectCatalog(SHIPPED, CallableFinder([tmp_path])).find(f"acme.{name}")


def test_what_a_constructor_takes_is_joined_with_what_it_hands_on(tmp_path: Path) -> None:
    found = describe(
        tmp_path,
        """
        class Base(BaseOperator):
            template_fields = ("table",)
            def __init__(self, table: str, *, rows: int | None = None, **kwargs):
                super().__init__(**kwargs)

        class Own(Base):
            '''Loads.

            And more.
            '''
            def __init__(self, mode, **kwargs):
                self.extra = kwargs.pop("extra", None)
                if "pool" not in kwargs:
                    kwargs["pool"] = "own"
                super().__init__(rows=3, **kwargs)
        """,
    )
    assert found is not None
    assert found.required == {"mode", "table", "task_id"}
    assert found.own == {"mode", "table", "extra"}
    assert found.fixed == {"rows"}
    assert found.templated == {"table"}
    assert found.summary == "Loads."
    assert found.kind == "operator"
    assert found.arguments["table"].types == {"str"}
    assert found.arguments["mode"].types == {"any"}
    assert "retries" in found.arguments


def test_a_class_without_a_constructor_takes_what_its_base_takes(tmp_path: Path) -> None:
    found = describe(tmp_path, "class Own(BaseOperator):\n    pass\n")
    base = SHIPPED.find("airflow.sdk.BaseOperator")
    assert found is not None
    assert base is not None
    assert found.arguments == base.arguments


def test_a_base_may_be_called_by_its_name(tmp_path: Path) -> None:
    source = """
    class Own(BaseOperator):
        template_fields = ("a", *BaseOperator.template_fields)
        def __init__(self, a, **kwargs):
            BaseOperator.__init__(self, **kwargs)
    """
    found = describe(tmp_path, source)
    assert found is not None
    assert "retries" in found.arguments
    assert found.templated == set(found.arguments)


@pytest.mark.parametrize(
    "source",
    [
        "class Own(BaseOperator, Mixin):\n    pass",
        "class Own(Mixin):\n    pass",
        "class Own(make_base()):\n    pass",
        "@decorated\nclass Own(BaseOperator):\n    pass",
        "class Own(BaseOperator):\n    def __new__(cls, **kwargs): ...",
        "class Own(BaseOperator):\n    def __init__(self, a): ...",
        "class Own(BaseOperator):\n    @wrapped\n    def __init__(self, **kwargs): ...",
        "class Own(BaseOperator):\n    def __init__(self, **kwargs): self.set(kwargs)",
        f"{INIT} kept = dict(kwargs); super().__init__(**kept)",
        f"{INIT} [kwargs.pop(key) for key in FURTHER]; super().__init__(**kwargs)",
        f"{INIT} kwargs = tidy(kwargs); super().__init__(**kwargs)",
        "Own = BaseOperator",
        "class Other: ...",
        "class Own(Own): ...",
    ],
)
def test_what_is_not_certain_is_not_described(tmp_path: Path, source: str) -> None:
    found = describe(tmp_path, source)
    assert found is None
