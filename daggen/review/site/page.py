"""Puts the fleet page together: `render_site(fleet, first, assumed)`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from daggen.code.graph import DagGraph
from daggen.review.picture import Arrow, Node, Picture, picture_of, topological
from daggen.review.render.html import GRAPH_SCRIPTS, arguments, picture_data
from daggen.review.render.page import render_page
from daggen.review.site.facts import DEFAULT_POOL, alerts, links, owners, pool_uses
from daggen.review.site.load import DAYS, pool_loads, starts_by_hour, stretches
from daggen.review.site.schedule import Schedule, read_schedule

NEXT_RUNS: Final = 3
DEFAULT_POOL_SLOTS: Final = 128
_HORIZON: Final = timedelta(days=400)
_SHOWN_AT_PEAK: Final = 12


@dataclass(frozen=True, slots=True)
class SiteDag:
    """A DAG with the file that holds it and the spec it is made from."""

    dag: DagGraph
    path: str
    spec: str = ""


@dataclass(frozen=True, slots=True)
class SiteFleet:
    """All DAGs of a project, and the slots of its pools."""

    dags: tuple[SiteDag, ...]
    pools: Mapping[str, int] = field(default_factory=dict)


def pool_slots(pools_json: str) -> dict[str, int]:
    """Read the slots of each pool from the text of `pools.json`."""
    pools: dict[str, Any] = json.loads(pools_json or "{}")
    return {name: pool["slots"] for name, pool in pools.items()}


def render_site(fleet: SiteFleet, first: datetime, assumed: timedelta) -> str:
    """Give the page of a fleet for the week from `first` (UTC midnight).

    Tasks without an `execution_timeout` are taken to last `assumed`.
    """
    schedules = {entry.dag.dag_id: read_schedule(entry.dag) for entry in fleet.dags}
    data = {
        "dags": [_dag(entry, schedules[entry.dag.dag_id], first) for entry in fleet.dags],
        "load": _load(fleet, schedules, first, assumed),
        "assets": _links_data(fleet),
    }
    body = """<header><h1>The fleet</h1><nav class="tabs">
<a href="#">DAGs</a><a href="#load">Load</a><a href="#assets">Between DAGs</a></nav></header>
<div class="columns"><main id="main"></main></div>"""
    scripts = (*GRAPH_SCRIPTS, "heat.js", "site.js")
    return render_page("The fleet", body, data, scripts, ("page.css", "site.css"))


def _dag(entry: SiteDag, schedule: Schedule, first: datetime) -> dict[str, Any]:
    dag = entry.dag
    tags = dag.arguments.get("tags")
    description = dag.arguments.get("description")
    coming = islice(schedule.runs(first, first + _HORIZON), NEXT_RUNS)
    return {
        "dag_id": dag.dag_id,
        "owner": ", ".join(owners(dag)),
        "path": entry.path,
        "spec": entry.spec,
        "description": description if isinstance(description, str) else "",
        "tags": sorted(str(tag) for tag in tags) if isinstance(tags, list | set | tuple) else [],
        "schedule": schedule.words,
        "next": [_told(time) for time in coming],
        "tasks": len(dag.tasks),
        "pools": [[use.pool, use.tasks, use.slots] for use in pool_uses(dag)],
        "alerts": list(alerts(dag)),
        "links": [
            {"verb": link.verb, "name": link.name, "dag": link.is_dag} for link in links(dag)
        ],
        "arguments": arguments(dag.arguments),
        "picture": picture_data(picture_of(dag), dag.tasks),
    }


def _told(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M")


def _load(
    fleet: SiteFleet, schedules: Mapping[str, Schedule], first: datetime, assumed: timedelta
) -> dict[str, Any]:
    """Describe the week: starts by hour, and each pool's demand by quarters of an hour.

    Runs of the day before are counted too: they may still hold slots when the week begins.
    """
    last = first + timedelta(days=DAYS)
    day_before = first - timedelta(days=1)
    runs = {name: list(each.runs(day_before, last)) for name, each in schedules.items()}
    plans = {entry.dag.dag_id: stretches(entry.dag, assumed) for entry in fleet.dags}
    slots = {DEFAULT_POOL: DEFAULT_POOL_SLOTS, **fleet.pools}
    return {
        "from": first.strftime("%Y-%m-%d"),
        "assumed": int(assumed.total_seconds() // 60),
        "starts": starts_by_hour(runs.values(), first),
        "unknown": sorted(name for name, times in runs.items() if not times),
        "pools": [
            {
                "pool": load.pool,
                "slots": slots.get(load.pool),
                "peak": load.peak,
                "demand": load.demand,
                "who": load.at_peak[:_SHOWN_AT_PEAK],
                "more": max(0, len(load.at_peak) - _SHOWN_AT_PEAK),
            }
            for load in pool_loads(runs, plans, first)
        ],
    }


def _links_data(fleet: SiteFleet) -> dict[str, Any]:
    """Draw assets with the shape of branches, which they are not."""
    data = picture_data(_links_picture(fleet), {})
    for node in data["nodes"]:
        node["subtitle"] = node["subtitle"].removesuffix(" · branch")
    return data


def _links_picture(fleet: SiteFleet) -> Picture:
    """Draw which DAG produces what another one waits for."""
    arrows = sorted({arrow for entry in fleet.dags for arrow in _arrows(entry.dag)})
    names = {end for ends in arrows for end in ends}
    known = {f"dag {entry.dag.dag_id}" for entry in fleet.dags}
    drawn = [Arrow(*ends) for ends in arrows]
    order = topological(dict.fromkeys(sorted(names)), drawn)
    return Picture("", tuple(_link_node(name, known) for name in order), (), tuple(drawn))


def _arrows(dag: DagGraph) -> Iterable[tuple[str, str]]:
    this = f"dag {dag.dag_id}"
    for link in links(dag):
        other = f"dag {link.name}" if link.is_dag else f"asset {link.name}"
        yield (this, other) if link.verb in ("produces", "triggers") else (other, this)


def _link_node(name: str, known: set[str]) -> Node:
    kind, _, label = name.partition(" ")
    subtitle = kind if kind == "asset" or name in known else "DAG outside this fleet"
    return Node(name, label, subtitle, is_branch=kind == "asset")
