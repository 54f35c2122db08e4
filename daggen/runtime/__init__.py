"""What Airflow lacks: modules that are copied beside the DAGs that use them.

They import Airflow and its providers, never daggen: generated DAGs run where daggen is not
installed. Each is one file on its own, found there as `daggen_runtime.NAME`.
"""
