"""TechCorp: the data platform of an invented SaaS company, small enough for a laptop.

The specs of this repository name the functions of this package. They are real code: they read rows
from a database, an HTTP service and a file drop, check, transform, load and validate them. Where
no connection is configured they use embedded defaults (SQLite, local files, a loopback service).
"""
