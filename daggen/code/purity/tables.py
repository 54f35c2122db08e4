"""What is known to be bad at parse time, and what is known to be harmless: plain tables."""

from __future__ import annotations

from types import MappingProxyType

from daggen.diagnostics import Rule
from daggen.diagnostics.codes import purity as codes

SLOW_PACKAGES = frozenset(
    "airbyte anthropic awswrangler azure boto3 botocore catboost cv2 dask databricks datasets dbt "
    "duckdb elasticsearch fastai gensim geopandas google.cloud googleapiclient "
    "great_expectations h5py huggingface_hub ibis jax joblib keras kubernetes langchain lightgbm "
    "llama_index matplotlib mlflow modin nltk numba numpy onnx openai pandas plotly polars "
    "prophet pyarrow pyspark ray sagemaker scipy seaborn selenium sentence_transformers shap "
    "skimage sklearn snowflake spacy statsmodels sympy tensorflow tfx torch torchvision "
    "transformers vertexai wandb xarray xgboost".split()
)
UNAVOIDABLE_MODULES = ("kubernetes.client",)
"""What a DAG file needs itself: the pods that its tasks ask for are objects of these modules."""

_NETWORK = codes.NETWORK_ACCESS, "ask inside a task, or let `daggen pull` write a snapshot"
_DATABASE = codes.DATABASE_ACCESS, "query inside a task, or let `daggen pull` write a snapshot"
_FILES = codes.FILE_ACCESS, "read it inside a task, or have the values in the file itself"
_PROGRAM = codes.SUBPROCESS, "run it in a task: BashOperator"
_ENVIRONMENT = codes.ENVIRONMENT_ACCESS, "read it inside a task, or use `vars` of an environment"
_CODE = codes.DYNAMIC_CODE, "write plain Python"
_CHANGING = codes.CHANGING_VALUE, "use a fixed value, or `{{ ts }}`, `{{ run_id }}` in a template"
_VARIABLE = codes.METADATA_ACCESS, "use `{{ var.value.NAME }}` in a templated argument"
_CONNECTION = codes.METADATA_ACCESS, "read it inside a task, or use `{{ conn.NAME.host }}`"
_SLEEP = codes.SLEEP, "use a sensor"

BAD_PREFIXES: MappingProxyType[str, tuple[Rule, str]] = MappingProxyType(
    {
        "aiohttp": _NETWORK,
        "ftplib": _NETWORK,
        "http.client": _NETWORK,
        "httpx": _NETWORK,
        "paramiko": _NETWORK,
        "requests": _NETWORK,
        "smtplib": _NETWORK,
        "socket": _NETWORK,
        "telnetlib": _NETWORK,
        "urllib.request": _NETWORK,
        "urllib3": _NETWORK,
        "boto3": _NETWORK,
        "google.cloud": _NETWORK,
        "cx_Oracle": _DATABASE,
        "duckdb": _DATABASE,
        "mysql.connector": _DATABASE,
        "oracledb": _DATABASE,
        "psycopg": _DATABASE,
        "psycopg2": _DATABASE,
        "pymongo": _DATABASE,
        "pymysql": _DATABASE,
        "pyodbc": _DATABASE,
        "redis": _DATABASE,
        "snowflake.connector": _DATABASE,
        "sqlite3": _DATABASE,
        "sqlalchemy.create_engine": _DATABASE,
        "airflow.settings.Session": _DATABASE,
        "airflow.utils.db": _DATABASE,
        "airflow.utils.session.create_session": _DATABASE,
        "glob": _FILES,
        "io.open": _FILES,
        "os.listdir": _FILES,
        "os.makedirs": _FILES,
        "os.mkdir": _FILES,
        "os.remove": _FILES,
        "os.rename": _FILES,
        "os.scandir": _FILES,
        "os.stat": _FILES,
        "os.walk": _FILES,
        "os.path.exists": _FILES,
        "os.path.getmtime": _FILES,
        "os.path.getsize": _FILES,
        "os.path.isdir": _FILES,
        "os.path.isfile": _FILES,
        "pandas.read_csv": _FILES,
        "pandas.read_excel": _FILES,
        "pandas.read_json": _FILES,
        "pandas.read_parquet": _FILES,
        "pandas.read_sql": _DATABASE,
        "shutil": _FILES,
        "tempfile": _FILES,
        "tempfile.gettempdir": _ENVIRONMENT,
        "os.popen": _PROGRAM,
        "os.system": _PROGRAM,
        "subprocess": _PROGRAM,
        "os.getenv": _ENVIRONMENT,
        "os.environ": _ENVIRONMENT,
        "builtins.compile": _CODE,
        "builtins.eval": _CODE,
        "builtins.exec": _CODE,
        "builtins.__import__": _CODE,
        "importlib": _CODE,
        "runpy": _CODE,
        "builtins.input": _FILES,
        "builtins.open": _FILES,
        "airflow.utils.dates.days_ago": _CHANGING,
        "datetime.date.today": _CHANGING,
        "datetime.datetime.now": _CHANGING,
        "datetime.datetime.today": _CHANGING,
        "datetime.datetime.utcnow": _CHANGING,
        "os.getpid": _CHANGING,
        "os.urandom": _CHANGING,
        "pendulum.now": _CHANGING,
        "pendulum.today": _CHANGING,
        "pendulum.tomorrow": _CHANGING,
        "pendulum.yesterday": _CHANGING,
        "platform": _CHANGING,
        "random": _CHANGING,
        "numpy.random": _CHANGING,
        "secrets": _CHANGING,
        "socket.gethostname": _CHANGING,
        "time.monotonic": _CHANGING,
        "time.perf_counter": _CHANGING,
        "time.time": _CHANGING,
        "time.time_ns": _CHANGING,
        "uuid.getnode": _CHANGING,
        "uuid.uuid1": _CHANGING,
        "uuid.uuid4": _CHANGING,
        "asyncio.run": _SLEEP,
        "asyncio.sleep": _SLEEP,
        "time.sleep": _SLEEP,
    }
)
"""Dotted names that may not be called at parse time; a name stands for all below it too."""

