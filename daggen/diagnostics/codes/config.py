"""DG0xx: the project, its configuration, the command line."""
