"""What the DAGs of this project run."""
