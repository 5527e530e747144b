"""What a unit does, from the order until it is back at base."""

from functools import partial
from math import inf
from typing import TYPE_CHECKING

from witness import choice
from witness.nouns import BUSY, HOME, OUT, RETURNING, Car, Case, Mission, Trip
from witness.ranks import FREES, MOVES

from sim.seams import Point

if TYPE_CHECKING:
    from witness.loop import World


def send(world: "World", car: Car, case: Case) -> list[Case]:
    """Send a unit; return the incident that loses it, if any.

    At base it turns out; elsewhere it sets out from where it is as soon as it is told. Who was turning out
    for another incident goes on with that.
    """
    losers = []
    if car.doing == OUT and car.mission is not None:
        losers.append(car.mission.case)
        stop(world, car, "pre-empted")
    now_s = world.now_s
    origin, seconds = car.at(now_s), choice.expected(world, car, case)
    slot = free_slot(world, car, case)
    told_s = now_s + world.scenario.centre.alerting_s
    leaves_s, from_base = told_s, car.doing == HOME
    if car.doing == HOME:
        turned_out_s = told_s + float(world.incidents.turnout_s[slot])
        leaves_s = (
            max(told_s, car.ready_s) if car.ready_s is not None and car.since_s == now_s else turned_out_s
        )
    car.mission = Mission(case, car, slot, from_base, seconds, {"assigned": now_s}, told_s)
    world.missions.append(car.mission)
    case.missions.append(car.mission)
    car.doing = OUT
    noise = float(world.incidents.noise_out[slot])
    car.trip = Trip(origin, case.point, leaves_s, leaves_s + seconds * noise, car.modes[case.haste], noise)
    head_out(world, car)
    return losers


def free_slot(world: "World", car: Car, case: Case) -> int:
    """Return the first slot of its kind that no other unit of the incident has."""
    x = world.incidents
    taken = {mission.slot for mission in case.missions if not mission.cause}
    slots = range(int(x.first_slot[case.row]), int(x.first_slot[case.row + 1]))
    return next(slot for slot in slots if x.kind[slot] == car.kind and slot not in taken)


def tell(world: "World", car: Car, clock: str) -> None:
    """Write down that a moment has come."""
    assert car.mission is not None
    car.mission.moments[clock] = world.now_s


def head_out(world: "World", car: Car) -> None:
    """Plan what is still to come of a trip out."""
    assert car.trip is not None
    assert car.mission is not None
    car.plan += 1
    for clock, at_s in (("notified", car.mission.told_s), ("enroute", car.trip.begins_s)):
        if clock not in car.mission.moments:
            world.plan_for(car, at_s, MOVES, partial(tell, world, car, clock))
    world.plan_for(car, car.trip.ends_s, MOVES, partial(arrive, world, car))


def arrive(world: "World", car: Car) -> None:
    """It is on scene, and works."""
    assert car.mission is not None
    x, slot = world.incidents, car.mission.slot
    tell(world, car, "arrived")
    stand(car, car.mission.case.point, BUSY)
    at_work_s = world.now_s + float(x.access_s[slot])
    world.plan_for(car, at_work_s, MOVES, partial(tell, world, car, "at_work"))
    done_s = at_work_s + float(x.scene_s[slot])
    carries = bool(x.transport[slot])
    world.plan_for(car, done_s, MOVES if carries else FREES, partial(leave, world, car, carries))


def leave(world: "World", car: Car, carries: bool) -> None:
    """It has done on scene: on to hospital with a patient, or free."""
    tell(world, car, "left_scene")
    if carries:
        to_hospital(world, car)
    else:
        clear(world, car)


def stand(car: Car, point: Point, doing: str) -> None:
    """It is at a place, and what was planned for it no more."""
    car.place, car.trip, car.doing, car.plan = point, None, doing, car.plan + 1


def to_hospital(world: "World", car: Car) -> None:
    """Go to the hospital that takes the patient and is reached soonest; stand where there is none.

    Whom none takes may go to any.
    """
    mission = car.mission
    assert mission is not None
    here, mode = car.at(world.now_s), car.modes.with_patient(mission.case.haste)
    best, least = None, inf
    nobody = not any(mission.case.level in site.accepts for site in world.scenario.place.hospitals)
    for i, site in enumerate(world.scenario.place.hospitals):
        seconds = world.travel.between(here, (site.x_m, site.y_m), at_s=world.now_s, mode=mode)
        if (nobody or mission.case.level in site.accepts) and seconds < least:
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
    mode = car.modes.with_patient(car.mission.case.haste)
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


def clear(world: "World", car: Car) -> None:
    """It is done: on its way home, and free if units are so there."""
    close(world, car, "")
    go_home(world, car)
    if choice.is_free(world, car):
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
        car.ready_s = trip.begins_s
    else:
        stand(car, trip.at(world.now_s), OUT)


def go_home(world: "World", car: Car) -> None:
    """Set out for the base from where it is; be there at once if it is; stand where no way leads there."""
    assert car.mission is not None
    here, noise = car.at(world.now_s), float(world.incidents.noise_home[car.mission.slot])
    seconds = world.travel.between(here, car.base, at_s=world.now_s, mode=car.modes.home)
    stand(car, here, RETURNING)
    if here == car.base or seconds * noise == 0:
        come_home(world, car)
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
    if world.scenario.fleet.available == "in_quarters":
        choice.released(world, car)
