"""Who is on a unit when, how long a crew may work, and when its vehicle is serviced."""

from collections.abc import Iterator
from heapq import merge
from itertools import repeat
from math import inf
from typing import NamedTuple

from sim.model.calendar import Calendar
from sim.model.roster import Roster


class Stint(NamedTuple):
    """A shift (index) that is on a unit from one moment to another, in seconds since the start."""

    shift: int
    from_s: float
    until_s: float


class WorkLimit(NamedTuple):
    """A crew that has been on missions for ``most_s`` since its last rest rests for ``rest_s``."""

    most_s: float
    rest_s: float


class Servicing(NamedTuple):
    """A vehicle is out for ``lasting_s`` every ``every_s``."""

    every_s: float
    lasting_s: float

    def first_s(self, i: int, n: int) -> float:
        """Return when the i-th of n units (from 0) is due first: they are spread over the interval."""
        return self.every_s * (i + 1) / n


class Hours(NamedTuple):
    """When a crew is on duty; at other hours it comes ``on_call_s`` later, or not at all (None).

    The roster's shifts, of so many people each, have ``names``. A shift whose unit is out at its end
    finishes; or the next one takes over where it is, which takes ``hand_over_s``. Each member of a shift is
    missing with a chance of ``absence``.
    """

    roster: Roster
    on_call_s: float | None = None
    names: tuple[str, ...] = ()
    hand_over_s: float | None = None
    absence: float = 0.0
    work_limit: WorkLimit | None = None

    def stints(self, calendar: Calendar) -> Iterator[Stint]:
        """Yield which shift is on when, in order; where they overlap, who came first stays until its end."""
        shifts = self.roster.shifts
        duties = merge(*(zip(each.duties(calendar), repeat(i)) for i, each in enumerate(shifts)))
        reached_s = -inf
        for (from_s, until_s, _), shift in duties:
            if until_s > reached_s:
                yield Stint(shift, max(from_s, reached_s), until_s)
                reached_s = until_s
            if reached_s == inf:
                return
