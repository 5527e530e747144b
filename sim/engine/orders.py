"""Orders as they are carried out: units sent, taken away, called back, moved."""

from collections.abc import Callable, Sequence
from typing import Any

from sim.engine.case import Bases, Case
from sim.engine.clock import UNITS, Clock, Story
from sim.engine.crew import Crew
from sim.engine.mission import Mission
from sim.engine.pool import Pool
from sim.engine.view import WorldView
from sim.engine.waiting import Waiting
from sim.seams import AnyOrder, Move, Order, Recall


class PolicyError(Exception):
    """A policy gave an order that cannot be carried out."""


class Orders:
    """Carries out orders, and keeps what they leave behind.

    ``bumped`` are incidents that have lost a unit, ``back`` units that have come free at once, and ``sent``
    says whether any went out, since the dispatcher last looked.
    """

    def __init__(
        self,
        clock: Clock,
        view: WorldView,
        pools: Sequence[Pool],
        bases: Sequence[Bases],
        waiting: Waiting,
        policy: str,
        release: Callable[[Crew, float], None],
    ) -> None:
        self._clock, self._view, self._pools, self._bases = clock, view, pools, bases
        self._waiting, self._policy, self.release = waiting, policy, release
        self.bumped: list[Case] = []
        self.back: list[Crew] = []
        self.sent = False
        self.when_sent: Callable[[Crew], None] | None = None

    def carry_out(self, order: AnyOrder) -> None:
        """Carry an order out now; raises PolicyError when it cannot be."""
        if order.__class__ is Order:
            self._send(order)
        elif order.__class__ is Recall:
            self.recall(order.unit, "relieved")
        elif order.__class__ is Move:
            self._move(*order)
        else:
            raise PolicyError(f"{self._policy}.decide gave {order!r}, not an order")

    def _move(self, crew: Any, site: int) -> None:
        """Have a free unit go to stand by at another site."""
        now_s, bases = self._view.now_s, self._bases[crew.kind]
        to = bases.position.get(site)
        if to is None or not crew.free:
            why = "is not free" if not crew.free else "no unit has its base there"
            raise PolicyError(f"at {now_s:.1f} s: unit {crew.name} was moved to site {site} but {why}")
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
            raise self._wrong(crew, case, "brings nothing that the incident lacks")
        case.sent.append(crew.offers)
        self.sent = True
        expected_s, nearest_s = self._view.foreseen(crew, case)
        self._pools[crew.kind].take(crew)
        self._clock.tell(
            crew.order(case, slot, now_s, expected_s, nearest_s, self.release), UNITS + crew.index
        )
        if self.when_sent is not None:
            self.when_sent(crew)

    def _pre_empt(self, crew: Crew, case: Case) -> None:
        """Take a unit away from the incident that it is on its way to."""
        mission = crew.on_the_way(self._view.now_s)
        if mission is None:
            raise self._wrong(crew, case, "is not free")
        other = mission.case
        if not case.urgency < other.urgency:
            raise self._wrong(crew, case, f"is on its way to incident {other.row}, which is as urgent")
        self.call_off(crew, mission, "pre-empted")
        self._pools[crew.kind].put(crew, self._view.now_s)
        self.bumped.append(other)

    def recall(self, crew: Any, cause: str) -> None:
        """Call a unit back, and have its incident ask for another if it needs one."""
        now_s = self._view.now_s
        mission = crew.on_the_way(now_s)
        if mission is None:
            raise PolicyError(f"at {now_s:.1f} s: unit {crew.name} was recalled but is not on its way")
        self.bumped.append(mission.case)
        self.give_back(crew, self.call_off(crew, mission, cause))

    def give_back(self, crew: Crew, free_s: float) -> None:
        """Have a unit that has given up be free from a moment on; if that is now, at once."""
        now_s = self._view.now_s
        if crew.withheld:
            self.release(crew, now_s)
        elif free_s > now_s:
            self.retell(crew, crew.come_free(free_s, self.release))
        else:
            self._pools[crew.kind].put(crew, now_s)
            self.back.append(crew)

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
        return crew.stand_down(mission, cause, where, now_s + until_s, now_s)

    def _take_back(self, crew: Crew, mission: Mission, cause: str) -> None:
        """Have an incident ask for another unit, because one that was sent does not come."""
        case = mission.case
        case.slots.append(mission.marks)
        case.slots.sort()
        case.sent.remove(crew.offers)
        if case.scene is None or case.scene.out_s > self._view.now_s:
            self._waiting.rejoin(case, cause)

    def _wrong(self, crew: Crew, case: Case, why: str) -> PolicyError:
        now_s = self._view.now_s
        return PolicyError(f"incident {case.row} at {now_s:.1f} s: unit {crew.name} was ordered but {why}")
