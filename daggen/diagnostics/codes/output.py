"""DG4xx: the rendered Python and the fleet on disk."""
