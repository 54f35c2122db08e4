"""DG8xx: what real Airflow says of the fleet."""
