"""Roads that close and open: who is out goes on from where it is, or gives up."""

from functools import partial
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING

from witness import choice, driving
from witness.nouns import BUSY, OUT, RETURNING, Car, Trip
from witness.ranks import CLOSES, MOVES

from sim.model.closures import Closure

if TYPE_CHECKING:
    from witness.loop import World

SAME_S = 1e-6
"""Moments that agree so closely with what was planned are those planned."""

Change = tuple[float, bool, Closure]


def expect(world: "World") -> None:
    """Plan all closings and reopenings, those of one moment together."""
    changes: list[Change] = []
    for closure in world.scenario.closures:
        changes += [(closure.from_s, True, closure), (closure.until_s, False, closure)]
    changes.sort(key=lambda change: change[0])
    for at_s, together in groupby(changes, key=lambda change: change[0]):
        world.plan(at_s, CLOSES, partial(change, world, list(together)))


def change(world: "World", changes: list[Change]) -> None:
    """Roads have changed: units go on as they can, and then all who wait ask again."""
    for _, closes, closure in sorted(changes, key=lambda each: not each[1]):
        if closes:
            world.travel.close(closure)
        else:
            world.travel.reopen(closure)
    freed = [car for car in world.cars if go_on(world, car)]
    free = [car for car in freed if choice.is_free(world, car)]
    choice.settle(world, [case for case in world.cases if case.lacks], free)


def go_on(world: "World", car: Car) -> bool:
    """Go on from where it is, after roads have changed; return whether it gave up."""
    if car.doing == OUT:
        return out(world, car)
    if car.doing == RETURNING:
        home(world, car)
    if car.doing == BUSY and car.mission is not None and "left_scene" in car.mission.moments:
        if "at_destination" not in car.mission.moments:
            to_hospital(world, car)
    return False


def anew(world: "World", car: Car) -> float:
    """Return when the trip of a unit ends if it goes on from where it is; inf for never."""
    trip = car.trip
    assert trip is not None
    seconds = world.travel.between(
        car.at(world.now_s), trip.destination, at_s=world.now_s, mode=trip.mode
    )
    ends_s = max(world.now_s, trip.begins_s) + seconds * trip.noise
    return trip.ends_s if abs(ends_s - trip.ends_s) <= SAME_S else ends_s


def follow(world: "World", car: Car, ends_s: float) -> None:
    """Take the way that is left, from where it is."""
    trip = car.trip
    assert trip is not None
    begins_s = max(world.now_s, trip.begins_s)
    car.trip = Trip(car.at(world.now_s), trip.destination, begins_s, ends_s, trip.mode, trip.noise)


def out(world: "World", car: Car) -> bool:
    """On its way out; return whether it gave up."""
    assert car.trip is not None and car.mission is not None
    ends_s = anew(world, car)
    if ends_s == inf:
        car.mission.case.cut_off = True
        driving.give_up(world, car, "cut off")
        return True
    if ends_s != car.trip.ends_s:
        follow(world, car, ends_s)
        driving.head_out(world, car)
    return False


def home(world: "World", car: Car) -> None:
    """On its way home, or standing."""
    if car.trip is None:
        driving.go_home(world, car)
    elif anew(world, car) != car.trip.ends_s:
        driving.go_home(world, car)


def to_hospital(world: "World", car: Car) -> None:
    """With a patient: on to the same hospital if it can be reached, else to another."""
    if car.trip is None:
        driving.to_hospital(world, car)
    elif (ends_s := anew(world, car)) == inf:
        driving.to_hospital(world, car)
    elif ends_s != car.trip.ends_s:
        follow(world, car, ends_s)
        car.plan += 1
        world.plan_for(car, ends_s, MOVES, partial(driving.hand_over, world, car))
