"""Where users plug in: sources of incidents, travel times, policies, and queue disciplines.

A plug-in is a frozen dataclass that subclasses one of these. A YAML file names it (``use:
my_module.MyClass``) and gives its fields, which are checked against their type hints. Fields named
``place``, ``fleet``, ``types``, ``calendar`` or ``weather`` are filled in by tocsin. Everything is SI:
seconds, metres.
"""

from sim.seams.demand import IncidentSource
from sim.seams.dispatch import (
    HEARD,
    AnyOrder,
    FreeUnit,
    Incident,
    Move,
    Need,
    Order,
    Policy,
    Recall,
    View,
    Ways,
)
from sim.seams.queue import QueueDiscipline
from sim.seams.travel import Point, Route, StraightRoute, TravelTimes

__all__ = [
    "HEARD",
    "AnyOrder",
    "FreeUnit",
    "Incident",
    "IncidentSource",
    "Move",
    "Need",
    "Order",
    "Point",
    "Policy",
    "QueueDiscipline",
    "Recall",
    "Route",
    "StraightRoute",
    "TravelTimes",
    "View",
    "Ways",
]
