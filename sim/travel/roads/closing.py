"""Which arcs of a road network a closure closes."""

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean
from sim.model.place import Place
from sim.sheets import Fault
from sim.travel.roads.roads import Ints, Roads

MOST_COMPARED = 100_000
"""Names that a misspelt one is compared with; a second's work."""


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


def unknown(closure: Closure, roads: Roads, file: str) -> Iterator[Fault]:
    """Yield the same as faults of a config, with what may be meant."""
    for label in closure.arcs:
        if label not in roads.labels:
            hint = did_you_mean(label, roads.labels) if len(roads.labels) < MOST_COMPARED else ""
            yield Fault("", repr(label), f"a road in {file}{hint}", ("roads",))
    names = set(roads.names) if closure.nodes else set()
    for name in closure.nodes:
        if name not in names:
            hint = did_you_mean(name, names) if len(names) < MOST_COMPARED else ""
            yield Fault("", repr(name), f"a node in {file}{hint}", ("nodes",))


def idle(
    closure: Closure, roads: Roads, place: Place, modes: Collection[str], kept: NDArray[np.bool_]
) -> str:
    """Return why a closure stops nobody: no road is in it, or none of ``modes`` drives or gets there.

    ``kept`` says which nodes trips can get to, shape (nodes,).
    """
    arcs = np.array(sorted(arcs_of(closure, roads, place)), np.int64)
    if not len(arcs):
        return "no road is in it"
    driven = arcs[np.any([roads.ticks[mode][arcs] >= 0 for mode in modes], axis=0)]
    if not len(driven):
        return "nobody drives on the roads in it"
    if not (kept[roads.start[driven]] & kept[roads.end[driven]]).any():
        return "no road joins those in it to the rest"
    return ""


def _away_m(roads: Roads, point: FloatArray) -> FloatArray:
    """Return how far each arc, as a straight line, is from a point, in metres; shape (arcs,)."""
    away = roads.points - point
    one, other = away[roads.start], away[roads.end]
    along = other - one
    length2 = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(-(one * along).sum(axis=1) / length2, 0.0, 1.0)
    return np.asarray(np.hypot(*(one + along * share[:, None]).T))
