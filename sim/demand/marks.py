"""The random marks that an incident carries from birth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.incidents import LEVELS, Incidents, IncidentType
from sim.model.resources import Fleet, UnitKind
from sim.rng import Streams

IntArray = NDArray[np.int64]
Stream = Callable[..., np.random.Generator]


@dataclass(frozen=True, eq=False)
class Births:
    """When and where incidents of one type occur, shapes (n,): seconds, zone index, metres."""

    occurred_s: FloatArray
    zone: IntArray
    x_m: FloatArray
    y_m: FloatArray


def mark(births: Births, index: int, kind: IncidentType, fleet: Fleet, streams: Streams) -> Incidents:
    """Return incidents of the type ``kind`` (the scenario's ``index``-th) with all marks drawn.

    Each mark is drawn in batches from streams of its own, named by the type and the mark; a unit's
    marks are also named by its kind and its number among those of its kind on the response card,
    so that a longer card leaves the marks of the units it had unchanged.
    """
    n = len(births.occurred_s)

    def stream(*purpose: str) -> np.random.Generator:
        return streams("marks", kind.name, *purpose)

    chances = np.cumsum([level.probability for level in kind.levels])
    level = np.searchsorted(chances / chances[-1], stream("level").random(n), side="right")
    detected_s = births.occurred_s + kind.detection.draw(stream("detection"), n)
    units_by_level = np.array([sum(count for _, count in lv.card) for lv in kind.levels])
    first_slot = np.concatenate([[0], np.cumsum(units_by_level[level])])
    return Incidents(
        occurred_s=births.occurred_s,
        detected_s=detected_s,
        reported_s=detected_s + kind.reporting.draw(stream("reporting"), n),
        handling_s=kind.handling.draw(stream("handling"), n),
        type=np.full(n, index),
        level=level + 1,
        priority=np.array([lv.priority for lv in kind.levels])[level],
        zone=births.zone,
        x_m=births.x_m,
        y_m=births.y_m,
        first_slot=first_slot,
        **_slot_marks(kind, fleet.kinds, level, first_slot, stream),
    )


def _slot_marks(
    kind: IncidentType,
    unit_kinds: tuple[UnitKind, ...],
    level: IntArray,
    first_slot: IntArray,
    stream: Stream,
) -> dict[str, Any]:
    """Return the slot columns of Incidents, one row for each unit on the incidents' cards."""
    m = int(first_slot[-1])
    marks: dict[str, Any] = {name: np.zeros(m) for name in _UNIT_TIMES}
    marks |= {name: np.ones(m) for name in _TRIPS}
    marks |= {"kind": np.zeros(m, np.int64), "scene_s": np.zeros(m), "transport": np.zeros(m, np.bool_)}
    for (k, number), places in _card_places(kind).items():
        unit = unit_kinds[k]
        wanted = np.flatnonzero((places >= 0)[level])
        slots = first_slot[wanted] + places[level[wanted]]
        names = (unit.name, str(number))
        marks["kind"][slots] = k
        for name in _UNIT_TIMES:
            times = getattr(unit, name.removesuffix("_s"))
            marks[name][slots] = times.draw(stream(name, *names), len(slots))
        if unit.trip_sigma > 0:
            for name in _TRIPS:
                z = stream(name, *names).standard_normal(len(slots))
                marks[name][slots] = np.exp(unit.trip_sigma * z)
        for i in np.flatnonzero(places >= 0):
            lv, here = kind.levels[i], slots[level[wanted] == i]
            line = [card_kind for card_kind, _ in lv.card].index(k)
            marks["scene_s"][here] = lv.scene[line].draw(stream("scene", LEVELS[i], *names), len(here))
            if unit.transports:
                marks["transport"][here] = (
                    stream("transport", LEVELS[i], *names).random(len(here)) < lv.transport
                )
    return marks


_UNIT_TIMES = ("turnout_s", "access_s", "handover_s")
_TRIPS = ("noise_out", "noise_hospital", "noise_home")


def _card_places(kind: IncidentType) -> dict[tuple[int, int], IntArray]:
    """Return where each (unit kind, number within it) stands on the four levels' cards, -1 if absent."""
    places: dict[tuple[int, int], IntArray] = {}
    for i, level in enumerate(kind.levels):
        units = [(k, number) for k, count in level.card for number in range(count)]
        for place, unit in enumerate(units):
            places.setdefault(unit, np.full(len(kind.levels), -1))[i] = place
    return places
