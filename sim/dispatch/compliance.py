"""Keep the free units at the stations that matter most: a compliance table, or a list of priority."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sim.dispatch.move_up import MoveUp, Plan
from sim.model.distributions import FloatArray
from sim.seams import FreeUnit, Move, View, Ways
from sim.sheets import Fault

NO_WAY_S = 1e9
"""Where no way leads: more than any other."""


@dataclass(frozen=True, kw_only=True)
class Compliance(MoveUp):
    """Whenever units are sent or come free, the free ones move so that the stations of a table are manned.

    ``table`` says for a number of free units at which stations they should stand by, one name for each; for
    more of them than it knows, its largest number counts, and the others stay. With ``priority`` instead, the
    first n of a list of stations should be manned by n units. Units move so that the sum of their travel
    times from station to station is least. Raises FileError with what is unknown, ValueError without either.
    """

    table: Mapping[int, list[str]] = field(default_factory=dict)
    priority: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if bool(self.table) == bool(self.priority):
            raise ValueError("expected either a table, or a list of priority")
        if wrong := [n for n, names in self.table.items() if n != len(names)]:
            raise ValueError(f"expected as many stations as units, not so for {', '.join(map(str, wrong))}")
        super().__post_init__()

    @property
    def hears(self) -> Collection[str]:
        """Units that are sent, or come free."""
        return "freed", "sent"

    def begin(self, ways: Ways) -> "Manning":
        """Return the policy with the times between sites; roads that close later do not change them."""
        points = np.array([(site.x_m, site.y_m) for site in self.place.sites])
        times = ways.seconds(self.numbers[0], range(len(points)), points)
        return Manning(self, np.minimum(times, NO_WAY_S), self._wanted)

    @cached_property
    def _wanted(self) -> Mapping[int, Counter[int]]:
        """How many units should stand by at each site, by the number of free units."""
        table = self.table or {i: self.priority[:i] for i in range(1, len(self.priority) + 1)}
        return {n: Counter(self.index[name] for name in names) for n, names in table.items()}

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        yield from self._unknown(self.priority, ("priority",))
        for n, names in self.table.items():
            yield from self._unknown(names, ("table", str(n)))


@dataclass(frozen=True)
class Manning(Plan):
    """The seconds from each site to each other, shape (sites, sites), and whom the table wants where.

    ``wanted`` counts the units at each site, by the number of free ones.
    """

    times: FloatArray
    wanted: Mapping[int, Counter[int]]

    def decide(self, view: View) -> Iterator[Move]:
        """Yield the moves that man the stations which the table asks for."""
        if not view.sent and view.freed is None:
            return
        free = self.of.free(view)
        known = max((n for n in self.wanted if n <= len(free)), default=None)
        if known is not None:
            yield from self._assigned(*self._gaps(free, self.wanted[known]))

    @staticmethod
    def _gaps(
        free: list[tuple[FreeUnit, int]], wanted: Counter[int]
    ) -> tuple[list[int], list[tuple[FreeUnit, int]]]:
        """Return the sites that lack a unit, and the units that no site asks for."""
        left, spare = wanted.copy(), []
        for unit, site in free:
            if left[site] > 0:
                left[site] -= 1
            else:
                spare.append((unit, site))
        return sorted(left.elements()), spare

    def _assigned(self, empty: list[int], spare: list[tuple[FreeUnit, int]]) -> Iterator[Move]:
        from scipy.optimize import linear_sum_assignment

        if not empty or not spare:
            return
        cost = self.times[np.ix_([site for _, site in spare], empty)]
        for i, j in zip(*linear_sum_assignment(cost), strict=True):
            yield Move(spare[i][0], empty[j])
