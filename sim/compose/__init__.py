"""Hydra's compose API: YAML files and overrides become one plain mapping, and it is known whence.

``prepare`` makes a study of overrides, ``points`` a sweep of many.
"""

from sim.compose.composed import Composed
from sim.compose.folders import choices
from sim.compose.point import Point
from sim.compose.study import compose, prepare
from sim.compose.sweeps import Sweep, points

__all__ = ["Composed", "Point", "Sweep", "choices", "compose", "points", "prepare"]
