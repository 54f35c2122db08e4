# ruff: noqa: E501 (one case a line)
"""The arguments of a DAG: each form of each value, as Python."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

Argument = Callable[..., str]


@pytest.mark.parametrize(
    ("line", "python"),
    [
        ("schedule: '@daily'", '"@daily"'),
        ("schedule: '30 6 * * 1-5'", '"30 6 * * 1-5"'),
        ("schedule: null", "None"),
        ("schedule: 6h", "timedelta(hours=6)"),
        ("schedule: PT90M", "timedelta(hours=1, minutes=30)"),
        ("schedule: {hours: 6}", "timedelta(hours=6)"),
        ("schedule: {__type__: datetime.timedelta, days: 1}", "timedelta(days=1)"),
        ("schedule: {__type__: dateutil.relativedelta.relativedelta, months: 1}", "relativedelta(months=1)"),
        ("schedule: [s3://a, s3://b]", '[Asset("s3://a"), Asset("s3://b")]'),
        ("schedule: [{name: n, uri: s3://a, group: g}]", '[Asset(name="n", uri="s3://a", group="g")]'),
        ("schedule: [{alias: out}]", '[AssetAlias("out")]'),
        ("schedule: {any: [s3://a, s3://b]}", '(Asset("s3://a") | Asset("s3://b"))'),
        ("schedule: {all: [s3://a, {any: [s3://b, s3://c]}]}", '(Asset("s3://a") & (Asset("s3://b") | Asset("s3://c")))'),
        ("schedule: {__or__: [{__type__: airflow.sdk.Asset, uri: s3://a}, {__and__: [s3://b, s3://c]}]}", '(Asset(uri="s3://a") | (Asset("s3://b") & Asset("s3://c")))'),
        ("schedule: {any: [s3://a]}", 'Asset("s3://a")'),
        ("schedule: {cron: 0 6 * * *, timezone: Europe/Berlin}", 'CronTriggerTimetable("0 6 * * *", timezone="Europe/Berlin")'),
        ("schedule: {cron: 0 6 * * *, assets: [s3://a]}", 'AssetOrTimeSchedule( timetable=CronTriggerTimetable("0 6 * * *", timezone="UTC"), assets=[Asset("s3://a")] )'),
        ("schedule: {timetable: {__type__: plugins.MyTimetable}, assets: {any: [s3://a, s3://b]}}", 'AssetOrTimeSchedule(timetable=MyTimetable(), assets=Asset("s3://a") | Asset("s3://b"))'),
        ("schedule: {__type__: airflow.timetables.interval.CronDataIntervalTimetable, __args__: ['@daily', UTC]}", 'CronDataIntervalTimetable("@daily", "UTC")'),
        ("schedule: {__type__: airflow.sdk.CronPartitionTimetable, __args__: ['@daily'], timezone: UTC}", 'CronPartitionTimetable("@daily", timezone="UTC")'),
        ("start_date: 2026-01-01", 'pendulum.datetime(2026, 1, 1, tz="UTC")'),
        ('start_date: "2026-01-01T06:30:00"', 'pendulum.datetime(2026, 1, 1, 6, 30, tz="UTC")'),
        ('start_date: "2026-01-01T06:30:00Z"', 'pendulum.datetime(2026, 1, 1, 6, 30, tz="UTC")'),
        ('start_date: "2026-01-01 06:00:00+02:00"', "datetime(2026, 1, 1, 6, tzinfo=timezone(timedelta(hours=2)))"),
        ('start_date: "2026-01-01 06:00:00-03:30"', "datetime(2026, 1, 1, 6, tzinfo=timezone(timedelta(hours=-3, minutes=-30)))"),
        ("start_date: 2026-01-01\ntimezone: Europe/Berlin", 'pendulum.datetime(2026, 1, 1, tz="Europe/Berlin")'),
        ("start_date: {__type__: datetime.datetime, year: 2025, month: 1, day: 2}", 'pendulum.datetime(2025, 1, 2, tz="UTC")'),
        ("start_date: {__type__: pendulum.datetime, __args__: [2025, 1, 2], tz: Asia/Tokyo}", 'pendulum.datetime(2025, 1, 2, tz="Asia/Tokyo")'),
        ("dagrun_timeout: 1d12h", "timedelta(days=1, hours=12)"),
        ("dagrun_timeout: 90", "timedelta(minutes=1, seconds=30)"),
        ("dagrun_timeout: 0.5", "timedelta(microseconds=500000)"),
        ("dagrun_timeout_sec: 60", ""),
        ("description: a {{ ds }} \"b\" \\n", "r'a {{ ds }} \"b\" \\n'"),
        ("description: {__join__: [a, b, 1]}", '"ab1"'),
        ("description: {__join__: [a, {__type__: pkg.Text, size: 1}]}", '"a" + Text(size=1)'),
        ("tags: [a, b]", '["a", "b"]'),
        ("catchup: false", "False"),
        ("owner_links: {me: 'https://x'}", '{"me": "https://x"}'),
        ("access_control: {Viewer: [can_read, can_edit]}", '{"Viewer": {"can_edit", "can_read"}}'),
        ("access_control: {Op: {DAGs: [can_edit]}}", '{"Op": {"DAGs": {"can_edit"}}}'),
        ("default_args: {retries: 2, retry_delay: 5m}", '{"retries": 2, "retry_delay": timedelta(minutes=5)}'),
        ("default_args: {retry_delay_sec: 300, start_date: 2026-01-01}", '{ "retry_delay": timedelta(minutes=5), "start_date": pendulum.datetime(2026, 1, 1, tz="UTC"), }'),
        ("default_args: {on_failure_callback: pkg.notify}", '{"on_failure_callback": notify}'),
        ("params: {n: 3, d: {a: 1}, s: x}", '{"n": 3, "d": {"a": 1}, "s": "x"}'),
        ("params: {n: {default: 3, type: integer, minimum: 1}}", '{"n": Param(3, type="integer", minimum=1)}'),
        ("params: {n: {type: [string, 'null']}}", '{"n": Param(type=["string", "null"])}'),
        ("params: {n: {type: a person}}", '{"n": {"type": "a person"}}'),
        ("params: {p: {__type__: airflow.sdk.Param, __args__: [5], type: integer}}", '{"p": Param(5, type="integer")}'),
        ("on_failure_callback: pkg.notify", "notify"),
        ("on_failure_callback: {callback: pkg.notify, channel: c}", 'partial(notify, channel="c")'),
        ("on_failure_callback: {callback: pkg.Notifier, text: hi}", 'Notifier(text="hi")'),
        ("on_failure_callback: pkg.Notifier", "Notifier()"),
        ("on_failure_callback: {callback: airflow.providers.slack.notifications.slack.send_slack_notification, text: hi}", 'send_slack_notification(text="hi")'),
        ("on_success_callback: [pkg.notify, {callback: pkg.Notifier, text: '{{ ds }}'}]", '[notify, Notifier(text="{{ ds }}")]'),
        ("deadline: {interval: 1h, callback: pkg.late}", 'DeadlineAlert( reference=DeadlineReference.DAGRUN_QUEUED_AT, interval=timedelta(hours=1), callback=AsyncCallback("pkg.late"), )'),
        ("deadline: {interval: 1h, reference: dagrun_logical_date, callback: {callback: pkg.late, a: 1}}", 'DeadlineAlert( reference=DeadlineReference.DAGRUN_LOGICAL_DATE, interval=timedelta(hours=1), callback=AsyncCallback("pkg.late", kwargs={"a": 1}), )'),
        ("user_defined_macros: {m: pkg.macro, n: 5}", '{"m": macro, "n": 5}'),
        ("user_defined_filters: {f: pkg.sub.flt}", '{"f": flt}'),
        ("template_undefined: jinja2.StrictUndefined", "StrictUndefined"),
        ("template_searchpath: [/a, /b]", '["/a", "/b"]'),
        ("jinja_environment_kwargs: {trim_blocks: true}", '{"trim_blocks": True}'),
        ("allowed_run_types: [manual]", '["manual"]'),
        ("doc_md: |\n  # Title\n\n  Text.", '"""# Title Text. """'),
    ],
)  # fmt: skip
def test_value(argument: Argument, line: str, python: str) -> None:
    assert argument(line) == python


