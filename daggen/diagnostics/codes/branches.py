"""DG33x: rules of which the first that holds decides."""

from daggen.diagnostics.model import Rule, Severity

UNREACHABLE_PATH = Rule(
    "DG331",
    "unreachable-path",
    "a path of a branch can never be taken",
    """
Of the paths of a branch, the first whose condition holds is taken. A path is unreachable when
earlier ones are taken in all of its cases, or when its own condition contradicts itself.

```yaml
paths:
  - {task_id: medium, over: {record_count: 1000000}}
  - {task_id: large, over: {record_count: 10000000}}   # medium comes first, always
```

Put the narrower condition first:

```yaml
paths:
  - {task_id: large, over: {record_count: 10000000}}
  - {task_id: medium, over: {record_count: 1000000}}
```
""",
)

OVERLAPPING_PATHS = Rule(
    "DG332",
    "overlapping-paths",
    "two paths of a branch both hold in some cases, and neither is a special case of the other",
    """
The first path whose condition holds is taken, so the order decides in the cases that two paths
share. That may be meant; it is easy to overlook.

```yaml
paths:
  - {task_id: weekend, at: {weekdays: [saturday, sunday]}}
  - {task_id: office, at: {hours: {from: 9, until: 17}}}   # also at nine on Saturday
```

Say what is meant:

```yaml
paths:
  - {task_id: weekend, at: {weekdays: [saturday, sunday]}}
  - task_id: office
    at:
      weekdays: [monday, tuesday, wednesday, thursday, friday]
      hours: {from: 9, until: 17}
```
""",
    Severity.WARNING,
)
