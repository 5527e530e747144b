"""The end of a mission, done or given up, and the way home."""

from functools import partial
from math import inf
from typing import TYPE_CHECKING

from witness import choice, shifts, who
from witness.nouns import HOME, OUT, RETURNING, Car, Trip
from witness.ranks import FREES, MOVES

from sim.seams import Point

if TYPE_CHECKING:
    from witness.loop import World


def tell(world: "World", car: Car, clock: str) -> None:
    """Write down that a moment has come."""
    assert car.mission is not None
    car.mission.moments[clock] = world.now_s


def stand(car: Car, point: Point, doing: str) -> None:
    """It is at a place, and what was planned for it no more."""
    car.place, car.trip, car.doing, car.plan = point, None, doing, car.plan + 1


def clear(world: "World", car: Car) -> None:
    """It is done: on its way home, and free if units are so there."""
    close(world, car, "")
    go_home(world, car)
    if who.is_free(world, car):
        choice.released(world, car)


def close(world: "World", car: Car, cause: str) -> None:
    """A mission ends here, done or given up for a cause."""
    assert car.mission is not None
    tell(world, car, "cleared")
    car.mission.cause = cause


def give_up(world: "World", car: Car, cause: str) -> None:
    """Give up on the way, and go home."""
    stop(world, car, cause)
    if car.doing != HOME:
        go_home(world, car)


def stop(world: "World", car: Car, cause: str) -> None:
    """Give up on the way; who has not left base yet is back at once, and others stand where they are."""
    trip, mission = car.trip, car.mission
    assert mission is not None
    assert trip is not None
    for clock, at_s in (("notified", mission.told_s), ("enroute", trip.begins_s)):
        if at_s <= world.now_s:
            mission.moments.setdefault(clock, at_s)
    close(world, car, cause)
    if mission.from_base and world.now_s <= trip.begins_s and trip.origin == car.base:
        come_home(world, car)
        car.changing = False
        car.ready_s = trip.begins_s
    else:
        stand(car, trip.at(world.now_s), OUT)


def go_home(world: "World", car: Car) -> None:
    """Set out for the base from where it is; stand where no way leads there. Who is there has arrived."""
    assert car.mission is not None
    here, noise = car.at(world.now_s), float(world.incidents.noise_home[car.mission.slot])
    seconds = world.travel.between(here, car.base, at_s=world.now_s, mode=car.modes.home)
    stand(car, here, RETURNING)
    if here == car.base or seconds * noise == 0:
        come_home(world, car)
        car.changing = False
    elif seconds < inf:
        ends_s = world.now_s + seconds * noise
        car.trip = Trip(here, car.base, world.now_s, ends_s, car.modes.home, noise)
        frees = world.scenario.fleet.available == "in_quarters"
        world.plan_for(car, ends_s, FREES if frees else MOVES, partial(back, world, car))


def come_home(world: "World", car: Car) -> None:
    """It is at base."""
    car.since_s, car.ready_s = world.now_s, None
    tell(world, car, "in_quarters")
    stand(car, car.base, HOME)


def back(world: "World", car: Car) -> None:
    """It comes home, and is free if it was not so on the way."""
    come_home(world, car)
    if car.changing:
        world.plan(world.now_s, FREES, partial(shifts.be_had, world, car), car.index)
    elif world.scenario.fleet.available == "in_quarters" and who.is_free(world, car):
        choice.released(world, car)
