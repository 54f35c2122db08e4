"""What the fleet page holds, as data."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from daggen.code.reader import read_dags
from daggen.review.site.page import SiteDag, SiteFleet, pool_slots, render_site

SOURCE = """
from airflow.sdk import DAG, Asset
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor

with DAG("make", schedule="@daily"):
    BashOperator(task_id="a", bash_command="x", outlets=[Asset("clean")])
with DAG("use", schedule=[Asset("clean")], tags=["b", "a"], description="Uses </script>"):
    ExternalTaskSensor(task_id="w", external_dag_id="elsewhere")
"""


def _data() -> dict[str, Any]:
    dags = tuple(SiteDag(dag, "dags/x.py", "specs/x.yaml") for dag in read_dags(SOURCE, "x.py"))
    pools = pool_slots('{"crm": {"slots": 2, "description": ""}}')
    page = render_site(SiteFleet(dags, pools), datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1))
    (embedded,) = re.findall(r'id="data">(.*?)</script>', page)
    return dict(json.loads(embedded))


def test_assets_and_waits_are_drawn_between_dags() -> None:
    picture = _data()["assets"]
    assert [(arrow["from"], arrow["to"]) for arrow in picture["arrows"]] == [
        ("asset clean", "dag use"),
        ("dag elsewhere", "dag use"),
        ("dag make", "asset clean"),
    ]
    subtitles = {node["title"]: node["subtitle"] for node in picture["nodes"]}
    assert subtitles == {
        "make": "dag",
        "clean": "asset",
        "use": "dag",
        "elsewhere": "DAG outside this fleet",
    }


def test_a_dag_has_what_the_page_shows() -> None:
    make, use = _data()["dags"]
    assert make["next"] == ["2026-03-02 00:00", "2026-03-03 00:00", "2026-03-04 00:00"]
    assert use["schedule"] == "when clean is updated"
    assert use["next"] == []
    assert use["tags"] == ["a", "b"]
    assert use["description"] == "Uses </script>"


def test_the_week_has_its_starts_and_who_is_left_out() -> None:
    load = _data()["load"]
    assert sum(load["starts"]) == 7
    assert load["unknown"] == ["use"]
    assert load["assumed"] == 60
    (pool,) = load["pools"]
    assert (pool["pool"], pool["slots"], pool["peak"]) == ("default_pool", 128, 1)
    assert sum(pool["demand"]) == 7 * 4
