"""The random marks that an incident carries from birth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from sim.demand.plans import Planned, plan
from sim.model.distributions import FloatArray
from sim.model.incidents import SLOT_COLUMNS, Incidents, IntArray
from sim.model.place import Place
from sim.model.resources import Card, Fleet, UnitKind
from sim.model.types import LEVELS, IncidentType
from sim.rng import Streams

Stream = Callable[..., np.random.Generator]


@dataclass(frozen=True, eq=False)
class Births:
    """When and where incidents of one type occur, shapes (n,): seconds, zone index, metres.

    ``given`` holds columns of Incidents that are known, NaN where they are not; ``prompt`` says that
    each is reported as it occurs.
    """

    occurred_s: FloatArray
    zone: IntArray
    x_m: FloatArray
    y_m: FloatArray
    given: Mapping[str, FloatArray] = field(default_factory=dict)
    prompt: bool = False

    def __len__(self) -> int:
        return len(self.occurred_s)


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

    magnitude = _magnitude(births, kind, stream)
    level = _level(births, kind, magnitude, stream)
    detected_s, reported_s = _reports(births, kind, place, stream)
    hurt = _casualties(births, kind, level, stream)
    found, size_up_s = _found(kind, level, hurt, stream)
    told = _told(births, kind, stream)
    planned, first_slot = plan(kind, level, found, told)
    cards, card, priority = _asked(kind, level, told)
    marks = {
        "handling_s": _handling(kind, told, stream),
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


def _magnitude(births: Births, kind: IncidentType, stream: Stream) -> FloatArray:
    given = births.given.get("magnitude", np.full(len(births), np.nan))
    if kind.magnitudes is None:
        return np.zeros(len(births))
    return np.where(np.isnan(given), kind.magnitudes.draw(stream("magnitude"), len(births)), given)


def _level(births: Births, kind: IncidentType, magnitude: FloatArray, stream: Stream) -> IntArray:
    """Return the index of each incident's level, by its magnitude or by chance unless given."""
    if kind.magnitudes is not None:
        known = [i for i, lv in enumerate(kind.levels) if lv.defined]
        least = np.array([kind.levels[i].magnitude for i in known])
        rising = np.argsort(least)
        step = np.searchsorted(least[rising], magnitude, side="right") - 1
        level = np.array(known)[rising][np.maximum(step, 0)]
    else:
        chances = np.cumsum([lv.probability for lv in kind.levels])
        drawn = stream("level").random(len(births))
        level = np.searchsorted(chances / chances[-1], drawn, side="right")
    given = births.given.get("level")
    if given is not None:
        level = np.where(np.isnan(given), level, given - 1)
    return np.asarray(level, np.int64)


def _casualties(births: Births, kind: IncidentType, level: IntArray, stream: Stream) -> IntArray:
    """Return how many people each incident hurts, by its level or as given; -1 where that decides nothing."""
    hurt = np.full(len(level), -1)
    for i, meaning in enumerate(kind.levels):
        if meaning.casualties is not None:
            here = np.flatnonzero(level == i)
            hurt[here] = meaning.casualties.draw(stream("casualties", LEVELS[i]), len(here))
    given = births.given.get("casualties")
    return hurt if given is None else np.where(np.isnan(given), hurt, given).astype(np.int64)


def _found(
    kind: IncidentType, level: IntArray, hurt: IntArray, stream: Stream
) -> tuple[IntArray, FloatArray]:
    """Return the index of the level that each incident turns out to be of, and the seconds that it takes."""
    found = level.copy()
    for i, meaning in enumerate(kind.levels):
        here = np.flatnonzero(level == i)
        if any(meaning.becomes.found) and len(here):
            drawn = stream("found", LEVELS[i]).random(len(here))
            turned = np.searchsorted(np.cumsum(meaning.becomes.found), drawn, side="right")
            found[here] = np.where(turned < len(LEVELS), turned, i)
        for least, graver in meaning.becomes.casualties:
            found[here] = np.where(hurt[here] >= least, np.minimum(found[here], graver), found[here])
    if kind.size_up is None:
        return found, np.zeros(len(level))
    return found, kind.size_up.draw(stream("size_up"), len(level))


def _told(births: Births, kind: IncidentType, stream: Stream) -> IntArray:
    """Return as which of the others that it may be mistaken for each incident is reported; -1 for none."""
    if not kind.reported_as:
        return np.full(len(births), -1)
    shares = np.cumsum([each.share for each in kind.reported_as])
    drawn = np.searchsorted(shares, stream("reported_as").random(len(births)), side="right")
    told = np.where(drawn < len(shares), drawn, -1)
    given = births.given.get("told")
    return told if given is None else np.where(np.isnan(given), told, given).astype(np.int64)


def _handling(kind: IncidentType, told: IntArray, stream: Stream) -> FloatArray:
    """Return how long call-takers need for each incident, by what it is reported as."""
    handling_s = kind.handling.draw(stream("handling"), len(told))
    for i, each in enumerate(kind.reported_as):
        here = np.flatnonzero(told == i)
        handling_s[here] = each.kind.handling.draw(stream("handling", "told as", each.kind.name), len(here))
    return handling_s


def _asked(
    kind: IncidentType, level: IntArray, told: IntArray
) -> tuple[tuple[Card, ...], IntArray, IntArray]:
    """Return the cards of all levels, and the card and the priority of each incident as it is reported."""
    meanings = [*kind.levels]
    for each in kind.reported_as:
        meanings += [each.kind.levels[each.kind.counterpart(i)] for i in range(len(LEVELS))]
    card = level + (told + 1) * len(LEVELS)
    return tuple(each.card for each in meanings), card, np.array([each.priority for each in meanings])[card]


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
