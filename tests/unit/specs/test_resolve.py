"""Loops, defaults and places: one spec becomes many."""

from __future__ import annotations

from daggen.diagnostics import Diagnostic
from daggen.specs.document import ResolvedSpec
from daggen.specs.merging import overlay
from daggen.specs.resolve import resolve
from daggen.specs.yaml import parse_yaml


def _resolve(text: str, **variables: object) -> tuple[list[ResolvedSpec], list[Diagnostic]]:
    document = parse_yaml(text, "s.yaml")[0][0]
    return resolve(document, variables, lambda kind, name, span: ([], []))


def test_a_spec_without_foreach_is_one_dag() -> None:
    (spec,), diagnostics = _resolve("dag_id: a\ntags: ['${{ vars.tag }}']\n", tag="x")
    assert spec.data == {"dag_id": "a", "tags": ["x"]}
    assert not diagnostics


def test_a_matrix_in_the_order_of_its_lists_without_the_excluded() -> None:
    text = """\
dag_id: ${{ a }}${{ b.n }}
foreach:
  a: [x, y]
  b: [{n: 1, m: 0}, {n: 2}]
  exclude: [{a: y, b: {n: 1}}]
"""
    specs, diagnostics = _resolve(text)
    assert [spec.data["dag_id"] for spec in specs] == ["x1", "x2", "y2"]
    assert not diagnostics


def test_an_exclude_that_matches_nothing_is_told() -> None:
    _, (found,) = _resolve("foreach:\n  a: [x]\n  exclude: [{a: z}]\ndag_id: ${{ a }}")
    assert (found.code, str(found.span)) == ("DG205", "s.yaml:3:13")


def test_an_exclude_that_leaves_nothing_is_an_empty_foreach() -> None:
    _, (found,) = _resolve("foreach:\n  a: [x]\n  exclude: [{a: x}]\ndag_id: ${{ a }}")
    assert found.code == "DG204"


def test_a_value_passed_on_keeps_the_place_it_has_in_its_row() -> None:
    text = "schedule: ${{ r.when }}\nwith: ${{ r }}\nforeach:\n  r:\n    - {when: daily}\n"
    (spec,), _ = _resolve(text)
    assert str(spec.locations.value(("schedule",))) == "s.yaml:5:14"
    assert str(spec.locations.value(("with", "when"))) == "s.yaml:5:14"
    assert str(spec.locations.key(("with", "when"))) == "s.yaml:5:8"


def test_keys_are_evaluated_too() -> None:
    (spec,), _ = _resolve("tasks: {'load_${{ r }}': {retries: 1}}\nforeach: {r: [eu]}\n")
    assert spec.data["tasks"] == {"load_eu": {"retries": 1}}
    assert spec.locations.value(("tasks", "load_eu", "retries")).column == 36


def test_keys_that_become_equal_are_refused() -> None:
    _, (found,) = _resolve("tasks: {'${{ r }}': 1, eu: 2}\nforeach: {r: [eu]}\n")
    assert found.code == "DG202"


def test_defaults_merge_deeply_and_the_nearest_wins() -> None:
    texts = ("default_args: {retries: 1, owner: a}\ntags: [x]\n", "default_args: {retries: 2}\n")
    far, near = (parse_yaml(text, f"{n}.yaml")[0][0] for n, text in enumerate(texts))
    own = parse_yaml("tags: [y]\n", "s.yaml")[0][0]
    merged = overlay([far, near, own])
    assert merged.data == {"default_args": {"retries": 2, "owner": "a"}, "tags": ["y"]}
    where = {k: merged.locations.value(("default_args", k)).path for k in ("retries", "owner")}
    assert where == {"retries": "1.yaml", "owner": "0.yaml"}
    assert far.data["default_args"] == {"retries": 1, "owner": "a"}


def test_a_value_that_replaces_a_mapping_forgets_its_places() -> None:
    base = parse_yaml("a: {b: 1}\n", "0.yaml")[0][0]
    over = parse_yaml("a: null\n", "s.yaml")[0][0]
    merged = overlay([base, over])
    assert merged.data == {"a": None}
    assert merged.locations.value(("a", "b")).path == "s.yaml"
