"""Calls: answered in turn by the call-takers, classified, and handed to the dispatcher."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import heapreplace

import numpy as np

from sim.demand.callers import callers
from sim.engine.case import Case
from sim.engine.clock import CALLS, Clock, Story
from sim.engine.dispatcher import Dispatcher
from sim.engine.exchange import Exchange
from sim.engine.takers import Takers, takers
from sim.model.calendar import Calendar
from sim.model.centre import CommandCentre
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents, IntArray
from sim.model.log import CALL_FIELDS
from sim.model.reports import reported_level
from sim.model.resources import NO_TIME
from sim.model.types import LEVELS
from sim.rng import Streams
from sim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Taken:
    """When each incident's call is answered, classified, and decided on, in seconds, shapes (n,).

    ``calls`` are the facts of each call, by CALL_FIELDS; none where each incident is one call to one number.
    """

    answered_s: FloatArray
    classified_s: FloatArray
    decided_s: FloatArray
    calls: FloatArray


def desk(incidents: Incidents, scenario: Scenario, streams: Streams) -> Taken:
    """Return when each call is answered, when it is classified, and when the level of command has decided.

    Calls are answered in the order in which they come, each by the first call-taker who is free. Nothing
    that happens later changes this, so that it is known before the clock starts.
    """
    centre, facts = scenario.centre, np.zeros((0, len(CALL_FIELDS)))
    if centre.points:
        horizon_s = scenario.horizon_s
        exchange = Exchange(incidents, centre, scenario.calendar, streams, horizon_s)
        facts = exchange.take(callers(incidents, centre, scenario.types, streams, horizon_s))
        answered_s, classified_s = np.array(exchange.answered_s), np.array(exchange.classified_s)
    else:
        answered_s, classified_s = _answer(incidents, centre, scenario.calendar)
    decided_s = _decide(reported_level(incidents, scenario.types), centre, classified_s, streams)
    return Taken(answered_s, classified_s, decided_s, facts)


def _answer(incidents: Incidents, centre: CommandCentre, calendar: Calendar) -> tuple[FloatArray, FloatArray]:
    """Return when each call is answered and when it is classified, each being the only one about it."""
    begun_s = incidents.reported_s
    if isinstance(centre.call_takers, int):
        begun_s = _wait_for_takers(incidents, centre.call_takers, centre.pick_up_s)
    elif centre.call_takers is not None:
        begun_s = _wait_for_shifts(incidents, takers(centre.call_takers, calendar), centre.pick_up_s)
    answered_s = begun_s + centre.pick_up_s
    return answered_s, answered_s + incidents.handling_s


def _decide(
    reported: IntArray, centre: CommandCentre, classified_s: FloatArray, streams: Streams
) -> FloatArray:
    """Return when the level of command has decided on each incident, by the level that it is reported at."""
    if all(law == NO_TIME for law in centre.command):
        return classified_s
    decided_s = classified_s.copy()
    for i, (level, law) in enumerate(zip(LEVELS, centre.command, strict=True), 1):
        here = np.flatnonzero(reported == i)
        decided_s[here] += law.draw(streams("command", level), len(here))
    return decided_s


def _wait_for_takers(incidents: Incidents, takers: int, pick_up_s: float) -> FloatArray:
    """Return when one of so many call-takers turns to each call."""
    free_s, begun_s = [0.0] * takers, []
    for reported_s, handling_s in zip(
        incidents.reported_s.tolist(), incidents.handling_s.tolist(), strict=True
    ):
        begun_s.append(max(reported_s, free_s[0]))
        heapreplace(free_s, begun_s[-1] + pick_up_s + handling_s)
    return np.array(begun_s)


def _wait_for_shifts(incidents: Incidents, on_duty: Takers, pick_up_s: float) -> FloatArray:
    """Return when one of those on duty turns to each call."""
    begun_s = []
    calls = zip(incidents.reported_s.tolist(), (pick_up_s + incidents.handling_s).tolist(), strict=True)
    for reported_s, busy_s in calls:
        begun_s.append(on_duty.soonest(reported_s))
        on_duty.take(begun_s[-1] + busy_s)
    return np.array(begun_s)


def calls(clock: Clock, incoming: Iterable[Case], dispatcher: Dispatcher) -> Story:
    """Every call as it is reported, first to last."""
    for case in incoming:
        yield case.reported_s
        if case.decided_s == case.reported_s:
            dispatcher.open(case)
        else:
            clock.tell(_classify(case, dispatcher), CALLS)


def _classify(case: Case, dispatcher: Dispatcher) -> Story:
    """A call is being handled; then the incident is opened."""
    yield case.decided_s
    dispatcher.open(case)
