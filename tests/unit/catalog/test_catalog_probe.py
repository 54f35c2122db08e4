"""What the survey reads out of annotations and constructors, on classes without Airflow."""

from __future__ import annotations

import ast
import datetime
from typing import Any

import pytest

from daggen.airflow.catalog.probe.annotations import ANY, Shape, shape_of
from daggen.airflow.catalog.probe.checks import checks_of
from daggen.airflow.catalog.probe.facts import shape_in_fact
from daggen.airflow.catalog.probe.forwarding import forwarding_of, passed_beside
from daggen.airflow.catalog.probe.signatures import accepted
from daggen.airflow.catalog.probe.source import Names
from daggen.airflow.catalog.probe.uses import words_used


class Record(dict[str, int]): ...


class Engine: ...


Rows = list[int] | None


def _here() -> None: ...


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        ("str", "str"),
        ("str | None", "str None"),
        ("Optional[int]", "int None"),
        ("typing.Union[str, list[str], None]", "str list None"),
        ("Sequence[str] | str", "iterable str"),
        ("datetime.timedelta | float", "duration float"),
        ("Callable[[Context], None] | None", "callable None"),
        ("collections.abc.MutableMapping[str, Any]", "dict"),
        ("dict[str, dict[str, Collection[str]]]", "dict"),
        ("Annotated[int, 'seconds']", "int"),
        ("'str | None'", "str None"),
        ("Any", "any"),
        ("NotToBeFound", "any"),
        ("Record", "dict"),
        ("Engine | str", "object str"),
        ("Rows", "list None"),
        ("this is no annotation", "any"),
        (int, "int"),
        (int | None, "int None"),
    ],
)
def test_annotations_become_words(annotation: object, words: str) -> None:
    assert shape_of(annotation, Names(_here)).words == set(words.split())


def test_literals_become_choices() -> None:
    shape = shape_of("Literal['a', 'b'] | None", Names(_here))
    assert (shape.words, shape.choices) == ({"enum", "None"}, ("a", "b"))


def constructor(text: str) -> ast.FunctionDef:
    node = ast.parse(text).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def test_what_happens_to_keyword_arguments() -> None:
    found = forwarding_of(constructor("""
def __init__(self, a, *args, **kw):
    self.b = kw.pop("b", 5)
    kw.setdefault("c", 1)
    kw["d"] = 2
    kw.update({"e": 3}, f=4)
    del kw["g"]
    super().__init__(*args, h=a, **kw)
"""))
    assert found.taken == {"b": "5", "g": None}
    assert found.supplied == {"c", "d", "e", "f"}
    (call,) = found.handed_on()
    assert (call.parent, call.named, call.positional) == ("", {"h"}, 0)


def test_what_is_passed_beside_the_keyword_arguments() -> None:
    node = constructor("""
def sensor_task(python_callable=None, **kw):
    checked(a=1)
    return factory(python_callable=python_callable, multiple_outputs=False, **kw)
""")
    assert passed_beside(node) == {"python_callable", "multiple_outputs"}


def test_keyword_arguments_may_go_through_another_mapping() -> None:
    found = forwarding_of(constructor("""
def __init__(self, **kwargs):
    given = {"a": 1} | kwargs
    Parent.__init__(self, 1, **given)
"""))
    (call,) = found.handed_on()
    assert (call.parent, call.positional, call.opaque) == ("Parent", 1, True)


@pytest.mark.parametrize(
    ("test", "rule"),
    [
        ("a is not None and b is not None", (("a", "b"), True, False, False)),
        ("a is None and b is None", (("a", "b"), False, True, False)),
        ("self.a is None and self.b is None", (("a", "b"), False, True, False)),
        ("a is True and b is True", (("a", "b"), True, False, True)),
        ("not exactly_one(a is None, b is None)", (("a", "b"), True, True, False)),
        ("not exactly_one(a is not None, b is not None)", (("a", "b"), True, True, False)),
        ("a is None and b is not None", None),
        ("a is not None and x is not None", None),
        ("a and b", None),
        ("a is not None or b is not None", None),
    ],
)
def test_what_a_constructor_refuses(test: str, rule: tuple[Any, ...] | None) -> None:
    node = constructor(f"def __init__(self, a, b):\n if {test}:\n  raise ValueError")
    found = checks_of(node, frozenset({"a", "b"})).exclusive
    assert [(each.names, each.limit, each.needs, each.when_true) for each in found] == (
        [rule] if rule else []
    )


