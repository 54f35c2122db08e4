"""dag-factory's files as specs: its vocabulary, its merging, its values, without its surprises."""

from daggen.specs.dagfactory.detect import ambiguity, is_dagfactory
from daggen.specs.dagfactory.load import Translated, load_dagfactory, load_if_dagfactory

__all__ = ["Translated", "ambiguity", "is_dagfactory", "load_dagfactory", "load_if_dagfactory"]
