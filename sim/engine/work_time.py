"""How long crews work before they rest, and when vehicles are serviced."""

from math import isnan

from sim.engine.clock import Clock, Story
from sim.engine.crew import Crew
from sim.engine.mission import Mission
from sim.engine.service import Service
from sim.model.duty import Servicing, WorkLimit
from sim.model.log import MISHAPS

SAME_S = 1e-6
"""Times that differ by less are the same, added up in another order."""


def serviced(crew: Crew, servicing: Servicing, first_s: float, service: Service) -> Story:
    """A vehicle is serviced when it is due, or as soon as it is back at its base then."""
    due_s = first_s
    while True:
        yield due_s
        yield from service.stay(crew, "servicing", servicing.lasting_s)
        service.restore(crew, "servicing")
        while due_s <= service.now_s:  # what has come due meanwhile is done with
            due_s += servicing.every_s


class WorkTime:
    """How long a crew has been on missions since its last rest, from each order until it is back."""

    def __init__(self, crew: Crew, limit: WorkLimit, clock: Clock, service: Service) -> None:
        self._crew, self._limit, self._clock, self._service = crew, limit, clock, service
        self._before_s = self._since_s = 0.0
        self._mission: Mission | None = None
        self._plan = 0
        self._rest: Story | None = None

    def sent(self, mission: Mission) -> None:
        """Count on from an order."""
        now_s = mission.assigned_s
        self._before_s += self._now_s(now_s)
        self._mission, self._since_s = mission, now_s
        self._look_ahead()

    def begin_anew(self) -> None:
        """Have a crew that is rested be on the unit, also while the last one rests or works."""
        self._before_s, self._since_s = 0.0, self._service.now_s
        if self._rest is not None:
            self._rest.close()
            self._rest = None
            self._service.restore(self._crew, "resting")
        self._look_ahead()

    def _now_s(self, now_s: float) -> float:
        """Return how long the last mission has taken by now, of what counts."""
        m = self._mission
        if m is None:
            return 0.0
        end_s = m.cleared_s if m.cause in MISHAPS else m.in_quarters_s
        return max(0.0, (now_s if isnan(end_s) else min(now_s, end_s)) - self._since_s)

    def _look_ahead(self) -> None:
        self._plan += 1
        due_s = max(self._service.now_s, self._since_s + self._limit.most_s - self._before_s)
        self._clock.tell(self._watch(self._plan, due_s))

    def _watch(self, plan: int, due_s: float) -> Story:
        """Rest once the crew has worked as long as it may, unless it is back before or sent elsewhere."""
        yield due_s
        worked_s = self._before_s + self._now_s(due_s)
        if plan == self._plan and self._rest is None and worked_s >= self._limit.most_s - SAME_S:
            self._rest = self._have_rest()
            self._clock.tell(self._rest)

    def _have_rest(self) -> Story:
        yield from self._service.stay(self._crew, "resting", self._limit.rest_s)
        self._rest, self._mission, self._before_s = None, None, 0.0
        self._service.restore(self._crew, "resting")
