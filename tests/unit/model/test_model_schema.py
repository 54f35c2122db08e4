"""The JSON Schema of a spec: it takes what the model takes, and refuses what an editor can tell."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from daggen.specs.model import json_schema
from daggen.specs.model.dag_keys import DAG_GONE, DAG_KEYS

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def test_schema_is_well_formed_and_describes_every_key() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for name in DAG_KEYS.keys() - DAG_GONE.keys():
        described = schema["properties"][name]
        assert "description" in described or "$ref" in described, name


@pytest.mark.parametrize(
    "spec",
    [
        {"catchup": False, "schedule": None, "start_date": "2026-01-01", "timezone": "UTC"},
        {"catchup": "${{ entity.catchup }}", "max_active_runs": "${{ vars.runs }}"},
        {"foreach": {"entity": [{"name": "a"}]}, "template": "etl", "with": {"a": 1}},
        {"foreach": {"entity": ["a", "b"], "exclude": [{"entity": "a"}]}},
        {"schedule": {"hours": 6}, "dagrun_timeout": {"__type__": "pkg.Delta", "hours": 1}},
        {"dagrun_timeout_sec": 60, "default_args": {"retries": 1, "retry_delay_sec": 5, "x": 1}},
        {"tasks": {"a": {"operator": "BashOperator", "bash_command": "x", "anything": [1]}}},
        {"tasks": [{"task_id": "a", "operator": "x", "dependencies": ["b"]}]},
        {"tasks": {"a": {"operator": "x", "circuit_breaker": True}}},
        {"tasks": {"a": {"operator": "x", "circuit_breaker": {"recovery_timeout": "10m"}}}},
        {"task_groups": {"g": {"tooltip": "x", "tasks": {"a": {"operator": "x"}}}, "h": None}},
    ],
)  # fmt: skip
def test_what_an_editor_lets_pass(spec: dict[str, Any]) -> None:
    assert [error.message for error in VALIDATOR.iter_errors({"dag_id": "d", **spec})] == []


@pytest.mark.parametrize(
    "spec",
    [
        {"catchupp": False},
        {"catchup": "no"},
        {"max_active_runs": 0},
        {"schedule_interval": "@daily"},
        {"tags": "a"},
        {"default_args": {"retries": -1}},
        {"tasks": {"a": {"operator": "x", "trigger_rule": "all_sucess"}}},
        {"tasks": {"a": {"operator": "x", "circuit_breaker": {"recovery_timeot": "10m"}}}},
        {"task_groups": {"g": {"tooltipp": "x"}}},
        {"foreach": {"entity": ["a"]}, "exclude": [{"entity": "a"}]},
        {"foreach": {"entity": ["a"], "exclude": {"entity": "a"}}},
    ],
)
def test_what_an_editor_underlines(spec: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors({"dag_id": "d", **spec}))
