"""DG46x: the functions, classes and modules that a DAG names."""

from daggen.diagnostics.model import Rule, Severity

UNKNOWN_CALLABLE = Rule(
    "DG460",
    "unknown-callable",
    "A function, class or module that the DAG names does not exist.",
    """\
Callables and the names in `__type__` and `__ref__` are dotted paths, `package.module.function`.
daggen knows what Airflow's SDK and Python's own library define, and looks for everything else in
the source on the project's `python_path`, without importing it:

    [tool.daggen]
    python_path = ["include"]

A package that is only installed beside Airflow is declared, and then not looked into:

    external_packages = ["acme_operators"]
""",
)
UNKNOWN_IMPORT = Rule(
    "DG461",
    "unknown-import",
    "The DAG imports a package that neither the project nor Airflow has.",
    """\
The package is not on the `python_path`, not in the standard library, and not Airflow's. If it is
installed beside Airflow, declare it: `external_packages = ["acme_operators"]`.
""",
    Severity.WARNING,
)
WRONG_ARGUMENTS = Rule(
    "DG462",
    "wrong-callable-arguments",
    "A function or a class does not take the arguments that it is given.",
    """\
`op_kwargs` and `op_args` are compared with the function's own signature. Airflow adds the names
of the task's context (`ti`, `ds`, `params`, …) for parameters of these names. A parameter without
a default that neither gives would fail when the task runs. Of a mapped task, each literal row is
compared. A decorated function cannot be mapped over a name of the context, nor have a default for
a parameter of such a name, but `None`.

Airflow gives a callback, and the condition of `run_if` and `skip_if`, the context as the first
argument, by position; a callback takes others beside it.

```yaml
on_failure_callback: {callback: acme.alerts.send, channel: alarms}   # def send(context, channel)
```

What stands beside `__type__` is compared with what the class takes: those of Airflow's SDK (its
timetables, assets, retry rules), of Python, and of the project.

```yaml
schedule: {__type__: airflow.sdk.CronTriggerTimetable, cron: "@daily"}                       # wrong
schedule: {__type__: airflow.sdk.CronTriggerTimetable, expression: "@daily", timezone: UTC}  # right
```
""",
)
WRONG_KIND_OF_CALLBACK = Rule(
    "DG463",
    "wrong-kind-of-callback",
    "A deadline's callback is awaited and is no coroutine, or is one and is not awaited.",
    """\
The callback of a deadline runs in Airflow's triggerer, which awaits it: Airflow does not load a DAG
whose `AsyncCallback` names a plain function. A `SyncCallback` (Airflow 3.2) runs in an executor,
where the body of an `async def` would never run.

```python
async def late(**kwargs): ...
```

```yaml
deadline: {interval: 30m, callback: acme.alerts.late}
```

For a plain function:

```yaml
deadline:
  interval: 30m
  callback: {__type__: airflow.sdk.SyncCallback, callback_callable: acme.alerts.late}
```
""",
)

REFUSED_OBJECT = Rule(
    "DG464",
    "refused-object",
    "An object cannot be built of the values that it is given.",
    """\
The class takes arguments of these names, and not these values: Airflow does not load the file. The
dates and durations of Python and pendulum are tried, and the message has Python's own reason.

Wrong: `target_time: {__type__: datetime.time, hour: 25}`

Right: `target_time: {__type__: datetime.time, hour: 1}`

A watcher of an asset takes a trigger that is made for it (a `BaseEventTrigger`), and the `action`
of a `RetryRule` is a member of `airflow.sdk.RetryAction`.

```yaml
watchers: {name: w, trigger: {__type__: acme.triggers.BucketTrigger, bucket: raw}}
```
""",
)

NO_FUNCTION = Rule(
    "DG465",
    "no-function",
    "What should be called is a module, or a value that is no function.",
    """\
A `python_callable`, a callback or a condition names a function, or something else that can be
called. A module is none, and neither is a variable to which its module gives a literal, a logger
or another plain value.

Wrong: `python_callable: acme.jobs`

Right: `python_callable: acme.jobs.load`
""",
)
