"""Every key of dag-factory's vocabulary stands in a case: rendered, or refused with a finding."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CASES = Path(__file__).parents[2] / "cases"
FILES = [path for kind in ("dagfactory", "written") for path in (CASES / kind).rglob("*.y*ml")]
TEXT = "\n".join(path.read_text("utf-8") for path in FILES if "project" in path.parts)

DAG = """
dag_display_name description catchup max_active_runs max_active_tasks concurrency access_control
is_paused_upon_creation doc_md doc_md_file_path doc_md_python_callable_name
doc_md_python_callable_file doc_md_python_arguments render_template_as_native_obj
template_searchpath template_undefined params dagrun_timeout start_date end_date timezone schedule
schedule_interval tags user_defined_macros user_defined_filters on_success_callback
on_failure_callback max_consecutive_failed_dag_runs deadline jinja_environment_kwargs owner_links
auto_register fail_fast allowed_run_types disable_bundle_versioning rerun_with_latest_version
default_args default task_groups tasks
"""
TASK = """
task_id operator decorator python_callable python_callable_name python_callable_file dependencies
expand partial expand_kwargs map_index_template inlets outlets variables_as_arguments
execution_delta execution_date_fn success_check_name success_check_file success_check_lambda
failure_check_name failure_check_file response_check_name response_check_file
response_check_lambda pod_override retry_delay execution_timeout data task_group_name
on_execute_callback on_retry_callback on_skipped_callback on_failure_callback_name
on_failure_callback_file callback
"""
GROUP = "group_name tooltip parent_group_name prefix_group_id"
FORMS = "__type__ __args__ __and__ __or__ __join__ datasets timetable file"


@pytest.mark.parametrize(
    "key", sorted({*DAG.split(), *TASK.split(), *GROUP.split(), *FORMS.split()})
)
def test_a_case_has_the_key(key: str) -> None:
    assert re.search(rf"(?<![\w.]){key}:", TEXT), f"no case below {CASES.name} has {key}"
