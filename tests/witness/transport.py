"""Patients: to hospital, and handed over there."""

from functools import partial
from math import inf
from typing import TYPE_CHECKING

from witness.homeward import clear, stand, tell
from witness.nouns import BUSY, Car, Trip
from witness.ranks import FREES, MOVES

from sim.seams import Point

if TYPE_CHECKING:
    from witness.loop import World


def to_hospital(world: "World", car: Car) -> None:
    """Go to the given hospital, or else the one that takes the patient and is reached soonest.

    Whom none takes may go to any. Where there is none that can be reached, stand.
    """
    mission = car.mission
    assert mission is not None
    here, mode = car.at(world.now_s), car.modes.with_patient(mission.haste)
    best, least = None, inf
    given = int(world.incidents.hospital[mission.slot])
    level = mission.case.taken_for
    nobody = not any(level in site.accepts for site in world.scenario.place.hospitals)
    for i, site in enumerate(world.scenario.place.hospitals):
        seconds = world.travel.between(here, (site.x_m, site.y_m), at_s=world.now_s, mode=mode)
        if i == given and seconds < inf:
            best, least = i, seconds
            break
        if (nobody or level in site.accepts) and seconds < least:
            best, least = i, seconds
    stand(car, here, BUSY)
    mission.hospital = best
    if best is not None:
        site = world.scenario.place.hospitals[best]
        carry(world, car, (site.x_m, site.y_m), least)


def carry(world: "World", car: Car, there: Point, seconds: float) -> None:
    """Set out for a hospital now."""
    assert car.mission is not None
    noise = float(world.incidents.noise_hospital[car.mission.slot])
    mode = car.modes.with_patient(car.mission.haste)
    ends_s = world.now_s + seconds * noise
    car.trip = Trip(car.at(world.now_s), there, world.now_s, ends_s, mode, noise)
    world.plan_for(car, ends_s, MOVES, partial(hand_over, world, car))


def hand_over(world: "World", car: Car) -> None:
    """It is at the hospital."""
    assert car.mission is not None
    assert car.trip is not None
    tell(world, car, "at_destination")
    stand(car, car.trip.destination, BUSY)
    done_s = world.now_s + float(world.incidents.handover_s[car.mission.slot])
    world.plan_for(car, done_s, FREES, partial(handed_over, world, car))


def handed_over(world: "World", car: Car) -> None:
    """The patient is the hospital's."""
    tell(world, car, "transferred")
    clear(world, car)
