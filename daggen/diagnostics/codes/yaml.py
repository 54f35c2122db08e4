"""DG1xx: files that cannot be read as strict YAML."""
