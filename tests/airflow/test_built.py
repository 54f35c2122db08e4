"""What daggen says that Airflow's classes refuse, or keep to themselves, they do."""

from __future__ import annotations

import importlib

import pytest

from daggen.airflow.catalog.texts import _MAPPINGS
from daggen.code.built import _NO_EVENT_TRIGGERS
from daggen.code.cron import never_fires
from daggen.code.signatures import _RESERVED
from daggen.code.timezones import is_timezone


@pytest.mark.parametrize("dotted", sorted(_NO_EVENT_TRIGGERS))
def test_a_watcher_takes_no_trigger_of_deferred_tasks(dotted: str) -> None:
    from airflow.triggers.base import BaseEventTrigger

    module, _, name = dotted.rpartition(".")
    assert not issubclass(getattr(importlib.import_module(module), name), BaseEventTrigger)


def test_names_of_the_context_are_kept() -> None:
    from airflow.sdk.definitions.context import KNOWN_CONTEXT_KEYS

    assert _RESERVED <= KNOWN_CONTEXT_KEYS


def test_a_cron_expression_that_never_comes_is_never_scheduled() -> None:
    from airflow.timetables.base import TimeRestriction
    from airflow.timetables.trigger import CronTriggerTimetable
    from croniter import CroniterBadDateError

    assert never_fires("0 0 31 2 *")
    with pytest.raises(CroniterBadDateError):
        CronTriggerTimetable("0 0 31 2 *", timezone="UTC").next_dagrun_info(
            last_automated_data_interval=None,
            restriction=TimeRestriction(earliest=None, latest=None, catchup=False),
        )


def test_pendulum_refuses_timezones_that_are_none() -> None:
    import pendulum

    assert not is_timezone("Europe/Berln")
    with pytest.raises(Exception, match="Berln"):
        pendulum.datetime(2026, 1, 1, tz="Europe/Berln")


@pytest.mark.parametrize("dotted", sorted(_MAPPINGS))
def test_operators_with_mappings_of_texts_are_there(dotted: str) -> None:
    module, _, name = dotted.rpartition(".")
    assert hasattr(importlib.import_module(module), name)


def test_a_process_takes_no_number_in_its_environment() -> None:
    from airflow.providers.standard.hooks.subprocess import SubprocessHook

    with pytest.raises(TypeError):
        SubprocessHook().run_command(["true"], env={"PORT": 8080})  # type: ignore[dict-item]
