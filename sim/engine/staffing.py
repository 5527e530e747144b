"""Who is on which unit when, what keeps it in, and what it may meet with: told to the clock at the start."""

from collections.abc import Mapping, Sequence, Set
from functools import partial

from sim.engine import mishaps
from sim.engine.clock import SHIFTS, Clock
from sim.engine.crew import Crew
from sim.engine.dispatcher import Dispatcher
from sim.engine.duty import Duty
from sim.engine.work_time import WorkTime, serviced
from sim.model.resources import NO_MISHAPS, Card, Fleet, Unit
from sim.rng import Streams
from sim.scenario import Scenario


def bring(fleet: Fleet, unit: Unit, asked: Set[int], people: int) -> Card:
    """Return what a unit with so many people brings of the resources that are ever asked for."""
    return tuple(each for each in fleet.offer(unit, people) if each.resource in asked)


def staff(
    clock: Clock,
    scenario: Scenario,
    crews: Sequence[Crew],
    asked: Set[int],
    dispatcher: Dispatcher,
    streams: Streams,
) -> None:
    """Have crews keep their hours and rest, vehicles be serviced, and all meet with what may happen."""
    fleet, works = scenario.fleet, dict[Crew, WorkTime]()
    for crew, unit in zip(crews, fleet.units, strict=True):
        hours, kind = unit.hours, fleet.kinds[unit.kind]
        if hours is None:
            continue
        if hours.work_limit is not None:
            works[crew] = WorkTime(crew, hours.work_limit, clock, dispatcher.service)
        offer = partial(bring, fleet, unit, asked)
        work, service = works.get(crew), dispatcher.service
        duty = Duty(crew, hours, unit.minimum(kind.minimum_crew), offer, work, clock, service, streams)
        clock.tell(duty.keep(scenario.calendar), SHIFTS)
    _service(clock, fleet, crews, dispatcher)
    _watch(clock, fleet, crews, works, dispatcher, streams)


def _service(clock: Clock, fleet: Fleet, crews: Sequence[Crew], dispatcher: Dispatcher) -> None:
    """Have vehicles be serviced, those of a kind spread over the time from one servicing to the next."""
    for k, kind in enumerate(fleet.kinds):
        if kind.servicing is None:
            continue
        own = [crew for crew in crews if crew.kind == k]
        for i, crew in enumerate(own):
            first_s = kind.servicing.first_s(i, len(own))
            clock.tell(serviced(crew, kind.servicing, first_s, dispatcher.service))


def _watch(
    clock: Clock,
    fleet: Fleet,
    crews: Sequence[Crew],
    works: Mapping[Crew, WorkTime],
    dispatcher: Dispatcher,
    streams: Streams,
) -> None:
    """Hear of orders to units whose work is counted, or to which something may happen."""
    lucks = {
        crew: mishaps.Luck(fleet.kinds[crew.kind].mishaps, streams, crew.name)
        for crew in crews
        if fleet.kinds[crew.kind].mishaps != NO_MISHAPS
    }

    def sent(crew: Crew) -> None:
        assert crew.mission is not None
        if (work := works.get(crew)) is not None:
            work.sent(crew.mission)
        if (luck := lucks.get(crew)) is not None:
            clock.tell(mishaps.mishap(crew, crew.mission, luck, dispatcher))

    if lucks or works:
        dispatcher.orders.when_sent = sent
