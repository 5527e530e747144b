"""Relief: who comes free goes instead of one who is farther off."""

from math import inf
from typing import TYPE_CHECKING

from witness import choice, driving, homeward, who
from witness.nouns import OUT, Car

if TYPE_CHECKING:
    from witness.loop import World


def relieve(world: "World", car: Car) -> None:
    """Have a unit that has come free go instead of the one of its kind that it gains most on."""
    best, most = None, 0.0
    for other in world.cars:
        if other.doing == OUT and other.kind == car.kind and other.mission is not None:
            case = other.mission.case
            if not who.comes(world, car, case) or who.left_out(world, car, case):
                continue
            gained = who.expected(world, other, case) - who.expected(world, car, case)
            if world.scenario.policy.relieve_by <= gained < inf and gained > most:
                best, most = other, gained
    if best is None or best.mission is None:
        return
    case = best.mission.case
    homeward.give_up(world, best, "relieved")
    if any(resource in car.offers for resource in case.lacks):
        driving.send(world, car, case)
    choice.settle(world, [case])
    if who.is_free(world, best):
        choice.released(world, best)
