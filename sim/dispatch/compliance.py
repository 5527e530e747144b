"""Keep the free units at the stations that matter most: a compliance table, or a list of priority."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from math import inf

import numpy as np

from sim.dispatch.move_up import MoveUp
from sim.seams import FreeUnit, Move, View
from sim.sheets import Fault

NO_WAY_S = 1e9
"""Where no way leads: more than any other."""


@dataclass(frozen=True, kw_only=True)
class Compliance(MoveUp):
    """Whenever units are sent or come free, the free ones move so that the stations of a table are manned.

    ``table`` says for a number of free units at which stations they should stand by, one name for each; for
    more of them than it knows, its largest number counts, and the others stay. With ``priority`` instead, the
    first n of a list of stations should be manned by n units. Where more stand by than should, those that
    are there stay rather than those on their way. Units move so that the sum of their travel times, from
    where they are, is least. Raises FileError with what is unknown, ValueError without either.
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

    def decide(self, view: View) -> Iterator[Move]:
        """Yield the moves that man the stations which the table asks for."""
        if not view.sent and view.freed is None:
            return
        free = self.free(view)
        known = max((n for n in self._wanted if n <= len(free)), default=None)
        if known is not None:
            yield from _assigned(view, *_gaps(view, free, self._wanted[known]))

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


def _gaps(
    view: View, free: list[tuple[FreeUnit, int]], wanted: Mapping[int, int]
) -> tuple[list[int], list[FreeUnit]]:
    """Return the sites that lack units, and the units that no site asks for: the last to be where they go."""
    there: dict[int, list[FreeUnit]] = {}
    for unit, site in free:
        there.setdefault(site, []).append(unit)
    empty, spare = [], []
    for site in sorted({*there, *wanted}):
        units, n = there.get(site, []), wanted.get(site, 0)
        empty += [site] * (n - len(units))
        if 0 < n < len(units):
            units.sort(key=partial(view.seconds_to, site=site))
        spare += units[n:]
    return empty, spare


def _assigned(view: View, empty: list[int], spare: list[FreeUnit]) -> Iterator[Move]:
    """Yield moves of spare units to empty sites: those whose travel times sum up to least."""
    from scipy.optimize import linear_sum_assignment

    if not empty or not spare:
        return
    times = np.array([[view.seconds_to(unit, site) for site in empty] for unit in spare])
    for i, j in zip(*linear_sum_assignment(np.minimum(times, NO_WAY_S)), strict=True):
        if times[i, j] < inf:
            yield Move(spare[i], empty[j])
