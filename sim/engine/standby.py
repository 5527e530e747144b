"""A unit and the base where it stands by: at it, on its way there, or moved to another."""

from dataclasses import dataclass
from math import inf

from sim.engine.log import Recorder
from sim.engine.medical import Hospitals
from sim.engine.mission import NAN, Mission
from sim.model.resources import UnitKind
from sim.seams import Point, Route, TravelTimes


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every crew needs to know of the world."""

    travel: TravelTimes
    alerting_s: float
    hospitals: Hospitals
    recorder: Recorder
    stays_available: bool


class Standby:
    """Where a unit is when it is on no mission: between ``leg_from``, left at ``leg_s``, and its base.

    ``mission`` is its last one, if any, and ends there. On call it takes ``call_in_s`` longer to turn out.
    """

    __slots__ = (
        "_moved_m",
        "_moving",
        "_turnout_s",
        "_world",
        "base_position",
        "call_in_s",
        "home",
        "home_s",
        "index",
        "leg_from",
        "leg_s",
        "mission",
        "modes",
        "route",
    )

    def __init__(
        self, world: Surroundings, index: int, kind: UnitKind, home: Point, base_position: int
    ) -> None:
        self._world, self._turnout_s = world, kind.turnout.median_s
        self.index, self.modes = index, kind.modes
        self.home, self.base_position = home, base_position
        self.leg_from, self.leg_s, self.home_s = home, 0.0, 0.0
        self.call_in_s = 0.0
        self.route: Route | None = None
        self.mission: Mission | None = None
        self._moving: list[float] | None = None
        self._moved_m = 0.0

    def turn(self, now_s: float) -> tuple[Point, float]:
        """Return where a free unit can set out for an incident, and how long until it is there.

        At once from its base; on its way there, see Route.
        """
        if now_s >= self.home_s:
            return self.home, 0.0
        if now_s <= self.leg_s or self.home_s == inf:
            return self.leg_from, max(0.0, self.leg_s - now_s)
        return self._way_home().turn((now_s - self.leg_s) / (self.home_s - self.leg_s))

    def _way_home(self) -> Route:
        """Return the way that it takes on its leg home."""
        if self.route is None:
            travel = self._world.travel
            self.route = travel.route(self.leg_from, self.home, at_s=self.leg_s, mode=self.modes.home)
        return self.route

    def move(self, home: Point, base_position: int, sites: tuple[int, int], now_s: float) -> None:
        """Go to stand by at another base, of these two ``sites`` from the one to the other.

        From a base it sets out once it is told, called in, and has turned out, in the typical time of its
        kind. On its way home the noise is that of the trip.
        """
        where, until_s = self.turn(now_s)
        begun_s = now_s + until_s
        if now_s >= self.home_s:
            begun_s = now_s + self._world.alerting_s + self._turnout_s + self.call_in_s
        self.break_off_move(now_s, now_s + until_s)
        drive_s = self._world.travel.between(where, home, at_s=begun_s, mode=self.modes.home)
        if self.mission is not None and self.mission.in_quarters_s > now_s:
            drive_s *= self.mission.marks.noise_home
            self.mission.in_quarters_s = begun_s + drive_s
            self._world.recorder.mission(self.mission)
        self.home, self.base_position, self.route = home, base_position, None
        self.leg_from, self.leg_s, self.home_s = where, begun_s, begun_s + drive_s
        self._moving = self._world.recorder.move(self.index, *sites, now_s, begun_s, NAN, self.home_s)
        self._moved_m, self._moving[-2] = 0.0, self._leg_m()

    def _leg_m(self) -> float:
        """Return how far it is home from where the leg began; 0 while there is no way."""
        return 0.0 if self.home_s == inf else self._way_home().metres()

    def _gone_m(self, at_s: float) -> float:
        """Return how far the crew has gone on its leg at a moment."""
        if at_s <= self.leg_s or self.route is None or self.home_s == inf:
            return 0.0
        return self.route.metres(min(1.0, (at_s - self.leg_s) / (self.home_s - self.leg_s)))

    def move_on(self, where: Point, begun_s: float, home_s: float) -> None:
        """Go on with a move by another way, from a point that is left at a moment."""
        assert self._moving is not None
        self._moved_m += self._gone_m(begun_s)
        self.leg_from, self.leg_s, self.home_s, self.route = where, begun_s, home_s, None
        self._moving[-2:] = self._moved_m + self._leg_m(), home_s

    def is_moving(self, now_s: float) -> bool:
        """Whether the crew is moving to another base."""
        return self._moving is not None and now_s < self._moving[-1]

    def break_off_move(self, now_s: float, turned_s: float) -> None:
        """Have the last move have no end, if it is not over, and lead no further than to where it turns."""
        if self._moving is not None and self.is_moving(now_s):
            self._moving[-2:] = self._moved_m + self._gone_m(turned_s), NAN
        self._moving = None
