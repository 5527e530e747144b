"""Units that hold a scene when their own work is done, until all have come that the card asks for."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from witness.nouns import ENOUGH, Car, Case
from witness.ranks import FREES

if TYPE_CHECKING:
    from witness.loop import World


def come(world: "World", car: Car) -> None:
    """Count what a unit brings to its incident."""
    assert car.mission is not None
    case = car.mission.case
    for resource, amount in car.offers.items():
        case.come[resource] = case.come.get(resource, 0.0) + amount
    look(world, case)


def look(world: "World", case: Case) -> None:
    """Have those leave who only wait for others, if all have come; also by what is known then."""
    for car in world.cars if complete(case) else ():
        if car.waits is not None and car.mission is not None and car.mission.case is case:
            world.plan_for(car, world.now_s, FREES, partial(go, case, car.waits))


def go(case: Case, leave: Callable[[], None]) -> None:
    """Leave, unless more is asked for since."""
    if complete(case):
        leave()


def complete(case: Case) -> bool:
    """Whether all has come that an incident asks for by now, but what was turned away."""
    expected = {r: amount - case.turned_away.get(r, 0.0) for r, amount in case.card.items()}
    return all(case.come.get(r, 0.0) >= amount - ENOUGH for r, amount in expected.items())


def hold(world: "World", car: Car, leave: Callable[[], None]) -> None:
    """It has done: it leaves, or waits until all have come, but not longer than its kind says."""
    assert car.mission is not None
    if complete(car.mission.case):
        leave()
    else:
        car.waits = leave
        at_s = world.now_s + world.scenario.fleet.kinds[car.kind].holds_s
        world.plan_for(car, at_s, FREES, leave)
