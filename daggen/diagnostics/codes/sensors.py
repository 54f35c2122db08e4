"""DG25x: sensors that wait for ever, or look too often."""

from daggen.diagnostics.model import Rule, Severity

ENDLESS_SENSOR = Rule(
    "DG251",
    "endless-sensor",
    "a sensor has no timeout",
    """
Without a timeout a sensor waits for seven days, Airflow's default: it holds a slot, and nobody
hears that what it waits for does not come.

```yaml
wait_for_file: {operator: FileSensor, filepath: /data/orders.csv}
```

Say how long it may wait; in `default_args` it counts as well.

```yaml
wait_for_file: {operator: FileSensor, filepath: /data/orders.csv, timeout: 2h}
```
""",
)

HASTY_SENSOR = Rule(
    "DG252",
    "hasty-sensor",
    "a sensor that is rescheduled looks more often than every half minute",
    """
In the mode `reschedule` each look is a task start of its own. At short intervals the starts cost
more than the waiting would, and Airflow 3 has failed runs whose sensor was rescheduled within
seconds (apache/airflow#71172).

```yaml
wait: {operator: SqlSensor, mode: reschedule, poke_interval: 5s, timeout: 1h}
```

Look less often, or wait in the worker (`mode: poke`) for what comes within seconds.

```yaml
wait: {operator: SqlSensor, mode: reschedule, poke_interval: 1m, timeout: 1h}
```
""",
    Severity.WARNING,
)