def test_values_and_names_a_constructor_insists_on() -> None:
    node = constructor("""
def __init__(self, a, b, c, d):
    self.a = a
    d = d or "x"
    if not a or self.a not in ("x", "y"):
        raise ValueError
    if not b:
        raise ValueError
    if c is None:
        raise ValueError
    if not d or d not in ["x"]:
        raise ValueError
""")
    found = checks_of(node, frozenset("abcd"))
    assert found.choices == {"a": ("x", "y")}
    assert found.needed == {"b", "c"}


class Base:
    def __init__(self, *, table: str, mode: str = "a", **kwargs: Any) -> None:
        if kwargs:
            raise TypeError


class Mixin:
    def __init__(self, *, conn_id: str = "x", **kwargs: Any) -> None:
        super().__init__(**kwargs)


class Child(Mixin, Base):
    def __init__(self, table, rows=3, **kwargs: Any) -> None:  # type: ignore[no-untyped-def]
        super().__init__(table=table, mode="b", **kwargs)


class Silent(Child):
    pass


class Closed(Base):
    def __init__(self) -> None:
        super().__init__(table="x")


def test_arguments_come_through_all_constructors() -> None:
    for cls in (Child, Silent):
        found = accepted(cls)
        assert set(found.arguments) == {"table", "rows", "conn_id"}
        assert found.fixed == {"mode"}
        assert found.arguments["table"].required
        assert found.arguments["table"].shape.words == {"str"}, "as the parent annotates it"
        assert found.arguments["rows"].default == "3"
    assert accepted(Closed).arguments == {}


class Generator:
    def __init__(self, workers: int, zone: str = "a") -> None: ...


class Cluster(Base):
    def __init__(self, config: dict[str, int] | None = None, **kwargs: Any) -> None:
        config = config or Generator(**kwargs)  # type: ignore[assignment]
        super().__init__(**kwargs)


def test_what_is_made_of_the_keyword_arguments_lends_its_own() -> None:
    found = accepted(Cluster)
    assert set(found.arguments) == {"config", "workers", "zone", "table", "mode"}
    assert not found.arguments["workers"].required, "the configuration may be given instead"
    assert found.arguments["table"].required


class Decorated(Base):
    def __init__(self, *, kwargs_to_upstream: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**(kwargs_to_upstream or {}), **kwargs)


class AlsoDecorated(Base):
    def __init__(self, *, kwargs_to_upstream: dict[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs_to_upstream = kwargs_to_upstream or {}
        super().__init__(**kwargs_to_upstream, **kwargs)


def test_what_a_decorator_hands_on_of_its_function_gives_no_other_argument() -> None:
    assert not accepted(Decorated).arguments["table"].required
    assert accepted(AlsoDecorated).arguments["table"].required


class Mixed:
    def prepare(self) -> None:
        if isinstance(self.conf, str):
            self.conf = {}
        if isinstance(self.rows, list | tuple) or not isinstance(self.mode, int):
            raise TypeError


class Telling(Mixed, Base):
    def __init__(self, conf: dict[str, int], rows: str, mode: str, **kwargs: Any) -> None:
        self.conf, self.rows, self.mode = conf, rows, mode
        self.is_one = isinstance(rows, (bytes, datetime.date))
        super().__init__(table="x", mode=mode, **kwargs)

    def run(self, rows: object) -> bool:
        return isinstance(rows, float)


@pytest.mark.parametrize(
    ("name", "words"), [("conf", "str"), ("rows", "bytes"), ("mode", "int"), ("table", "")]
)
def test_code_tells_what_it_takes_an_argument_for(name: str, words: str) -> None:
    assert words_used(Telling, name) == set(words.split())


class SqlSensor: ...


class NightlySensor(SqlSensor): ...


def test_facts_hold_for_derived_classes_too() -> None:
    mapping = Shape(frozenset({"dict"}))
    for cls in (SqlSensor, NightlySensor):
        assert shape_in_fact(cls, "parameters", mapping).words == {"dict", "list"}
    assert shape_in_fact(Mixed, "parameters", mapping) == mapping
    assert shape_in_fact(Mixed, "on_retry_callback", ANY).words == {"callable", "list", "None"}
