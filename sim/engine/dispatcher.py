"""The dispatcher: asks the policy, and carries out its orders."""

from collections.abc import Sequence
from functools import partial

from sim.engine.case import Case, SlotMarks
from sim.engine.clock import Clock
from sim.engine.crew import Crew
from sim.engine.pool import Pool
from sim.engine.view import WorldView
from sim.engine.waiting import Waiting, again_and_again
from sim.seams import Need, Order, Policy


class PolicyError(Exception):
    """A policy gave an order that cannot be carried out."""


class Dispatcher:
    """Opens incidents, sends units, and serves the waiting when a unit comes free."""

    def __init__(
        self, clock: Clock, policy: Policy, view: WorldView, pools: Sequence[Pool], waiting: Waiting
    ) -> None:
        self._clock, self._policy, self._view = clock, policy, view
        self._pools, self._waiting = pools, waiting

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

    def release(self, crew: Crew, now_s: float) -> None:
        """Take back a unit that has come free, and serve the most urgent that waits for what it brings."""
        self._pools[crew.kind].put(crew, now_s)
        if wanted := self._waiting.wanted(crew):
            self._view.now_s = now_s
            self._view.needs = self._waiting.needs(wanted)
            self._decide()

    def take_back(self, crew: Crew, case: Case, slot: SlotMarks) -> None:
        """Have an incident ask for another unit, because one that was sent does not come."""
        case.slots.append(slot)
        case.slots.sort()
        case.sent.remove(crew.offers)
        if case.scene is None or case.scene.out_s > self._view.now_s:
            self._waiting.rejoin(case, crew)

    def roads_changed(self, now_s: float) -> None:
        """Have travel times be asked for anew from now on."""
        self._view.now_s = now_s
        self._view.roads_changed()

    def serve_all(self) -> None:
        """Ask the policy about all that wait: somebody may be able to reach them now."""
        self._view.needs = self._waiting.all_needs()
        self._decide()

    def _decide_until_done(self, case: Case) -> None:
        """Ask again for as long as orders bring more: people and equipment may take any number of units."""
        before: dict[int, float] = {}
        while case.lacking and case.lacking != before:
            before = dict(case.lacking)
            self._view.needs = (need for r in before for need in again_and_again(case, r))
            self._decide()

    def _decide(self) -> None:
        """Ask the policy, and carry out what it orders as it orders it."""
        decided = self._policy.decide(self._view)
        try:
            orders = iter(decided)
        except TypeError:
            why = f"{type(self._policy).__name__}.decide gave {decided!r}, not orders"
            raise PolicyError(why) from None
        for order in orders:
            self._send(order)

    def _send(self, order: Order) -> None:
        crew, case = order if order.__class__ is Order else (None, None)
        if crew.__class__ is not Crew or case.__class__ is not Case:
            raise PolicyError(f"{type(self._policy).__name__}.decide gave {order!r}, not an Order")
        now_s = self._view.now_s
        slot = case.serve(crew.kind, crew.offers) if crew.free else None
        if slot is None:
            why = "is not free" if not crew.free else "brings nothing that the incident lacks"
            raise PolicyError(f"incident {case.row} at {now_s:.1f} s: unit {crew.name} was ordered but {why}")
        case.sent.append(crew.offers)
        expected_s, nearest_s = self._view.foreseen(crew, case)
        self._pools[crew.kind].take(crew)
        self._clock.tell(crew.order(case, slot, now_s, expected_s, nearest_s, self))
