"""What needs or describes a real Airflow: the operator catalog, and verify."""
