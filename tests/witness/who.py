"""Which units may go to an incident, and which of them goes first."""

from functools import partial
from math import inf
from typing import TYPE_CHECKING

from witness.nouns import HOME, OUT, RETURNING, Car, Case

from sim.dispatch.preference import Preference

if TYPE_CHECKING:
    from witness.loop import World


def is_free(world: "World", car: Car) -> bool:
    """Whether a unit can be sent without being taken away from another incident."""
    stays_free = world.scenario.fleet.available == "clearing"
    return (
        not car.off_duty
        and not car.changing
        and (car.doing == HOME or (car.doing == RETURNING and stays_free))
    )


def reserve(world: "World", car: Car) -> int:
    """Return how many of its kind and force stay at each base."""
    return world.scenario.fleet.units[car.index].force.reserve


def at_base_with(world: "World", car: Car) -> list[Car]:
    """Return the free units of its kind at its base, itself too, who has been there longest first."""
    alike = [other for other in world.cars if (other.kind, other.site) == (car.kind, car.site)]
    there = [other for other in alike if other.doing == HOME and not other.off_duty]
    return sorted(there, key=lambda other: (other.since_s, other.index))


def is_spare(world: "World", car: Car) -> bool:
    """Whether a unit is free, and not one of the last to have come to its base that are its reserve."""
    there, kept = at_base_with(world, car), reserve(world, car)
    return is_free(world, car) and not (car.doing == HOME and kept and car in there[-kept:])


def comes(world: "World", car: Car, case: Case) -> bool:
    """Whether a way leads to an incident of a level that it comes to, and it leaves a reserve at its base.

    Then it may be another one of its base that goes.
    """
    kept = car.doing == HOME and len(at_base_with(world, car)) <= reserve(world, car)
    return case.taken_for <= car.from_level and not kept and expected(world, car, case) < inf


def closest(world: "World", case: Case, resource: int, without: tuple[Car, ...] = ()) -> Car | None:
    """Return the unit that may go and is there soonest; see ``closeness`` for ties."""
    able = [car for car in world.cars if resource in car.offers and car not in without]
    found = [car for car in able if may_go(world, car, case) and expected(world, car, case) < inf]
    return min(found, key=partial(closeness, world, case), default=None)


def closeness(world: "World", case: Case, car: Car) -> tuple[float, ...]:
    """Return what makes a unit go before others, the less the better.

    That is its place in the list of the zone, if there are lists; the time that it would drive; whether it is
    at base, or on its way home, rather than on its way out; its kind and base, as they are listed; at base
    since when it has been there; its number in the fleet.
    """
    rank = (HOME, RETURNING, OUT).index(car.doing)
    base = car.site if car.doing == HOME else 0
    since_s = car.since_s if car.doing == HOME else 0.0
    return listed(world, car, case), expected(world, car, case), rank, car.kind, base, since_s, car.index


def listed(world: "World", car: Car, case: Case) -> float:
    """Return the place of a unit in the list of an incident's zone, by its own name or its base's."""
    policy, place = world.scenario.policy, world.scenario.place
    if not isinstance(policy, Preference):
        return 0.0
    names = world.scenario.fleet.units[car.index].name, place.sites[car.site].name
    choices = policy.zones.get(place.zones[case.zone].name, [])
    return next((float(i) for i, choice in enumerate(choices) if choice in names), inf)


def left_out(world: "World", car: Car, case: Case) -> bool:
    """Whether a unit is in no list of an incident's zone, where nobody else goes."""
    return listed(world, car, case) == inf and world.scenario.policy.others == "none"


def may_go(world: "World", car: Car, case: Case) -> bool:
    """Whether a unit is free, or on its way to an incident that this one may take it from.

    Not where it only comes to graver ones, nor by a list that leaves no room for others.
    """
    policy = world.scenario.policy
    if case.taken_for > car.from_level or car.off_duty or car.changing:
        return False
    if left_out(world, car, case):
        return False
    if car.doing == OUT and car.mission is not None:
        takes_from = policy.preempts.get(case.priority, ())
        return car.mission.case is not case and car.mission.case.priority in takes_from
    return is_spare(world, car)


def expected(world: "World", car: Car, case: Case) -> float:
    """Return the seconds that a unit would drive, from where it is; inf for no way."""
    under_way = car.doing == OUT and car.mission is not None and car.mission.case is case
    haste = car.mission.haste if under_way and car.mission else case.haste
    mode = car.modes[haste]
    return world.travel.between(car.at(world.now_s), case.point, at_s=world.now_s, mode=mode)
