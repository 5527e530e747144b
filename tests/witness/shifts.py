"""Crews that take over from each other, go off duty, or are on call."""

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from witness import choice, who
from witness.nouns import HOME, Car
from witness.ranks import FREES, SHIFTS

from sim.model.duty import Hours

if TYPE_CHECKING:
    from witness.loop import World

DAY_S = 86400.0


def expect(world: "World") -> None:
    """Plan all changes of shift; at the start those are off duty who are not on it."""
    for car in world.cars:
        hours = world.scenario.fleet.units[car.index].hours
        if hours is None:
            continue
        go_off(world, car, hours)
        found = spans(world, hours)
        for from_s, _ in found:
            world.plan(max(0.0, from_s), SHIFTS, partial(come_on, world, car), car.index)
        for (_, until_s), (from_s, _) in pairwise(found):
            if until_s < from_s:
                world.plan(until_s, SHIFTS, partial(go_off, world, car, hours), car.index)


def spans(world: "World", hours: Hours) -> list[tuple[float, float]]:
    """Return from when until when each shift is on, day by day; who comes first stays until the end."""
    found: list[tuple[float, float]] = []
    monday = world.scenario.calendar.start.weekday()
    for day in range(-2, int(world.scenario.horizon_s // DAY_S) + 9):
        for shift in hours.roster.shifts:
            if (day + monday) % 7 in shift.weekdays:
                begins_s = day * DAY_S + shift.start_s
                found.append((begins_s, begins_s + shift.length_s))
    told: list[tuple[float, float]] = []
    for begins_s, ends_s in sorted(found):
        reached_s = told[-1][1] if told else begins_s
        if ends_s > max(reached_s, 0.0):
            told.append((max(begins_s, reached_s), ends_s))
    return told


def go_off(world: "World", car: Car, hours: Hours) -> None:
    """It is on call from now on, or not to be had once it is done with what it is at."""
    if hours.on_call_s is None:
        car.off_duty, car.changing = True, False
    else:
        car.call_in_s = hours.on_call_s
        world.plan(world.now_s, FREES, partial(be_had, world, car), car.index)


def come_on(world: "World", car: Car) -> None:
    """The next shift takes over, at base, or once the unit is back."""
    car.call_in_s = 0.0
    if car.doing == HOME:
        world.plan(world.now_s, FREES, partial(be_had, world, car), car.index)
    else:
        car.off_duty, car.changing = False, True


def be_had(world: "World", car: Car) -> None:
    """It can be sent; who could not be had until now comes free."""
    was_out = car.off_duty or car.changing
    car.off_duty = car.changing = False
    if was_out and who.is_free(world, car):
        choice.released(world, car)
