"""Orders as they are carried out: units sent, taken away, called back, moved."""

from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from sim.engine.asking import PolicyError
from sim.engine.case import Case
from sim.engine.clock import UNITS, Clock, Story
from sim.engine.crew import Crew
from sim.engine.mission import Mission
from sim.engine.pool import Pool
from sim.engine.reach import Bases
from sim.engine.view import WorldView
from sim.engine.waiting import Waiting
from sim.seams import AnyOrder, Move, Order, Recall

MOST_AT_ONCE = 1_000
"""Units moved, recalled or taken away at one moment, for each that there is; more are never meant."""


class Orders:
    """Carries out orders, and keeps what they leave behind.

    ``bumped`` are incidents that have lost a unit, and ``sent`` says whether any unit went out, since the
    dispatcher last looked.
    """

    def __init__(
        self,
        clock: Clock,
        view: WorldView,
        pools: Sequence[Pool],
        bases: Sequence[Bases],
        waiting: Waiting,
        release: Callable[[Crew, float], None],
        *,
        moves: bool,
    ) -> None:
        self._clock, self._view, self._pools, self._bases = clock, view, pools, bases
        self._waiting, self.release, self._moves = waiting, release, moves
        self.bumped: list[Case] = []
        self.sent = False
        self.when_sent: Callable[[Crew], None] | None = None
        self._turns, self._turns_at_s = 0, 0.0
        self._most = MOST_AT_ONCE * sum(len(pool.crews) for pool in pools)

    def carry_out(self, order: AnyOrder) -> None:
        """Carry an order out now; raises PolicyError when it cannot be, TypeError when it is none."""
        if order.__class__ is Order:
            self._send(order)
        elif order.__class__ is Recall:
            self._count(order.unit, "recalled")
            self.recall(order.unit, "relieved")
        elif order.__class__ is Move:
            self._count(order.unit, "moved")
            self._move(*order)
        else:
            raise TypeError(f"{order!r} is not an order")

    def _count(self, crew: Any, done: str) -> None:
        """Count what a policy could go on with for ever: all but the sending of free units."""
        if self._turns_at_s != self._view.now_s:
            self._turns, self._turns_at_s = 0, self._view.now_s
        self._turns += 1
        if self._turns > self._most:
            raise PolicyError(
                f"unit {crew.name} was {done}, and units were moved, recalled or taken away {self._most:,} "
                "times at this moment: it goes round in circles"
            )

    def _move(self, crew: Any, site: int) -> None:
        """Have a free unit go to stand by at another site."""
        now_s, bases = self._view.now_s, self._bases[crew.kind]
        to = bases.position.get(site)
        if not crew.free:
            raise PolicyError(f"unit {crew.name} was moved to site {site} but is not free")
        if to is None:
            raise PolicyError(f"unit {crew.name} was moved to site {site} but no unit has its base there")
        if not self._moves:
            raise PolicyError(f"unit {crew.name} was moved but the policy says it moves none (see moves)")
        if to == crew.base_position:
            return
        from_, pool = bases.sites[crew.base_position], self._pools[crew.kind]
        pool.settle(now_s)
        pool.send_off(crew)
        x, y = bases.points[to].tolist()
        crew.move((x, y), to, (from_, site), now_s)

    def _send(self, order: Any) -> None:
        """Send a unit to an incident: a free one, or one that is on its way to something less urgent."""
        crew, case, now_s = order.unit, order.incident, self._view.now_s
        if not crew.free:
            self._pre_empt(crew, case)
        slot = case.serve(crew.kind, crew.offers)
        if slot is None:
            raise _wrong(crew, case, "brings nothing that the incident lacks")
        case.sent.append(crew.offers)
        self.sent = True
        expected_s, nearest_s = self._view.foreseen(crew, case)
        if expected_s == inf or (self._view.tiered and not self._view.may_go(crew, case)):
            raise _wrong(crew, case, "cannot get there" if expected_s == inf else "is not to go there")
        self._pools[crew.kind].take(crew)
        self._clock.tell(
            crew.order(case, slot, now_s, expected_s, nearest_s, self.release), UNITS + crew.index
        )
        if self.when_sent is not None:
            self.when_sent(crew)

    def _pre_empt(self, crew: Crew, case: Case) -> None:
        """Take a unit away from the incident that it is on its way to."""
        self._count(crew, "taken away")
        mission = crew.on_the_way(self._view.now_s)
        if mission is None or crew.withheld:
            raise _wrong(crew, case, "is not free")
        other = mission.case
        if not case.urgency < other.urgency:
            raise _wrong(crew, case, f"is on its way to incident {other.row}, which is as urgent")
        self.call_off(crew, mission, "pre-empted")
        self._pools[crew.kind].put(crew, self._view.now_s)
        self.bumped.append(other)

    def recall(self, crew: Any, cause: str) -> None:
        """Call a unit back, and have its incident ask for another if it needs one."""
        mission = crew.on_the_way(self._view.now_s)
        if mission is None:
            raise PolicyError(f"unit {crew.name} was recalled but is not on its way")
        self.bumped.append(mission.case)
        self.give_back(crew, self.call_off(crew, mission, cause))

    def give_back(self, crew: Crew, free_s: float) -> None:
        """Have a unit that has given up be free from a moment on; if that is now, at once."""
        now_s = self._view.now_s
        if free_s > now_s:
            self.retell(crew, crew.come_free(free_s, self.release))
        else:
            self.release(crew, now_s)

    def retell(self, crew: Crew, story: Story) -> None:
        """Have a crew's story go on in another way."""
        if crew.story is not None:
            crew.story.close()
        crew.story = story
        self._clock.tell(story, UNITS + crew.index)

    def call_off(self, crew: Crew, mission: Mission, cause: str) -> float:
        """Have a unit give up its mission on its way; return when it can be sent again, if it goes home."""
        now_s = self._view.now_s
        if crew.story is not None:
            crew.story.close()
        where, until_s = crew.turn_back(now_s)
        self._take_back(crew, mission, cause)
        self._view.called_off(crew)
        return crew.stand_down(mission, cause, where, now_s + until_s, now_s)

    def _take_back(self, crew: Crew, mission: Mission, cause: str) -> None:
        """Have an incident ask for another unit, because one that was sent does not come."""
        case = mission.case
        case.slots.append(mission.marks)
        case.slots.sort()
        case.sent.remove(crew.offers)
        if case.scene is None or case.scene.out_s > self._view.now_s:
            self._waiting.rejoin(case, cause)


def _wrong(crew: Crew, case: Case, why: str) -> PolicyError:
    return PolicyError(f"unit {crew.name} was ordered to incident {case.row} but {why}")
