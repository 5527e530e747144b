"""What a unit does for an incident, from the order until it has done there."""

from functools import partial
from typing import TYPE_CHECKING

from witness import command, holding, homeward, transport, who
from witness.nouns import BUSY, HOME, OUT, Car, Case, Mission, Trip
from witness.ranks import FREES, MOVES

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
        homeward.stop(world, car, "pre-empted")
    now_s = world.now_s
    origin, seconds = car.at(now_s), who.expected(world, car, case)
    slot = free_slot(world, car, case)
    told_s = now_s + world.scenario.centre.alerting_s
    leaves_s, from_base = told_s, car.doing == HOME
    if car.doing == HOME and car.since_s == now_s and car.ready_s is not None:
        leaves_s = max(told_s, car.ready_s)
    elif car.doing == HOME:
        leaves_s += float(world.incidents.turnout_s[slot]) + car.call_in_s
    car.mission = Mission(case, car, slot, from_base, seconds, {"assigned": now_s}, told_s)
    car.mission.nearest_s, car.mission.haste = nearest(world, car, case), case.haste
    for missions in (world.missions, case.missions):
        missions.append(car.mission)
    car.doing = OUT
    noise = float(world.incidents.noise_out[slot])
    car.trip = Trip(origin, case.point, leaves_s, leaves_s + seconds * noise, car.modes[case.haste], noise)
    head_out(world, car)
    return losers


def nearest(world: "World", car: Car, case: Case) -> float:
    """Return the seconds from the nearest base of its kind whose units come to the level as known."""
    alike = [other for other in world.cars if other.kind == car.kind and case.taken_for <= other.from_level]
    mode, bases = car.modes[case.haste], [other.base for other in alike]
    return min(world.travel.between(base, case.point, at_s=world.now_s, mode=mode) for base in bases)


def free_slot(world: "World", car: Car, case: Case) -> int:
    """Return the first slot of its kind that no other unit of the incident has."""
    x = world.incidents
    taken = {mission.slot for mission in case.missions if not mission.cause}
    slots = range(int(x.first_slot[case.row]), int(x.first_slot[case.row + 1]))
    return next(slot for slot in slots if x.kind[slot] == car.kind and slot not in taken)


def head_out(world: "World", car: Car) -> None:
    """Plan what is still to come of a trip out."""
    assert car.trip is not None
    assert car.mission is not None
    car.plan += 1
    for clock, at_s in (("notified", car.mission.told_s), ("enroute", car.trip.begins_s)):
        if clock not in car.mission.moments:
            world.plan_for(car, at_s, MOVES, partial(homeward.tell, world, car, clock))
    world.plan_for(car, car.trip.ends_s, MOVES, partial(arrive, world, car))


def arrive(world: "World", car: Car) -> None:
    """It is on scene, and works."""
    assert car.mission is not None
    x, slot = world.incidents, car.mission.slot
    homeward.tell(world, car, "arrived")
    homeward.stand(car, car.mission.case.point, BUSY)
    holding.come(world, car)
    command.arrived(world, car.mission.case)
    at_work_s = world.now_s + float(x.access_s[slot])
    world.plan_for(car, at_work_s, MOVES, partial(homeward.tell, world, car, "at_work"))
    done_s = at_work_s + float(x.scene_s[slot])
    carries = bool(x.transport[slot])
    if world.scenario.fleet.kinds[car.kind].holds_s and not carries:
        world.plan_for(
            car, done_s, FREES, partial(holding.hold, world, car, partial(leave, world, car, False))
        )
    else:
        world.plan_for(car, done_s, MOVES if carries else FREES, partial(leave, world, car, carries))


def leave(world: "World", car: Car, carries: bool) -> None:
    """It has done on scene: on to hospital with a patient, or free."""
    car.waits = None
    homeward.tell(world, car, "left_scene")
    if carries:
        assert car.mission is not None
        car.mission.haste = car.mission.case.haste
        transport.to_hospital(world, car)
    else:
        homeward.clear(world, car)
