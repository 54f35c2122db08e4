"""DG9xx: files of dag-factory."""
