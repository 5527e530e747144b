"""The dispatcher: asks the policy, and carries out its orders."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from sim.engine.case import Bases, Case
from sim.engine.clock import UNITS, Clock, Story
from sim.engine.crew import Crew
from sim.engine.mission import Mission
from sim.engine.pool import Pool
from sim.engine.view import WorldView
from sim.engine.waiting import Waiting, again_and_again
from sim.seams import Move, Need, Order, Policy, Recall

HEARD = ("freed", "sent")
"""What a policy may hear of; see Policy."""


_urgency = attrgetter("urgency")


class PolicyError(Exception):
    """A policy gave an order that cannot be carried out."""


class Dispatcher:
    """Opens incidents, sends units, and serves the waiting when a unit comes free."""

    def __init__(
        self,
        clock: Clock,
        policy: Policy,
        view: WorldView,
        pools: Sequence[Pool],
        bases: Sequence[Bases],
        waiting: Waiting,
    ) -> None:
        self._clock, self._policy, self._view = clock, policy, view
        self._pools, self._bases, self._waiting = pools, bases, waiting
        self._hears_of_the_freed, self._hears_of_the_sent = (word in policy.hears for word in HEARD)
        self._sent = False
        self._bumped: list[Case] = []
        self._back: list[Crew] = []
        self.when_sent: Callable[[Crew], None] | None = None

    def open(self, case: Case) -> None:
        """Send what the card asks for, now that the incident is classified; what is lacking waits."""
        view = self._view
        view.now_s = case.classified_s
        if case.scene is not None:
            case.scene.begin(view.now_s, partial(self._waiting.withdraw, case))
        if case.asks is None:
            self._decide_until_done(case)
        else:
            view.needs = [Need(case, r) for r in case.asks]
            self._decide()
        if case.lacking:
            self._waiting.join(case)
        if case.command is not None:
            case.command.begin(case, view.now_s, self)

    def ask_for(self, case: Case, more: Mapping[int, float], now_s: float) -> None:
        """Send what an incident takes beyond what was asked for before; what is lacking waits."""
        self._view.now_s = now_s
        for r, amount in more.items():
            case.lacking[r] = case.lacking.get(r, 0.0) + amount
        self._decide_until_done(case)
        self._waiting.wait_on(case)

    def do_without(self, case: Case, less: Mapping[int, float], now_s: float) -> None:
        """Ask for less, and call units back that are not needed, the last to arrive first."""
        self._view.now_s = now_s
        for r, amount in less.items():
            left = case.lacking.pop(r, 0.0) - amount
            if left > 1e-9:
                case.lacking[r] = left
        coming = [(m.arrived_s, crew) for crew, m in self._on_the_way(case)]
        for _, crew in sorted(coming, key=lambda found: -found[0]):
            if case.can_spare(crew.offers):
                self._recall(crew, "not needed")
        self._follow_up()

    def assembled(self, case: Case, now_s: float) -> bool:
        """Whether an incident lacks nothing, and all units that were sent are there."""
        self._view.now_s = now_s
        return not case.lacking and next(self._on_the_way(case), None) is None

    def _on_the_way(self, case: Case) -> Iterator[tuple[Crew, Mission]]:
        for pool in self._pools:
            for crew in pool.crews:
                mission = crew.on_the_way(self._view.now_s)
                if mission is not None and mission.case is case:
                    yield crew, mission

    def release(self, crew: Crew, now_s: float) -> None:
        """Take back a unit that has come free, and serve the most urgent that waits for what it brings."""
        if not crew.on_duty:
            crew.idle = True
            return
        self._pools[crew.kind].put(crew, now_s)
        if (wanted := self._waiting.wanted(crew)) or self._hears_of_the_freed:
            self._view.now_s = now_s
            self._offer(crew, wanted)
            self._follow_up()

    def come_on(self, crew: Crew, now_s: float) -> None:
        """Have a crew be on duty, from its base."""
        crew.on_duty, crew.call_in_s = True, 0.0
        if crew.idle:
            crew.idle = False
            self.release(crew, now_s)

    def go_off(self, crew: Crew, on_call_s: float | None, now_s: float) -> None:
        """Have a crew be on call, or not to be had (None) once it is done with what it is at."""
        if on_call_s is not None:
            crew.call_in_s = on_call_s
            return
        crew.on_duty = False
        if crew.free:
            self._pools[crew.kind].take(crew)
            crew.idle = True

    def fall_out(self, crew: Crew, mission: Mission, cause: str, now_s: float, back_s: float) -> None:
        """Have a unit that is on its way give up, and be at its base again at a moment."""
        self._view.now_s = now_s
        self._bumped.append(mission.case)
        self.call_off(crew, mission, cause)
        crew.head_home(mission, crew.leg_from, crew.leg_s, max(back_s, crew.home_s))
        self.retell(crew, crew.come_free(crew.home_s, self))
        self._follow_up()

    def _offer(self, crew: Crew, wanted: Sequence[int]) -> None:
        self._view.needs = self._in_turn(self._waiting.needs(wanted)) if wanted else ()
        self._view.freed = crew
        self._ask()
        self._view.freed = None

    def roads_changed(self, now_s: float) -> None:
        """Have travel times be asked for anew from now on."""
        self._view.now_s = now_s
        self._view.roads_changed()

    def serve_all(self) -> None:
        """Ask the policy about all that wait: somebody may be able to reach them now."""
        self._view.needs = self._in_turn(self._waiting.all_needs())
        self._decide()

    def _decide_until_done(self, case: Case) -> None:
        """Ask again for as long as orders bring more: people and equipment may take any number of units."""
        before: dict[int, float] = {}
        while case.lacking and case.lacking != before:
            before = dict(case.lacking)
            self._view.needs = (need for r in before for need in again_and_again(case, r))
            self._decide()

    def _decide(self) -> None:
        """Ask the policy, and again about the incidents and units that its orders leave behind."""
        self._ask()
        self._follow_up()

    def _follow_up(self) -> None:
        while self._bumped or self._back:
            if self._bumped:
                case = self._most_urgent_bumped()
                self._view.needs = (need for r in tuple(case.lacking) for need in again_and_again(case, r))
                self._ask()
                self._waiting.look(case)
            elif (crew := self._back.pop(0)).free and (
                (wanted := self._waiting.wanted(crew)) or self._hears_of_the_freed
            ):
                self._offer(crew, wanted)
        if self._sent and self._hears_of_the_sent:
            self._sent, self._view.sent, self._view.needs = False, True, ()
            self._ask()
            self._view.sent = False

    def _in_turn(self, needs: Iterable[Need]) -> Iterator[Need]:
        """Yield needs, and before each those of incidents that are more urgent and have just lost a unit."""
        for need in needs:
            assert isinstance(need.incident, Case)
            urgency = need.incident.urgency
            while self._bumped and min(self._bumped, key=_urgency).urgency < urgency:
                case = self._most_urgent_bumped()
                for r in tuple(case.lacking):
                    yield from again_and_again(case, r)
                self._waiting.look(case)
            yield need

    def _most_urgent_bumped(self) -> Case:
        case = min(self._bumped, key=_urgency)
        self._bumped.remove(case)
        return case

    def _ask(self) -> None:
        """Ask the policy, and carry out what it orders as it orders it."""
        decided = self._policy.decide(self._view)
        try:
            orders = iter(decided)
        except TypeError:
            why = f"{type(self._policy).__name__}.decide gave {decided!r}, not orders"
            raise PolicyError(why) from None
        for order in orders:
            if order.__class__ is Order:
                self._send(*order)
            elif order.__class__ is Recall:
                self._recall(order.unit, "relieved")
            elif order.__class__ is Move:
                self._move(*order)
            else:
                raise PolicyError(f"{type(self._policy).__name__}.decide gave {order!r}, not an order")

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

    def _send(self, crew: Any, case: Any) -> None:
        """Send a unit to an incident: a free one, or one that is on its way to something less urgent."""
        now_s = self._view.now_s
        if not crew.free:
            self._pre_empt(crew, case)
        slot = case.serve(crew.kind, crew.offers)
        if slot is None:
            raise self._wrong(crew, case, "brings nothing that the incident lacks")
        case.sent.append(crew.offers)
        self._sent = True
        expected_s, nearest_s = self._view.foreseen(crew, case)
        self._pools[crew.kind].take(crew)
        self._clock.tell(crew.order(case, slot, now_s, expected_s, nearest_s, self), UNITS + crew.index)
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
        self._bumped.append(other)

    def _recall(self, crew: Any, cause: str) -> None:
        """Call a unit back, and have its incident ask for another if it needs one."""
        now_s = self._view.now_s
        mission = crew.on_the_way(now_s)
        if mission is None:
            raise PolicyError(f"at {now_s:.1f} s: unit {crew.name} was recalled but is not on its way")
        self._bumped.append(mission.case)
        self.give_back(crew, self.call_off(crew, mission, cause))

    def give_back(self, crew: Crew, free_s: float) -> None:
        """Have a unit that has given up be free from a moment on; if that is now, at once."""
        now_s = self._view.now_s
        if not crew.on_duty:
            crew.idle = True
        elif free_s > now_s:
            self.retell(crew, crew.come_free(free_s, self))
        else:
            self._pools[crew.kind].put(crew, now_s)
            self._back.append(crew)

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
