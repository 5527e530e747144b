"""Which arcs of a road network a closure closes."""

from collections.abc import Iterator

import numpy as np

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.place import Place
from sim.travel.roads.roads import Ints, Roads


def arcs_of(closure: Closure, roads: Roads, place: Place) -> set[int]:
    """Return the arcs that a closure closes.

    They are those of the roads that it names, those that begin or end at a node that it names or in a zone
    that it names, and those that come within its radius.
    """
    found: list[Ints] = [roads.labels[label] for label in closure.arcs if label in roads.labels]
    names = {name: i for i, name in enumerate(roads.names)} if closure.nodes else {}
    inside = np.zeros(len(roads.x_m), np.bool_)
    inside[[names[name] for name in closure.nodes if name in names]] = True
    for each in closure.zones:
        zone = place.zones[each]
        half = zone.side_m / 2
        inside |= (abs(roads.x_m - zone.x_m) <= half) & (abs(roads.y_m - zone.y_m) <= half)
    found.append(np.flatnonzero(inside[roads.start] | inside[roads.end]))
    if closure.at is not None:
        found.append(np.flatnonzero(_away_m(roads, np.array(closure.at)) <= closure.radius_m))
    return set(np.concatenate(found).tolist())


def faults(closure: Closure, roads: Roads) -> Iterator[str]:
    """Yield what a closure names that is not there."""
    yield from (f"the road {label!r}" for label in closure.arcs if label not in roads.labels)
    names = set(roads.names) if closure.nodes else set()
    yield from (f"the node {name!r}" for name in closure.nodes if name not in names)


def _away_m(roads: Roads, point: FloatArray) -> FloatArray:
    """Return how far each arc, as a straight line, is from a point, in metres; shape (arcs,)."""
    away = roads.points - point
    one, other = away[roads.start], away[roads.end]
    along = other - one
    length2 = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(-(one * along).sum(axis=1) / length2, 0.0, 1.0)
    return np.asarray(np.hypot(*(one + along * share[:, None]).T))
