"""From an understood spec to Python: the DAG's arguments, and written-out tasks and groups."""

from daggen.writing.body import written_out
from daggen.writing.dag import dag_arguments
from daggen.writing.templated import RenderGroup

__all__ = ["RenderGroup", "dag_arguments", "written_out"]
