"""DG29x: pools and the routing of tasks to them."""

from daggen.diagnostics.model import Rule

BAD_POOLS = Rule(
    "DG290",
    "bad-pools",
    "The file of pools is not in its form.",
    """\
`specs/_pools.yaml` declares the pools of the fleet, and rules that choose one for a task:

    pools:
      large_pool: {slots: 2, description: Heavy jobs}
      standard_pool: {slots: 10, include_deferred: true}
    routing:
      - {when: size_mb > 1000, pool: large_pool, priority_weight: 10}
      - {pool: standard_pool}

`when` is an expression over keys of the task, as in `${{ }}`; the last rule may have none.
""",
)
UNKNOWN_POOL = Rule(
    "DG291",
    "unknown-pool",
    "A task names a pool that `specs/_pools.yaml` does not declare.",
    """\
Airflow accepts a task whose pool does not exist, and then never runs it. Declare the pool, or
correct its name. `default_pool` is always there.
""",
)
POOL_TOO_SMALL = Rule(
    "DG292",
    "pool-too-small",
    "A task asks for more slots than its pool has.",
    """\
The task would wait for ever. Lower its `pool_slots`, or give the pool more `slots`.
""",
)
NO_ROUTE = Rule(
    "DG293",
    "no-route",
    "A task says `pool: auto`, and no routing rule fits it.",
    """\
The rules of `specs/_pools.yaml` are tried in their order; `when` sees keys of the task, such as
`size_mb`. Give the task the keys that the rules ask for, or end the rules with one without `when`.
""",
)
