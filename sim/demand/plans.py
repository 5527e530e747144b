"""The units that each incident can take, whatever it turns out to be."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim.model.distributions import Distribution
from sim.model.incidents import IntArray
from sim.model.types import LEVELS, IncidentType, Level


class Planned(NamedTuple):
    """A unit of a ``kind``, the ``number``-th of that, that some incidents can take.

    ``shared`` says how many of level, found and told these incidents have in common. Its marks are drawn for
    all of them together, from streams named by ``why``; ``time`` is that on scene, ``transport`` the chance
    that it leaves with a patient.
    """

    kind: int
    number: int
    shared: int
    why: tuple[str, ...]
    time: Distribution | None
    transport: float


def plan(
    kind: IncidentType, level: IntArray, found: IntArray, told: IntArray
) -> tuple[list[tuple[Planned, IntArray]], IntArray]:
    """Return the units that incidents can take, each with its slots, and where those of each incident begin.

    ``level``, ``found`` and ``told`` (-1 for none) index the levels of a type and what it is reported as. An
    incident takes those of its own level, then what other levels that it may become take beyond them, then
    what those do that it is mistaken for: what may be found, or told, does not change the units before.
    """
    cases = np.unique(np.stack([level, found, told], axis=1), axis=0).tolist()
    sizes = np.zeros((len(LEVELS), len(LEVELS), len(kind.reported_as) + 1), np.int64)
    plans = {(i, j, t): list(_units(kind, i, j, t)) for i, j, t in cases}
    for case, units in plans.items():
        sizes[case] = len(units)
    first_slot = np.concatenate([[0], np.cumsum(sizes[level, found, told])])
    planned, done = [], set()
    for (i, j, t), units in plans.items():
        for place, unit in enumerate(units):
            key = (place, *(i, j, t)[: unit.shared])
            if key not in done:
                done.add(key)
                alike = [level == i, found == j, told == t][: unit.shared]
                slots = first_slot[:-1][np.logical_and.reduce(alike)] + place
                planned.append((unit, slots))
    return planned, first_slot


def _units(kind: IncidentType, level: int, found: int, told: int) -> Iterator[Planned]:
    """Yield the units that an incident can take, in the order of their slots."""
    most: dict[int, int] = {}
    own = kind.levels[level]
    for k, number in _beyond(most, [own]):
        yield Planned(k, number, 1, (LEVELS[level],), own.times[k], own.transport)
    for each in kind.may_become(level, found):
        meaning, why = kind.levels[each], (LEVELS[each], "after", LEVELS[level])
        for k, number in _beyond(most, [meaning]):
            yield Planned(k, number, 2, why, meaning.times[k], meaning.transport)
    if told >= 0:
        other, asked = kind.reported_as[told].kind, _of_others(kind, level, found, told)
        for k, number in _beyond(most, asked):
            time = next((each.times[k] for each in (own, *asked) if each.times[k] is not None), None)
            yield Planned(k, number, 3, (LEVELS[level], "told as", other.name), time, own.transport)


def _of_others(kind: IncidentType, level: int, found: int, told: int) -> list[Level]:
    """Return what an incident may be taken to be that is mistaken, before it is sized up and then."""
    other = kind.reported_as[told].kind
    first = other.counterpart(level)
    before, then = other.may_become(first, first), kind.may_become(found, found)
    return [*(other.levels[i] for i in (first, *before)), *(kind.levels[i] for i in (found, *then))]


def _beyond(most: dict[int, int], meanings: Sequence[Level]) -> Iterator[tuple[int, int]]:
    """Yield the kind and number of the units that levels take beyond those before, and count them."""
    for meaning in meanings:
        for k, count in meaning.slots:
            before = most.get(k, 0)
            most[k] = max(count, before)
            for number in range(before, count):
                yield k, number
