"""DG25x: sensors that wait for ever."""

from daggen.diagnostics.model import Rule

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
