"""DG6xx: operators and their arguments."""
