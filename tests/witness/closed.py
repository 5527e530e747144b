"""Roads that close and open: who is out goes on from where it is, or gives up."""

from functools import partial
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING

from witness import choice, homeward, transport, who
from witness.nouns import BUSY, OUT, RETURNING, Car, Trip
from witness.ranks import CLOSES

from sim.model.closures import Closure
from sim.seams import Point

if TYPE_CHECKING:
    from witness.loop import World

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
    """Roads have changed: units go on as they can, all who wait ask again; who gave up is offered."""
    for _, closes, closure in sorted(changes, key=lambda each: not each[1]):
        if closes:
            world.travel.close(closure)
        else:
            world.travel.reopen(closure)
    for case in world.cases:
        case.apart.clear()
    freed = [car for car in world.cars if go_on(world, car)]
    choice.settle(world, [case for case in world.cases if case.lacks])
    for car in freed:
        if who.is_free(world, car):
            choice.released(world, car)


def go_on(world: "World", car: Car) -> bool:
    """Go on from where it is, after roads have changed; return whether it gave up."""
    if car.doing == OUT:
        return out(world, car)
    if car.trip is None or not can_go_on(world, car.trip):
        if car.doing == RETURNING:
            homeward.go_home(world, car)
        elif car.doing == BUSY and car.mission is not None:
            told = car.mission.moments
            if "left_scene" in told and "at_destination" not in told:
                transport.to_hospital(world, car)
    return False


def can_go_on(world: "World", trip: Trip) -> bool:
    """Whether a trip can go on: its end is open, and its beginning if it has not begun.

    What it passes by, or through, does not matter on a plane; neither does where it is.
    """
    begun = trip.begins_s < world.now_s
    return is_open(world, trip.destination, trip.mode) and (begun or is_open(world, trip.origin, trip.mode))


def is_open(world: "World", point: Point, mode: str) -> bool:
    """Whether trips can begin and end at a point."""
    return world.travel.between(point, point, at_s=world.now_s, mode=mode) < inf


def out(world: "World", car: Car) -> bool:
    """On its way out; return whether it gave up."""
    assert car.trip is not None
    assert car.mission is not None
    if can_go_on(world, car.trip):
        return False
    car.mission.case.cut_off = True
    homeward.give_up(world, car, "cut off")
    return True
