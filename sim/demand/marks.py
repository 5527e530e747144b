"""The random marks that an incident carries from birth."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
    marks are also named by the level, its kind, and its number among those of its kind on the
    response card, so that a longer card leaves the marks of the units it had unchanged. Turnout and the
    noise of the way out are one draw for all units of a kind at an incident: they hear the same alarm
    and meet the same traffic. Both are known from first attendances, which are the quickest of
    several already; drawn apart, a longer card would seem to bring the first unit sooner.
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
    marks: dict[str, Any] = {name: np.zeros(m) for name in (*_UNIT_TIMES, "scene_s")}
    marks |= {name: np.ones(m) for name in _TRIPS}
    marks |= {"kind": np.zeros(m, np.int64), "transport": np.zeros(m, np.bool_)}
    for i, meaning in enumerate(kind.levels):
        first = first_slot[:-1][level == i]
        units = [(k, line, number) for line, (k, count) in enumerate(meaning.card) for number in range(count)]
        for place, (k, line, number) in enumerate(units if len(first) else ()):
            unit, slots = unit_kinds[k], first + place
            alike = partial(_stream_of, stream, (LEVELS[i], unit.name))
            draws = partial(_stream_of, stream, (LEVELS[i], unit.name, str(number)))
            marks["kind"][slots] = k
            marks["turnout_s"][slots] = unit.turnout.draw(alike("turnout_s"), len(slots))
            marks["access_s"][slots] = unit.access.draw(draws("access_s"), len(slots))
            marks["handover_s"][slots] = unit.handover.draw(draws("handover_s"), len(slots))
            marks["scene_s"][slots] = meaning.scene[line].draw(draws("scene"), len(slots))
            if unit.trip_sigma > 0:
                for name in _TRIPS:
                    rng = alike(name) if name == "noise_out" else draws(name)
                    marks[name][slots] = np.exp(unit.trip_sigma * rng.standard_normal(len(slots)))
            if unit.transports:
                marks["transport"][slots] = draws("transport").random(len(slots)) < meaning.transport
    return marks


def _stream_of(stream: Stream, unit: tuple[str, ...], mark: str) -> np.random.Generator:
    return stream(mark, *unit)


_UNIT_TIMES = ("turnout_s", "access_s", "handover_s")
_TRIPS = ("noise_out", "noise_hospital", "noise_home")
