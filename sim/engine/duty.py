"""Crews by their hours: shifts that take over from each other, on call, and how many people there are."""

from collections.abc import Callable
from math import inf

from sim.engine.clock import UNITS, Clock, Story
from sim.engine.crew import Crew
from sim.engine.service import Service
from sim.engine.work_time import WorkTime
from sim.model.calendar import Calendar
from sim.model.duty import Hours
from sim.model.resources import Card
from sim.rng import Streams


class Duty:
    """Has a unit keep its hours, with as many people as are on duty; ``offer`` is what so many bring.

    At one moment all shifts of all units change before anybody is sent, and before units come free by it.
    """

    def __init__(
        self,
        crew: Crew,
        hours: Hours,
        minimum_crew: int,
        offer: Callable[[int], Card],
        work: WorkTime | None,
        clock: Clock,
        service: Service,
        streams: Streams,
    ) -> None:
        self._crew, self._hours, self._offer, self._work = crew, hours, offer, work
        self._clock, self._service = clock, service
        self._on_call = crew.people
        self._minimum = minimum_crew
        self._absence = streams("absence", crew.name)
        self._change: Story | None = None

    def keep(self, calendar: Calendar) -> Story:
        """Shifts come on and go off; between them the crew is on call, or not to be had."""
        now_s = 0.0
        self._go_off()
        for stint in self._hours.stints(calendar):
            if stint.from_s > now_s:
                if now_s > 0:
                    self._go_off()
                yield stint.from_s
            self._crew.call_in_s = 0.0
            self._go_on_with(self._take_over(self._present(stint.shift)))
            if stint.until_s == inf:
                return
            yield stint.until_s
            now_s = stint.until_s

    def _go_off(self) -> None:
        """Have the crew be on call, or not be had once it is done with what it is at."""
        if self._hours.on_call_s is not None:
            self._crew.call_in_s = self._hours.on_call_s
            self._go_on_with(self._be_on_call())
            return
        self._service.withhold(self._crew, "off duty")
        if self._change is not None:
            self._change.close()
        self._service.restore(self._crew, "change of shift")

    def _go_on_with(self, change: Story) -> None:
        """Change to another shift, whatever became of the last change."""
        if self._change is not None:
            self._change.close()
        self._change = change
        self._clock.tell(change, UNITS + self._crew.index)

    def _take_over(self, people: int) -> Story:
        """A shift takes over: at the base, or from one that is out when that is back or has handed over."""
        crew, service, hand_over_s = self._crew, self._service, self._hours.hand_over_s
        at_once = service.in_quarters(crew)
        if not at_once:
            service.withhold(crew, "change of shift")
            service.restore(crew, "off duty")
            if hand_over_s is None:
                yield from service.home(crew)
            else:
                yield service.now_s + hand_over_s
                yield from service.done(crew)
        self._man(people)
        if self._work is not None:
            self._work.begin_anew()
        if at_once:
            yield service.now_s
        self._be_had()

    def _be_on_call(self) -> Story:
        """The crew goes on as it is until it is done, and is then as many as are on call."""
        crew, service = self._crew, self._service
        at_once = crew.people == self._on_call or not service.busy(crew)
        if not at_once:
            service.withhold(crew, "change of shift")
            yield from service.done(crew)
        self._man(self._on_call)
        if at_once:
            yield service.now_s
        self._be_had()

    def _man(self, people: int) -> None:
        """Have so many people be on the unit; with too few it is not sent."""
        self._crew.people, self._crew.offers = people, self._offer(people)
        if people < self._minimum:
            self._service.withhold(self._crew, "understaffed")

    def _be_had(self) -> None:
        """Have the unit come free, if there are enough people on it, and it was not."""
        if self._crew.people >= self._minimum:
            self._service.restore(self._crew, "understaffed")
        self._service.restore(self._crew, "off duty")
        self._service.restore(self._crew, "change of shift")

    def _present(self, shift: int) -> int:
        """Return how many of a shift have come."""
        people, absence = self._hours.roster.shifts[shift].count, self._hours.absence
        return int((self._absence.random(people) >= absence).sum()) if absence else people
