"""The call-takers of one centre: who is free first, and who has gone home."""

from collections.abc import Iterator
from heapq import heappop, heappush, heapreplace
from itertools import repeat
from math import inf

from sim.model.calendar import Calendar
from sim.model.roster import Duty, Roster

NOBODY = -1
"""The number of the call-taker where there are as many as it takes."""


class Takers:
    """Call-takers by number, in the order in which they come; asked in order of the calls.

    One goes home at the end of the duty, or once the last call begun before it is done.
    """

    def __init__(self, duties: Iterator[Duty]) -> None:
        self._duties = enumerate(_each(duties))
        self._coming = next(self._duties, None)
        self._free: list[tuple[float, int, float]] = []

    def soonest(self, at_s: float) -> float:
        """Return when somebody can turn to a call that comes at a moment, after all calls before it."""
        free = self._free
        while True:
            while (coming := self._coming) and (not free or coming[1][0] <= max(at_s, free[0][0])):
                number, (from_s, until_s) = coming
                heappush(free, (from_s, number, until_s))
                self._coming = next(self._duties, None)
            from_s, _, until_s = free[0]
            begun_s = max(at_s, from_s)
            if begun_s < until_s:
                return begun_s
            heappop(free)

    def take(self, until_s: float) -> int:
        """Have the one who was soonest be busy until a moment; return who that is."""
        _, number, home_s = self._free[0]
        heapreplace(self._free, (until_s, number, home_s))
        return number


class AnyNumber(Takers):
    """As many call-takers as there are calls."""

    def __init__(self) -> None:
        super().__init__(iter(()))

    def soonest(self, at_s: float) -> float:
        """Return the moment itself."""
        return at_s

    def take(self, until_s: float) -> int:
        """Return nobody in particular."""
        return NOBODY


def takers(staff: int | Roster | None, calendar: Calendar) -> Takers:
    """Return the call-takers of a centre: a number all the time, by a roster, or as many as it takes."""
    if staff is None:
        return AnyNumber()
    if isinstance(staff, int):
        return Takers(iter([Duty(0.0, inf, staff)]))
    return Takers(staff.duties(calendar))


def _each(duties: Iterator[Duty]) -> Iterator[tuple[float, float]]:
    """Yield from when until when each single person is on duty."""
    for from_s, until_s, people in duties:
        yield from repeat((from_s, until_s), people)
