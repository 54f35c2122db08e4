"""What changed in a fleet, told by meaning, and pictures of its DAGs."""
