"""DG2xx: what a spec says."""