@pytest.mark.parametrize(
    ("line", "python"),
    [
        ("schedule: [s3://a]", '[Dataset("s3://a")]'),
        ("schedule: {cron: 0 6 * * *, assets: [s3://a]}", 'DatasetOrTimeSchedule( timetable=CronTriggerTimetable("0 6 * * *", timezone="UTC"), datasets=[Dataset("s3://a")] )'),
        ("fail_stop: true", "True"),
        ("default_args: {sla: 1h}", '{"sla": timedelta(hours=1)}'),
    ],
)  # fmt: skip
def test_value_for_airflow_2(argument: Argument, line: str, python: str) -> None:
    assert argument(line, (2, 11)) == python


def test_only_what_was_said_in_a_fixed_order(render: Callable[..., str]) -> None:
    source = render("""\
        tags: [x]
        catchup: false
        tasks: {}
        start_date: 2026-01-01
        description: short
        dag_id: d
        """)
    assert source == textwrap.dedent("""\
        import pendulum
        from airflow.sdk import DAG

        with DAG(
            dag_id="d",
            description="short",
            schedule=None,
            start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
            catchup=False,
            tags=["x"],
        ) as dag:
            pass
        """)


def test_documentation_is_read_from_a_file_beside_the_spec(
    render: Callable[..., str], tmp_path: object
) -> None:
    from pathlib import Path

    Path(str(tmp_path), "docs.md").write_text("# Title\r\n\r\nText\r\n", encoding="utf-8")
    source = render("dag_id: d\ndoc_md: {file: docs.md}\ntasks: {}\n")
    assert '    doc_md="""# Title\n\nText\n""",\n' in source
