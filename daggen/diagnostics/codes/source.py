"""DG7xx: databases, APIs and snapshots."""
