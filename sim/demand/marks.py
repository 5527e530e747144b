"""The random marks that an incident carries from birth."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from sim.demand import nature
from sim.demand.births import Births, Stream
from sim.demand.plans import Planned, plan
from sim.model.distributions import FloatArray
from sim.model.incidents import SLOT_COLUMNS, Incidents, IntArray
from sim.model.place import Place
from sim.model.resources import Fleet, UnitKind
from sim.model.types import LEVELS, IncidentType
from sim.rng import Streams


def mark(
    births: Births, index: int, kind: IncidentType, place: Place, fleet: Fleet, streams: Streams
) -> Incidents:
    """Return incidents of the type ``kind`` (the scenario's ``index``-th) with all marks drawn.

    Each mark is drawn in batches from streams of its own, named by the type and the mark; a unit's
    marks are also named by the level, its kind, and its number among those of its kind on the
    response card, so that a longer card leaves the marks of the units it had unchanged. Turnout and the
    noise of the way out are one draw for all units of a kind at an incident: they hear the same alarm
    and meet the same traffic. Both are known from first attendances, which are the quickest of
    several already; drawn apart, a longer card would seem to bring the first unit sooner.
    """
    n = len(births)

    def stream(*purpose: str) -> np.random.Generator:
        return streams("marks", kind.name, *purpose)

    magnitude = nature.magnitude(births, kind, stream)
    level = nature.level(births, kind, magnitude, stream)
    detected_s, reported_s = _reports(births, kind, place, stream)
    hurt = nature.casualties(births, kind, level, stream)
    found, size_up_s = nature.found(kind, level, hurt, stream)
    told = nature.told(births, kind, stream)
    planned, first_slot = plan(kind, level, found, told)
    cards, card, priority = nature.asked(kind, level, told)
    marks = {
        "handling_s": nature.handling(kind, told, stream),
        "priority": priority,
        **_slot_marks(fleet.kinds, planned, first_slot, stream),
        **_task_marks(kind, level, stream),
    }
    _overwrite(marks, births.given, np.diff(first_slot))
    marks["transport"] &= np.array([each.transports for each in fleet.kinds], np.bool_)[marks["kind"]]
    return Incidents(
        occurred_s=births.occurred_s,
        detected_s=detected_s,
        reported_s=reported_s,
        type=np.full(n, index),
        level=level + 1,
        zone=births.zone,
        x_m=births.x_m,
        y_m=births.y_m,
        first_slot=first_slot,
        magnitude=magnitude,
        found=found + 1,
        size_up_s=size_up_s,
        taken_for=np.array([*(each.type for each in kind.reported_as), index])[told],
        casualties=hurt,
        card=card,
        cards=cards,
        **marks,
    )


def _reports(
    births: Births, kind: IncidentType, place: Place, stream: Stream
) -> tuple[FloatArray, FloatArray]:
    """Return when each incident is detected, and when it is reported, in seconds."""
    if births.prompt:
        return births.occurred_s, births.occurred_s
    n = len(births)
    detected_s = births.occurred_s + kind.detection.draw(stream("detection"), n)
    reported_s = detected_s + kind.reporting.draw(stream("reporting"), n)
    return detected_s, reported_s + _lateness(births, place, stream) if place.late.any() else reported_s


def _lateness(births: Births, place: Place, stream: Stream) -> FloatArray:
    """Return by how much each report comes late, in seconds; each zone has a stream of its own."""
    late_s = np.zeros(len(births))
    for i in np.unique(births.zone[place.late[births.zone]]).tolist():
        zone, here = place.zones[i], np.flatnonzero(births.zone == i)
        if zone.report_delay is not None:
            late_s[here] = zone.report_delay.draw(stream("report_delay", zone.name), len(here))
    return late_s


def _task_marks(kind: IncidentType, level: IntArray, stream: Stream) -> dict[str, Any]:
    """Return the columns of the levels' tasks; none when the type has no task."""
    if not any(lv.task for lv in kind.levels):
        return {}
    n = len(level)
    marks = {"effort": np.zeros(n), "mop_up_s": np.zeros(n), "burn_out_s": np.full(n, np.inf)}
    for i, meaning in enumerate(kind.levels):
        here = np.flatnonzero(level == i)
        if meaning.task is None or not len(here):
            continue
        task, named = meaning.task, LEVELS[i]
        marks["effort"][here] = task.draw(stream("effort", named), len(here))
        marks["mop_up_s"][here] = task.mop_up.draw(stream("mop_up", named), len(here))
        if task.burn_out is not None:
            marks["burn_out_s"][here] = task.burn_out.draw(stream("burn_out", named), len(here))
    return marks


def _slot_marks(
    unit_kinds: tuple[UnitKind, ...],
    planned: Sequence[tuple[Planned, IntArray]],
    first_slot: IntArray,
    stream: Stream,
) -> dict[str, Any]:
    """Return the slot columns of Incidents, one row for each unit that the incidents' cards can take."""
    m = int(first_slot[-1])
    marks: dict[str, Any] = {name: np.zeros(m) for name in (*_UNIT_TIMES, "scene_s")}
    marks |= {name: np.ones(m) for name in _TRIPS}
    marks |= {"kind": np.zeros(m, np.int64), "transport": np.zeros(m, np.bool_)}
    for each, slots in planned:
        unit = unit_kinds[each.kind]
        named = (each.why[0], unit.name, *each.why[1:])
        alike = partial(_stream_of, stream, named)
        draws = partial(_stream_of, stream, (*named, str(each.number)))
        marks["kind"][slots] = each.kind
        marks["turnout_s"][slots] = unit.turnout.draw(alike("turnout_s"), len(slots))
        marks["access_s"][slots] = unit.access.draw(draws("access_s"), len(slots))
        marks["handover_s"][slots] = unit.handover.draw(draws("handover_s"), len(slots))
        if each.time is not None:
            marks["scene_s"][slots] = each.time.draw(draws("scene"), len(slots))
        if unit.trip_sigma > 0:
            for name in _TRIPS:
                rng = alike(name) if name == "noise_out" else draws(name)
                marks[name][slots] = np.exp(unit.trip_sigma * rng.standard_normal(len(slots)))
        if unit.transports:
            marks["transport"][slots] = draws("transport").random(len(slots)) < each.transport
    return marks


def _overwrite(marks: dict[str, Any], given: Mapping[str, FloatArray], slots: IntArray) -> None:
    """Put what is given, where it is, in place of what was drawn; an incident's value holds for its slots."""
    for name, column in given.items():
        if name in _BEFORE:
            continue
        values = np.repeat(column, slots) if name in SLOT_COLUMNS else column
        if name == "hospital" and name not in marks:
            marks[name] = np.full(len(values), -1)
        known = ~np.isnan(values)
        marks[name][known] = values[known]


def _stream_of(stream: Stream, unit: tuple[str, ...], mark: str) -> np.random.Generator:
    return stream(mark, *unit)


_BEFORE = ("level", "magnitude", "casualties", "told")
"""What may be given that other marks follow from."""

_UNIT_TIMES = ("turnout_s", "access_s", "handover_s")
_TRIPS = ("noise_out", "noise_hospital", "noise_home")
