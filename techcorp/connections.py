"""The Airflow connections of TechCorp's DAGs, for a laptop: `python -m techcorp.connections`.

The command prints them as shell exports. In production they are set in Airflow itself, with the
same names; the DAGs stay as they are.
"""

from __future__ import annotations

import json
import shlex

from techcorp import service, warehouse


def environment() -> dict[str, str]:
    """Return the environment variables by which Airflow finds the embedded systems."""
    return {
        "AIRFLOW_CONN_TECHCORP_WAREHOUSE": json.dumps(
            {"conn_type": "sqlite", "host": str(warehouse.warehouse_file())}
        ),
        "AIRFLOW_CONN_TECHCORP_API": service.base_url(),
        "AIRFLOW_CONN_TECHCORP_ALERTS": service.base_url(),
        "AIRFLOW_CONN_TECHCORP_SLACK": json.dumps(
            {"conn_type": "slackwebhook", "password": f"{service.base_url()}/alerts"}
        ),
    }


if __name__ == "__main__":
    for name, value in environment().items():
        print(f"export {name}={shlex.quote(value)}")
