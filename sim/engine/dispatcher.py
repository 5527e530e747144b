"""The dispatcher: asks the policy, and has its orders carried out."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from math import inf
from operator import itemgetter

from sim.engine.asking import PolicyError, fault
from sim.engine.case import Case
from sim.engine.clock import OFFERS, Clock, Story
from sim.engine.crew import Crew
from sim.engine.log import Recorder
from sim.engine.mission import Mission
from sim.engine.orders import Orders
from sim.engine.pool import Pool
from sim.engine.reach import Bases
from sim.engine.scene import Scene
from sim.engine.service import Service
from sim.engine.view import WorldView
from sim.engine.waiting import Waiting, again_and_again
from sim.seams import HEARD, AnyOrder, Need, Policy


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
        recorder: Recorder,
    ) -> None:
        self._clock, self._policy, self._view = clock, policy, view
        self._pools, self._waiting = pools, waiting
        self._turn = waiting.turn
        self._hears_of_the_freed, self._hears_of_the_sent = (word in policy.hears for word in HEARD)
        self.orders = Orders(clock, view, pools, bases, waiting, self.release, moves=policy.moves)
        self.service = Service(clock, pools, recorder, self.release)
        self._about: Case | None = None

    def open(self, case: Case) -> None:
        """Send what the card asks for, now that the incident is classified; what is lacking waits."""
        view, self._about = self._view, case
        view.now_s = case.decided_s
        if case.scene is not None:
            case.scene.begin(view.now_s, partial(self._be_over, case, case.scene))
        if case.asks is None:
            self._decide_until_done(case)
        else:
            view.needs = list(map(Need, repeat(case), case.asks))
            self._decide()
        if case.lacking:
            self._waiting.join(case)
        if case.command is not None:
            case.command.begin(case, view.now_s, self)

    def ask_anew(self, case: Case, now_s: float) -> None:
        """Send what an incident takes now beyond what others bring that were sent; what is lacking waits."""
        self._view.now_s, self._about = now_s, case
        self._waiting.count(case)
        self._decide_until_done(case)
        self._waiting.wait_on(case)
        if case.gathering is not None:
            case.gathering.look(case)

    def level_changed(self, case: Case, now_s: float) -> None:
        """Have an incident wait in its turn, and its patients go to hospital, by what it is taken to be now.

        Those that are on their way go on as they were sent, and so do those that have left the scene.
        """
        self._waiting.queue_anew(case)
        self._view.forget_ways()
        for pool in self._pools:
            for crew in pool.crews:
                mission = crew.mission
                if mission is not None and mission.case is case and mission.marks.transport:
                    self._choose_hospital_anew(crew, mission, now_s)

    def _choose_hospital_anew(self, crew: Crew, mission: Mission, now_s: float) -> None:
        """Foresee the way from the scene anew, if it is known when the crew leaves and it has not left."""
        if mission.arrived_s <= now_s and not mission.left_scene_s <= now_s:
            mission.haste = mission.case.haste
        if mission.arrived_s <= now_s < mission.left_scene_s:
            before_s, free_s = crew.free_s(mission), crew.foresee_return(mission)
            if free_s != before_s:
                self.orders.retell(crew, crew.come_free(free_s, self.release))

    def call_back(self, case: Case, now_s: float) -> None:
        """Call units back that are not needed, the last to arrive first.

        Those of forces that are released once things are under control go before all others.
        """
        self._view.now_s, self._about = now_s, case
        coming = [(crew.force.release == "out", -m.arrived_s, crew) for crew, m in self._on_the_way(case)]
        for _, _, crew in sorted(coming, key=itemgetter(0, 1)):
            if case.can_spare(crew.offers):
                self.orders.recall(crew, "not needed")
        self._follow_up()

    def _be_over(self, case: Case, scene: Scene) -> None:
        """Call units back that were to work on a task that is over, and wait for no more."""
        self._view.now_s = scene.out_s
        self._waiting.withdraw(case)
        if case.gathering is not None:
            case.gathering.look(case)
        for crew, mission in [*self._on_the_way(case)]:
            if scene.task.rate(crew.kind, crew.people):
                self.orders.give_back(crew, self.orders.call_off(crew, mission, "not needed"))
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
        """Take back a unit that has come free; it is offered once all are there that do at this moment."""
        if crew.withheld:
            self.service.stand_idle(crew)
            return
        self._pools[crew.kind].put(crew, now_s)
        if self._hears_of_the_freed or self._waiting.wanted(crew):
            self._clock.tell(self._offer(crew, now_s), OFFERS + crew.index)

    def fall_out(self, crew: Crew, mission: Mission, cause: str, now_s: float, back_s: float) -> None:
        """Have a unit that is on its way give up, and be at its base again at a moment."""
        self._view.now_s = now_s
        self.orders.bumped.append(mission.case)
        self.orders.call_off(crew, mission, cause)
        home_s = max(back_s, crew.home_s) if crew.home_s < inf else back_s
        crew.head_home(mission, crew.leg_from, crew.leg_s, home_s)
        self.service.record(crew, cause, crew.home_s)
        self.orders.retell(crew, crew.come_free(crew.home_s, self.release))
        self._follow_up()

    def _offer(self, crew: Crew, now_s: float) -> Story:
        """Serve who is next in turn for what a unit brings that has come free, unless it has been sent."""
        yield now_s
        view, waiting = self._view, self._waiting
        if crew.free and ((wanted := waiting.wanted(crew)) or self._hears_of_the_freed):
            view.needs = self._in_turn(waiting.needs(wanted)) if wanted else ()
            view.now_s, view.freed, self._about = now_s, crew, None
            self._ask()
            view.freed = None
            self._follow_up()

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
        """Ask the policy, and again about the incidents that its orders take units from."""
        self._ask()
        self._follow_up()

    def _follow_up(self) -> None:
        while self.orders.bumped:
            case = self._next_bumped()
            self._view.needs = (need for r in tuple(case.lacking) for need in again_and_again(case, r))
            self._ask()
            self._waiting.look(case)
        if self.orders.sent and self._hears_of_the_sent:
            self.orders.sent, self._view.sent, self._view.needs = False, True, ()
            self._ask()
            self._view.sent = False

    def _in_turn(self, needs: Iterable[Need]) -> Iterator[Need]:
        """Yield needs, and before each those of incidents before it in turn that have just lost a unit."""
        for need in needs:
            assert isinstance(need.incident, Case)
            turn = self._turn(need.incident)
            while self.orders.bumped and min(map(self._turn, self.orders.bumped)) < turn:
                case = self._next_bumped()
                for r in tuple(case.lacking):
                    yield from again_and_again(case, r)
                self._waiting.look(case)
            self._about = need.incident
            yield need

    def _next_bumped(self) -> Case:
        case = self._about = min(self.orders.bumped, key=self._turn)
        self.orders.bumped.remove(case)
        return case

    def _ask(self) -> None:
        """Ask the policy, and carry out what it orders as it orders it."""
        given: Iterable[AnyOrder] = ()
        order, carry_out = None, self.orders.carry_out
        try:
            given = self._policy.decide(self._view)
            for order in given:
                carry_out(order)
        except (Exception, SystemExit) as error:
            why = fault(self._policy, given, order, error)
            if why is None:
                raise
            about = "" if self._about is None else f"incident {self._about.row} "
            raise PolicyError(f"{about}at {self._view.now_s:.1f} s: {why}") from error
