"""Loads the fleet in real Airflow and compares what Airflow makes of it with what was read."""
