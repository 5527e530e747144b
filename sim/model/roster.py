"""Who is on duty when: shifts by hours and weekdays, the same every week."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import count
from math import inf
from typing import NamedTuple

from sim.model.calendar import Calendar
from sim.model.units import DAY_S

WEEK_DAYS = 7
WEEK_S = WEEK_DAYS * DAY_S

Span = tuple[float, float]
"""From one moment to another, in seconds."""


class Duty(NamedTuple):
    """So many people who are on duty from one moment to another, in seconds since the start."""

    from_s: float
    until_s: float
    people: int


@dataclass(frozen=True)
class Shift:
    """People on duty from ``start_s`` after midnight for ``length_s``, on some weekdays (Monday 0).

    A shift belongs to the day on which it begins, and lasts a day at most. Where it lasts a whole day and
    the next day has it too, the same people stay.
    """

    count: int
    start_s: float
    length_s: float
    weekdays: tuple[int, ...]

    @property
    def spans(self) -> list[Span]:
        """When its people come and go, in seconds from Monday's midnight; one that never ends is (0, inf)."""
        days = sorted(set(self.weekdays))
        if self.length_s < DAY_S:
            return [(day * DAY_S + self.start_s, day * DAY_S + self.start_s + self.length_s) for day in days]
        if len(days) == WEEK_DAYS:
            return [(0.0, inf)]
        first = [day for day in days if (day - 1) % WEEK_DAYS not in days]
        runs = [next(n for n in count(1) if (day + n) % WEEK_DAYS not in days) for day in first]
        return [
            (day * DAY_S + self.start_s, (day + run) * DAY_S + self.start_s)
            for day, run in zip(first, runs, strict=True)
        ]

    def duties(self, calendar: Calendar) -> Iterator[Duty]:
        """Yield all duties that end after the start of the run, in order of their beginning, without end."""
        spans = self.spans
        if spans == [(0.0, inf)]:
            yield Duty(0.0, inf, self.count)
            return
        monday_s = -calendar.start.weekday() * DAY_S
        for week in count(-1):
            for begin_s, end_s in spans:
                offset_s = monday_s + week * WEEK_S
                if end_s + offset_s > 0:
                    yield Duty(begin_s + offset_s, end_s + offset_s, self.count)


@dataclass(frozen=True)
class Roster:
    """Shifts; where they overlap, their people add up."""

    shifts: tuple[Shift, ...]

    def duties(self, calendar: Calendar) -> Iterator[Duty]:
        """Yield all duties that end after the start of the run, in order of their beginning."""
        return merge(*(shift.duties(calendar) for shift in self.shifts))

    @property
    def gaps(self) -> list[Span]:
        """The times of a week, in seconds from Monday's midnight, at which nobody is on duty.

        One over the end of the week goes on beyond it; a week without anybody is (0, a week).
        """
        covered = sorted(_in_week(span) for shift in self.shifts for span in shift.spans)
        if not covered:
            return [(0.0, WEEK_S)]
        reached, found = 0.0, []
        for week in range(3):  # what the first one shows is still to be covered by the end of one before it
            for begin, end in covered:
                begin_s = begin + week * WEEK_S
                if begin_s > reached and WEEK_S <= reached < 2 * WEEK_S:
                    found.append((reached - WEEK_S, begin_s - WEEK_S))
                reached = max(reached, end + week * WEEK_S)
        return found

    @property
    def mean(self) -> float:
        """The mean number of people on duty over a week."""
        return sum(
            shift.count * (min(end, WEEK_S + begin) - begin) / WEEK_S
            for shift in self.shifts
            for begin, end in shift.spans
        )


def _in_week(span: Span) -> Span:
    """Return a span that begins in the first week."""
    begin, end = span
    return begin % WEEK_S, end - begin + begin % WEEK_S
