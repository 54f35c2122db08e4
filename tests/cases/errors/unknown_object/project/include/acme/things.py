from enum import Enum


class Colour(Enum):
    RED = "red"


class Thing:
    def __init__(self, name, *, times=1):
        self.name = name
        self.times = times


class Special(Thing):
    pass
