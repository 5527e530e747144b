"""Units in and out of service: why one cannot be sent, and what it does meanwhile."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from sim.engine.clock import UNITS, Bell, Clock, Story
from sim.engine.crew import Crew
from sim.engine.log import Recorder
from sim.engine.pool import Pool


class Service:
    """Takes units out of service, each for one or more reasons (OUT_REASONS), and puts them back.

    One that is on a mission finishes it. Then it is *idle*: it goes home, or is there, and cannot be sent
    until no reason is left.
    """

    def __init__(
        self, clock: Clock, pools: Sequence[Pool], recorder: Recorder, release: Callable[[Crew, float], None]
    ) -> None:
        self._clock, self._pools, self._recorder, self._release = clock, pools, recorder, release
        self._bells: defaultdict[Crew, Bell] = defaultdict(Bell)
        self._ways_home: dict[Crew, Story] = {}

    @property
    def now_s(self) -> float:
        """The moment that it is."""
        return float(self._clock.now)

    def withhold(self, crew: Crew, reason: str) -> None:
        """Have a unit not be sent any more, for one more reason."""
        if reason not in crew.withheld:
            crew.withheld[reason] = self._recorder.out_of_service(crew.index, reason, self.now_s)
        if crew.free:
            self._pools[crew.kind].take(crew)
            self.stand_idle(crew)

    def restore(self, crew: Crew, reason: str) -> None:
        """Have a reason be no more, if it was one; without any, the unit can be sent again."""
        if (spell := crew.withheld.pop(reason, None)) is not None:
            spell[-1] = self.now_s
        if crew.idle and not crew.withheld:
            crew.idle = False
            self._forget_way_home(crew)
            self._release(crew, self.now_s)

    def record(self, crew: Crew, reason: str, until_s: float) -> None:
        """Record that a unit cannot be sent for a reason from now on, and until when."""
        self._recorder.out_of_service(crew.index, reason, self.now_s, until_s)

    def stand_idle(self, crew: Crew) -> None:
        """Have a unit that is withheld and has no mission any more go home."""
        crew.idle = True
        self._bells[crew].ring(self._clock)
        self.head_home(crew)

    def head_home(self, crew: Crew) -> None:
        """Hear of when an idle unit is in quarters, as that is foreseen now."""
        self._forget_way_home(crew)
        if crew.idle and crew.home_s > self.now_s:
            story = self._ways_home[crew] = crew.come_free(crew.home_s, self._be_home)
            self._clock.tell(story, UNITS + crew.index)

    def busy(self, crew: Crew) -> bool:
        """Whether a unit is on a mission, and not yet free."""
        return not crew.free and not crew.idle

    def in_quarters(self, crew: Crew) -> bool:
        """Whether a unit has no mission, and is at its base."""
        return not self.busy(crew) and crew.home_s <= self.now_s

    def done(self, crew: Crew) -> Story:
        """Wait until a unit that is withheld is not on a mission any more."""
        while self.busy(crew):
            yield self._bells[crew]

    def home(self, crew: Crew) -> Story:
        """Wait until a unit that is withheld is in quarters."""
        while not self.in_quarters(crew):
            yield self._bells[crew]

    def stay(self, crew: Crew, reason: str, lasting_s: float) -> Story:
        """Withhold a unit, and wait until it has been in quarters for so long since."""
        self.withhold(crew, reason)
        yield from self.home(crew)
        yield self.now_s + lasting_s

    def _be_home(self, crew: Crew, now_s: float) -> None:
        del self._ways_home[crew]
        self._bells[crew].ring(self._clock)

    def _forget_way_home(self, crew: Crew) -> None:
        if (story := self._ways_home.pop(crew, None)) is not None:
            story.close()
