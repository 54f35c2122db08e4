"""DG3xx: templates and their parameters."""
