"""Who calls, when, and which number they dial: the first about each incident, further ones, and nuisances.

Every mark is drawn in batches from a stream named by what it is for. Those of the first callers depend on
the incidents alone, so that another staff of the centre hears the same callers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from sim.model.centre import CommandCentre, Duplicates, HangUp
from sim.model.distributions import Distribution, FloatArray
from sim.model.incidents import Incidents, IntArray
from sim.model.log import CALLERS
from sim.model.resources import NO_TIME
from sim.model.types import IncidentType
from sim.rng import Streams

FIRST, DUPLICATE, NUISANCE = range(len(CALLERS))


@dataclass(frozen=True, eq=False)
class Callers:
    """Callers of one replication, shapes (k,): all of them, or those of one kind.

    ``incident`` is a row, -1 for none; ``number`` counts those of a ``kind``. ``point`` should get the call,
    ``dialled`` gets it first, and passes it on after ``transfer_s``. ``handling_s`` is that of a call about
    what is known already, or about nothing.
    """

    kind: IntArray
    number: IntArray
    incident: IntArray
    came_s: FloatArray
    point: IntArray
    dialled: IntArray
    transfer_s: FloatArray
    handling_s: FloatArray

    def __len__(self) -> int:
        return len(self.kind)

    @classmethod
    def joined(cls, parts: "Sequence[Callers]") -> "Callers":
        """Return the callers of all parts."""
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))


def callers(
    x: Incidents, centre: CommandCentre, types: Sequence[IncidentType], streams: Streams, horizon_s: float
) -> Callers:
    """Return all who call before the horizon."""
    of_type = np.zeros(len(types), np.int64)
    for i, point in enumerate(centre.points):
        of_type[list(point.types)] = i
    rows = np.flatnonzero(x.reported_s < horizon_s)
    known = centre.duplicates.handling if centre.duplicates else NO_TIME
    parts = [_about(FIRST, rows, x.reported_s[rows], of_type[x.taken_for[rows]], known, centre, streams)]
    if centre.duplicates is not None:
        rows, came_s = _again(x, rows, centre.duplicates, types, streams)
        rows, came_s = rows[came_s < horizon_s], came_s[came_s < horizon_s]
        parts.append(_about(DUPLICATE, rows, came_s, of_type[x.taken_for[rows]], known, centre, streams))
    return Callers.joined([*parts, *_nuisances(centre, streams, horizon_s)])


def _about(
    kind: int,
    rows: IntArray,
    came_s: FloatArray,
    point: IntArray,
    known: Distribution,
    centre: CommandCentre,
    streams: Streams,
) -> Callers:
    """Return callers about incidents, ``known`` being the handling of what is known already."""
    n, named = len(rows), streams.below(CALLERS[kind])
    dialled, transfer_s = point.copy(), np.zeros(n)
    if any(any(each.misdialled) for each in centre.points):
        drawn, transfer_s = named("dialled").random(n), centre.transfer.draw(named("transfer"), n)
        for i, each in enumerate(centre.points):
            mine = np.flatnonzero(point == i)
            first = np.searchsorted(np.cumsum(each.misdialled), drawn[mine], side="right")
            dialled[mine] = np.where(first < len(each.misdialled), first, i)
    handling_s = known.draw(named("handling"), n)
    return Callers(np.full(n, kind), np.arange(n), rows, came_s, point, dialled, transfer_s, handling_s)


def _again(
    x: Incidents, rows: IntArray, law: Duplicates, types: Sequence[IncidentType], streams: Streams
) -> tuple[IntArray, FloatArray]:
    """Return the further calls: which incident each is about, and when it comes."""
    about, came_s = [np.zeros(0, np.int64)], [np.zeros(0)]
    for i, (kind, mean) in enumerate(zip(types, law.means, strict=True)):
        mine, named = rows[x.type[rows] == i], streams.below("duplicates", kind.name)
        again = np.repeat(mine, named("count").poisson(mean, len(mine)))
        about.append(again)
        came_s.append(x.reported_s[again] + law.delay.draw(named("delay"), len(again)))
    return np.concatenate(about), np.concatenate(came_s)


def _nuisances(centre: CommandCentre, streams: Streams, horizon_s: float) -> Iterator[Callers]:
    """Yield the calls about nothing, at each answering point at its own steady rate."""
    for i, point in enumerate(centre.points):
        if point.nuisance is None:
            continue
        named = streams.below("nuisance", point.name)
        n = int(named("count").poisson(point.nuisance.rate_per_s * horizon_s))
        came_s = np.sort(named("times").uniform(0, horizon_s, n))
        handling_s = point.nuisance.handling.draw(named("handling"), n)
        at, nothing = np.full(n, i), np.full(n, -1)
        kind = np.full(n, NUISANCE)
        yield Callers(kind, np.arange(n), nothing, came_s, at, at, np.zeros(n), handling_s)


BLOCK = 1024
"""Marks of a caller's waits are drawn for so many callers at a time, once one of them is asked for."""


class Moods:
    """How long each caller waits, and how long until that one dials again, wait by wait.

    The same for a caller and a wait whatever happens to others.
    """

    def __init__(self, law: HangUp, streams: Streams) -> None:
        self._laws = {"patience": law.patience, "redial": law.redial}
        self._streams = streams
        self._drawn: dict[tuple[str, int, int, int], list[float]] = {}

    def of(self, what: str, kind: int, number: int, wait: int) -> float:
        """Return the patience or the time until the redial of a caller's wait, in seconds."""
        block, place = divmod(number, BLOCK)
        key = (what, kind, block, wait)
        drawn = self._drawn.get(key)
        if drawn is None:
            stream = self._streams(what, CALLERS[kind], str(block), str(wait))
            drawn = self._drawn[key] = self._laws[what].draw(stream, BLOCK).tolist()
        return drawn[place]
