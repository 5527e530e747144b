"""From the call until it is known what is asked for."""

from functools import partial
from typing import TYPE_CHECKING

from witness import choice, command
from witness.nouns import Case

if TYPE_CHECKING:
    from witness.loop import World

from witness.ranks import CALLS


class Desk:
    """The call-takers; callers wait in the order of their calls."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.free = world.scenario.centre.call_takers
        self.waiting: list[Case] = []

    def ring(self, case: Case) -> None:
        """A call comes in."""
        self.waiting.append(case)
        self.answer()

    def answer(self) -> None:
        """Each free call-taker takes the next call: it rings, is answered, and then handled."""
        world = self.world
        while self.waiting and self.free != 0:
            case = self.waiting.pop(0)
            self.free = None if self.free is None else self.free - 1
            case.answered_s = world.now_s + world.scenario.centre.pick_up_s
            case.classified_s = case.answered_s + float(world.incidents.handling_s[case.row])
            world.plan(case.classified_s, CALLS, partial(self.classify, case))

    def classify(self, case: Case) -> None:
        """It is known what is asked for; the call-taker is free for the next call."""
        self.free = None if self.free is None else self.free + 1
        self.answer()
        case.heard = True
        choice.settle(self.world, [case])
        choice.turn_away(self.world, case)
        command.begin(self.world, case)


def expect(world: "World") -> None:
    """Plan all calls."""
    desk = Desk(world)
    for case in world.cases:
        world.plan(float(world.incidents.reported_s[case.row]), CALLS, partial(desk.ring, case))
