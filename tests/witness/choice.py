"""Who goes where: the rules of dispatch as plain loops over all units and all incidents."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from witness import driving, relief, who
from witness.nouns import ENOUGH, Car, Case
from witness.ranks import OFFERS

if TYPE_CHECKING:
    from witness.loop import World


def settle(
    world: "World", asking: list[Case], freed: Sequence[Car] = (), wanting: Mapping[int, float] | None = None
) -> None:
    """Serve those who ask, most urgent first, and who lose units by it; then relieve with who came free.

    With ``wanting`` they only ask for these resources, for as long as a unit is free for them; who loses a
    unit asks for all that it lacks.
    """
    losers: list[Case] = []
    while asking or losers:
        case = min([*asking, *losers], key=urgency)
        only = None
        if case not in losers and wanting is not None:
            lacks = [r for r in case.lacks if r not in case.apart]
            only = {r: n for r, n in wanting.items() if r in lacks and any_free(world, r)}
        asking, losers = ([each for each in cases if each is not case] for cases in (asking, losers))
        if only is None or only:
            losers += [loser for loser in serve(world, case, only) if loser not in losers]
    for car in freed:
        if world.scenario.policy.relieve_by is not None and who.is_free(world, car):
            relief.relieve(world, car)


def urgency(case: Case) -> tuple[int, int]:
    """Lowest priority number first, then the earliest report."""
    return case.priority, case.row


def released(world: "World", car: Car) -> None:
    """A unit has come free: it is offered once all are there that come free, or on duty, at this moment."""
    world.plan(world.now_s, OFFERS, partial(offer, world, car), car.index)


def offer(world: "World", car: Car) -> None:
    """Those who wait for what a unit brings ask again, as long as one is free for that."""
    if not who.is_free(world, car):
        return
    for case in world.cases:
        in_vain = case.lacks and not who.comes(world, car, case)
        case.apart -= {r for r in car.offers if r not in case.lacks or not in_vain}
    settle(world, [case for case in world.cases if case.lacks], [car], car.offers)


def any_free(world: "World", resource: int) -> bool:
    """Whether a unit is free that brings a resource."""
    return any(resource in car.offers and who.is_spare(world, car) for car in world.cars)


def serve(world: "World", case: Case, only: Mapping[int, float] | None = None) -> list[Case]:
    """Send all that can be sent of what an incident lacks; return the incidents that lose a unit.

    It may be about some resources ``only``. Who goes for an amount is chosen together.
    """
    losers = []
    for resource in case.lacks if only is None else [r for r in case.lacks if r in only]:
        if world.scenario.policy.whole or is_amount(world, resource):
            together = case.lacks if world.scenario.policy.whole else [resource]
            for car in team(world, case, together) if case.lacking(resource) else ():
                losers += driving.send(world, car, case)
        elif case.lacking(resource):
            while case.lacking(resource) and (car := who.closest(world, case, resource)):
                losers += driving.send(world, car, case)
        look(world, case, resource)
    return losers


def is_amount(world: "World", resource: int) -> bool:
    """Whether units bring different amounts of a resource."""
    return world.scenario.fleet.resources[resource].measure != "units"


def look(world: "World", case: Case, resource: int) -> None:
    """Write down whether units are free for what an incident still lacks, and none can get there.

    Then it waits apart, until roads change or a unit comes free that can get there.
    """
    able = [car for car in world.cars if resource in car.offers and case.taken_for <= car.from_level]
    free = [car for car in able if who.is_spare(world, car)]
    if case.lacking(resource) and free and all(who.expected(world, car, case) == inf for car in free):
        case.cut_off = True
        case.apart.add(resource)


def team(world: "World", case: Case, together: list[int]) -> list[Car]:
    """Return the units to go for some resources together, as far as they are there.

    None goes without whom the others bring as much of what is lacking; of such the last to be chosen stays.
    """
    found: list[Car] = []
    for resource in together:
        while case.lacking(resource) - brought(found, resource) > ENOUGH:
            car = who.closest(world, case, resource, tuple(found))
            if car is None:
                break
            found.append(car)
    if world.scenario.policy.whole and any(short(case, found, r) > ENOUGH for r in together):
        return []
    for car in found[::-1]:
        rest = [other for other in found if other is not car]
        if all(short(case, rest, r) <= max(short(case, found, r), 0.0) + ENOUGH for r in together):
            found = rest
    return found


def brought(cars: Sequence[Car], resource: int) -> float:
    """Return how much of a resource units bring together."""
    return sum(car.offers.get(resource, 0.0) for car in cars)


def short(case: Case, cars: Sequence[Car], resource: int) -> float:
    """Return how much an incident still lacks with some units; below 0 where they bring more."""
    return case.lacking(resource) - brought(cars, resource)


def turn_away(world: "World", case: Case) -> None:
    """What waits beyond the limit of a queue is turned away: units one by one, people and equipment whole."""
    limit = world.scenario.centre.queue_limit
    for resource in case.lacks if limit is not None else ():
        others = [other for other in world.cases if other is not case and resource in other.lacks]
        if world.scenario.fleet.resources[resource].measure == "units":
            room = max(0.0, limit - sum(other.lacking(resource) for other in others))
        else:
            room = inf if len(others) < limit else 0.0
        if case.lacking(resource) > room:
            case.turned_away[resource] = case.lacking(resource) - room