BAD_AIRFLOW: MappingProxyType[str, tuple[Rule, str]] = MappingProxyType(
    {
        "Variable.get": _VARIABLE,
        "Variable.set": _VARIABLE,
        "Variable.delete": _VARIABLE,
        "Variable.setdefault": _VARIABLE,
        "Variable.keys": _VARIABLE,
        "Connection.get": _CONNECTION,
        "Connection.get_connection_from_secrets": _CONNECTION,
        "BaseHook.get_connection": _CONNECTION,
        "BaseHook.get_hook": _CONNECTION,
        "timezone.utcnow": _CHANGING,
    }
)
"""The same for Airflow's own names, by their last two parts, whatever they are imported from."""

HOOK = _DATABASE
PATH_METHODS = frozenset(
    {"read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "rglob", "unlink", "mkdir"}
    | {"exists", "is_file", "is_dir", "stat", "open", "glob", "touch"}
)
SURE_PATH_METHODS = frozenset({"read_text", "read_bytes", "write_text", "write_bytes", "iterdir"})
FILES = _FILES

PURE_FUNCTIONS = frozenset(
    {
        "airflow.sdk.literal",
        "builtins.bool",
        "builtins.bytes",
        "builtins.complex",
        "builtins.dict",
        "builtins.float",
        "builtins.frozenset",
        "builtins.int",
        "builtins.list",
        "builtins.range",
        "builtins.set",
        "builtins.slice",
        "builtins.str",
        "builtins.super",
        "builtins.tuple",
        "datetime.date",
        "datetime.date.fromisoformat",
        "datetime.datetime",
        "datetime.datetime.fromisoformat",
        "datetime.datetime.strptime",
        "datetime.time",
        "datetime.time.fromisoformat",
        "datetime.timedelta",
        "datetime.timezone",
        "dateutil.relativedelta.relativedelta",
        "decimal.Decimal",
        "functools.partial",
        "logging.getLogger",
        "operator.attrgetter",
        "operator.itemgetter",
        "operator.methodcaller",
        "pathlib.Path",
        "pendulum.date",
        "pendulum.datetime",
        "pendulum.duration",
        "pendulum.from_format",
        "pendulum.parse",
        "pendulum.time",
        "pendulum.timezone",
        "pytz.timezone",
        "re.compile",
        "textwrap.dedent",
        "types.MappingProxyType",
        "uuid.UUID",
        "zoneinfo.ZoneInfo",
    }
)
AIRFLOW_FUNCTIONS = frozenset(
    {"asset", "chain", "chain_linear", "cross_downstream", "dag", "Label", "result", "run_if"}
    | {"setup", "skip_if", "task", "task_group", "teardown"}
)
BUILDING_METHODS = frozenset(
    {"as_setup", "as_teardown", "concat", "expand", "expand_kwargs", "map", "override", "partial"}
    | {
        "set_downstream",
        "set_upstream",
        "zip",
        "add_result",
        "in_timezone",
        "set",
        "replace",
        "add",
        "format",
    }
)
