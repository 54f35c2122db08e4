"""Every path of Airflow's names that daggen writes for the installed version is really there."""

import warnings
from importlib import import_module

import pytest

from daggen.code.airflow_names import _HISTORY, _MOVED_MODULES, available, current_path


def installed() -> tuple[int, int]:
    import airflow

    major, minor = airflow.__version__.split(".")[:2]
    return int(major), int(minor)


@pytest.mark.parametrize("name", sorted(_HISTORY))
def test_the_current_path_imports_without_a_deprecation(name: str) -> None:
    if not available(name, installed()):
        pytest.skip("not in this version")
    module, _, attribute = current_path(name, installed()).rpartition(".")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert hasattr(import_module(module), attribute)
    assert [str(one.message) for one in caught if attribute in str(one.message)] == []


@pytest.mark.parametrize("module", sorted(set(_MOVED_MODULES.values())))
def test_the_new_home_of_a_moved_module_is_there(module: str) -> None:
    assert import_module(module)


def test_what_the_modules_define_is_what_was_written_down() -> None:
    from daggen.airflow.survey import survey
    from daggen.code.airflow_objects import _modules

    if installed() not in ((2, 11), (3, 3)):
        pytest.skip("this version was not surveyed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert survey() == _modules(installed()[0])


def test_what_is_said_to_come_with_airflow_does() -> None:
    from importlib.util import find_spec

    from daggen.code.beside_airflow import _OF_AIRFLOW

    if installed() < (3, 0):
        pytest.skip("some came with Airflow 3")
    missing = [name for name in _OF_AIRFLOW.split() if find_spec(name) is None]
    assert missing in ([], ["pytz"])
