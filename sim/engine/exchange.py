"""The exchange: callers wait at answering points, are passed on, hang up and dial again.

Calls are met in the order in which they come to an answering point. Those before one are settled by then,
so that it is known at once when somebody turns to it, and whether its caller waits for so long.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count
from math import inf
from struct import Struct
from typing import NamedTuple

import numpy as np

from sim.demand.callers import FIRST, Callers, Moods
from sim.engine.takers import NOBODY, Takers, takers
from sim.model.calendar import Calendar
from sim.model.centre import CommandCentre
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents
from sim.model.log import CALL_FATES, CALL_FIELDS
from sim.rng import Streams

HANDLED, TRANSFERRED, HUNG_UP, WAITING = range(len(CALL_FATES))
NAN = float("nan")
_ROW = Struct(f"{len(CALL_FIELDS)}d")


class Caller(NamedTuple):
    """One of Callers."""

    kind: int
    number: int
    incident: int
    came_s: float
    point: int
    dialled: int
    transfer_s: float
    handling_s: float


class Call(NamedTuple):
    """A caller who has come to an answering point, for the ``wait``-th time; sorted by when."""

    came_s: float
    turn: int
    who: Caller
    at: int
    wait: int


class Exchange:
    """What answering points do with calls, and the facts of it."""

    def __init__(
        self, x: Incidents, centre: CommandCentre, calendar: Calendar, streams: Streams, horizon_s: float
    ) -> None:
        self._horizon_s = horizon_s
        self._handling_s: list[float] = x.handling_s.tolist()
        self._moods = Moods(centre.hang_up, streams) if centre.hang_up else None
        self._takers: Sequence[Takers] = [takers(each.call_takers, calendar) for each in centre.points]
        self._ring_s = [each.pick_up_s for each in centre.points]
        self._turns = count()
        self._again: list[Call] = []
        self._facts = bytearray()
        self._heard = bytearray(len(x))
        self.answered_s: list[float] = np.maximum(x.reported_s, horizon_s).tolist()
        self.classified_s = list(self.answered_s)

    def take(self, callers: Callers) -> FloatArray:
        """Take all calls before the horizon; return the facts of each, by CALL_FIELDS."""
        order = np.argsort(callers.came_s, kind="stable")
        columns = (getattr(callers, name)[order].tolist() for name in Caller._fields)
        for who in map(Caller._make, zip(*columns, strict=True)):
            self._go_on_until(who.came_s)
            self._come(Call(who.came_s, 0, who, who.dialled, 1))
        self._go_on_until(self._horizon_s)
        return self._known()

    def _go_on_until(self, now_s: float) -> None:
        """Meet those who come before a moment because they were passed on, or dial again."""
        while self._again and self._again[0].came_s < now_s:
            self._come(heappop(self._again))

    def _come(self, call: Call) -> None:
        """Have a caller wait until somebody turns to the call, or hang up before that."""
        begun_s = self._takers[call.at].soonest(call.came_s)
        patient_s = self._patient_until(call) if begun_s > call.came_s else inf
        if begun_s > patient_s:
            self._hang_up(call, patient_s)
            return
        answered_s, who = begun_s + self._ring_s[call.at], call.who
        if who.incident >= 0:
            self.answered_s[who.incident] = min(self.answered_s[who.incident], answered_s)
        if call.at != who.point:
            ended_s, fate = answered_s + who.transfer_s, TRANSFERRED
            self._dial(ended_s, who, who.point, call.wait + 1)
        else:
            ended_s, fate = self._handle(who, answered_s), HANDLED
        taker = self._takers[call.at].take(ended_s)
        self._record(call, taker, answered_s, ended_s, fate)

    def _patient_until(self, call: Call) -> float:
        if self._moods is None:
            return inf
        return call.came_s + self._moods.of("patience", call.who.kind, call.who.number, call.wait)

    def _hang_up(self, call: Call, now_s: float) -> None:
        """Have a caller hang up; one who is the first to report dials again, others leave it at that."""
        self._record(call, NOBODY, NAN, now_s, HUNG_UP)
        if self._moods is not None and call.who.kind == FIRST:
            redial_s = self._moods.of("redial", FIRST, call.who.number, call.wait)
            self._dial(now_s + redial_s, call.who, call.at, call.wait + 1)

    def _dial(self, at_s: float, who: Caller, at: int, wait: int) -> None:
        heappush(self._again, Call(at_s, next(self._turns), who, at, wait))

    def _handle(self, who: Caller, answered_s: float) -> float:
        """Return when a call is done: whoever is heard first about an incident has it classified."""
        row = who.incident
        if row < 0 or self._heard[row]:
            return answered_s + who.handling_s
        self._heard[row] = True
        ended_s = answered_s + self._handling_s[row]
        self.classified_s[row] = ended_s
        return ended_s

    def _record(self, call: Call, taker: int, answered_s: float, ended_s: float, fate: int) -> None:
        incident = call.who.incident if call.who.incident >= 0 else NAN
        who = (incident, call.who.kind, call.wait, call.at, taker if taker != NOBODY else NAN)
        self._facts += _ROW.pack(*who, call.came_s, answered_s, ended_s, fate)

    def _known(self) -> FloatArray:
        """Return the facts as they are at the horizon."""
        facts = np.frombuffer(self._facts).reshape(-1, len(CALL_FIELDS))
        answered, ended, taker, fate = (
            CALL_FIELDS.index(name) for name in ("answered_s", "ended_s", "taker", "fate")
        )
        late = np.where(facts[:, fate] == HUNG_UP, facts[:, ended], facts[:, answered]) >= self._horizon_s
        facts[late, answered] = facts[late, taker] = NAN
        facts[late, fate] = WAITING
        facts[facts[:, ended] >= self._horizon_s, ended] = NAN
        return facts
