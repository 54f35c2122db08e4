"""The packages that are always there beside Airflow, so that nobody need declare them.

From the requirements (without extras) in the distributions' metadata of apache-airflow 3.3.2 and
2.11.2 and of the providers, as far as a DAG may have a use for them.
"""

from __future__ import annotations

_OF_AIRFLOW = (
    "attr attrs certifi click colorlog cron_descriptor croniter cryptography dateutil deprecated "
    "dill fsspec httpx itsdangerous jinja2 jsonschema jwt markupsafe more_itertools msgspec "
    "opentelemetry packaging pendulum psutil pydantic pygments pytz requests rich slugify "
    "sqlalchemy sqlparse structlog tabulate tenacity termcolor typing_extensions tzdata upath "
    "urllib3 wrapt yaml"
)
_OF_PROVIDERS = {
    # the provider: the packages that it requires
    "amazon": "boto3 botocore",
    "cncf.kubernetes": "kubernetes kubernetes_asyncio",
    "docker": "docker",
    "google": "google",
    "http": "aiohttp",
    "postgres": "asyncpg psycopg2",
    "sftp": "asyncssh",
    "slack": "slack_sdk",
    "ssh": "paramiko",
}
_COPIED_BESIDE = "daggen_runtime"

ALWAYS_THERE = frozenset(" ".join([_OF_AIRFLOW, _COPIED_BESIDE, *_OF_PROVIDERS.values()]).split())
"""Top-level packages, which are not looked into."""
