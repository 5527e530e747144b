"""Incidents that turn out to be otherwise: sized up by the first unit, or raised when units are late."""

from functools import partial
from typing import TYPE_CHECKING

from witness import choice, holding, homeward, who
from witness.nouns import ENOUGH, OUT, URGENCIES, Car, Case
from witness.ranks import SIZES

from sim.model.types import IncidentType

if TYPE_CHECKING:
    from witness.loop import World


def kind_of(world: "World", case: Case) -> IncidentType:
    """Return the type that an incident is taken for."""
    return world.scenario.types[case.kind]


def is_commanded(world: "World", case: Case) -> bool:
    """Whether an incident may turn out to be otherwise, by what it is."""
    return world.scenario.types[world.incidents.type[case.row]].is_commanded


def begin(world: "World", case: Case) -> None:
    """Have an eye on whether all comes in time, from when an incident is taken to be of a level."""
    level = case.taken_for
    late = kind_of(world, case).levels[level - 1].becomes.late
    if late is not None and is_commanded(world, case):
        act = partial(watch, world, case, (case.kind, level), late.level + 1)
        world.plan(world.now_s + late.after_s, SIZES, act, case.row)


def arrived(world: "World", case: Case) -> None:
    """The first unit to arrive sizes the incident up."""
    if is_commanded(world, case) and not case.seen:
        case.seen = True
        known_s = world.now_s + float(world.incidents.size_up_s[case.row])
        world.plan(known_s, SIZES, partial(size_up, world, case), case.row)


def size_up(world: "World", case: Case) -> None:
    """It is known what it is, and of which level; who was raised as what it is does not become lighter."""
    found = int(world.incidents.found[case.row])
    case.sized_up = True
    true = int(world.incidents.type[case.row])
    known = case.kind == true
    change(world, case, true, min(found, case.taken_for) if case.raised and known else found)


def watch(world: "World", case: Case, of: tuple[int, int], graver: int) -> None:
    """Raise an incident that is taken for the same still, and lacks something, or has units on their way."""
    if (case.kind, case.taken_for) == of and (case.lacks or coming(world, case)):
        case.raised = True
        change(world, case, case.kind, graver)


def change(world: "World", case: Case, kind: int, level: int) -> None:
    """Ask for what the level takes beyond what comes, and call back what it does not take.

    It is as urgent as the level says from now on; where that is less, all who wait ask again.
    """
    meaning, was = world.scenario.types[kind].levels[level - 1], case.priority
    if (kind, level) != (case.kind, case.taken_for):
        case.kind = kind
        case.taken_for, case.priority = level, meaning.priority
        if kind == world.incidents.type[case.row]:
            case.found_s = world.now_s
        case.haste = URGENCIES.index(meaning.urgency)
        begin(world, case)
    before, case.card = case.card, {}
    for resource, amount in (*meaning.card, *(meaning.later if case.sized_up else ())):
        case.card[resource] = case.card.get(resource, 0.0) + amount
    if any(amount > case.card.get(resource, 0.0) + ENOUGH for resource, amount in before.items()):
        call_back(world, case)
    choice.settle(world, [case])
    holding.look(world, case)
    if case.priority > was:
        choice.settle(world, [other for other in world.cases if other.lacks])


def coming(world: "World", case: Case) -> list[Car]:
    """Return the units on their way to an incident, by kind and as the fleet lists them."""
    found = [car for car in world.cars if car.doing == OUT and car.mission and car.mission.case is case]
    return sorted(found, key=lambda car: (car.kind, car.index))


def call_back(world: "World", case: Case) -> None:
    """Call units back without which nothing is missing, the last to arrive first.

    Before all others those of forces that leave once things are under control.
    """
    back = []
    there_s = {car: car.trip.ends_s for car in coming(world, case) if car.trip}
    for car in sorted(there_s, key=lambda car: (car.stays, -there_s[car])):
        if all(case.coming(r) - n >= case.card[r] - ENOUGH for r, n in car.offers.items() if r in case.card):
            homeward.give_up(world, car, "not needed")
            back.append(car)
    choice.settle(world, [case] if case.lacks else [])
    for car in back:
        if who.is_free(world, car):
            choice.released(world, car)
