"""From an understood spec to Python: the DAG's arguments, and written-out tasks and groups."""

from daggen.writing.body import RenderGroup, written_out
from daggen.writing.dag import dag_arguments

__all__ = ["RenderGroup", "dag_arguments", "written_out"]
