"""Shifts by hours and weekdays: who is on duty when, and when nobody is."""

from datetime import date
from itertools import islice, takewhile
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.calendar import Calendar
from sim.model.roster import WEEK_S, Duty, Roster, Shift

H = 3600.0
ALL = tuple(range(7))
SATURDAY = Calendar(date(2022, 1, 1))


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    """A run that starts on a Saturday at midnight finds those of Friday's night at work."""
    night = Shift(2, 20 * H, 12 * H, (4, 6))
    assert list(islice(night.duties(SATURDAY), 3)) == [
        Duty(-4 * H, 8 * H, 2),
        Duty(44 * H, 56 * H, 2),
        Duty(164 * H, 176 * H, 2),
    ]


def test_a_whole_day_shift_on_days_in_a_row_is_one_duty() -> None:
    assert Shift(1, 8 * H, 24 * H, (5, 6, 0)).spans == [(128 * H, 200 * H)]
    assert Shift(1, 8 * H, 24 * H, ALL).spans == [(0.0, inf)]
    assert list(Shift(3, 0, 24 * H, ALL).duties(SATURDAY)) == [Duty(0.0, inf, 3)]


def test_gaps_are_named_also_over_the_end_of_the_week() -> None:
    day, night = Shift(1, 8 * H, 12 * H, ALL), Shift(1, 20 * H, 12 * H, ALL[:6])
    assert Roster((day, night)).gaps == [(164 * H, 176 * H)]
    assert Roster((day, Shift(1, 20 * H, 12 * H, ALL))).gaps == []
    assert Roster((Shift(1, 8 * H, 24 * H, ALL),)).gaps == []
    assert Roster(()).gaps == [(0.0, WEEK_S)]
    long = Shift(1, 0.0, 24 * H, (0, 5, 6))
    nights = [(begin * H, (begin + 12) * H) for begin in (44, 68, 92)]
    assert Roster((day, long)).gaps == [(24 * H, 32 * H), *nights, (116 * H, 120 * H)]


def test_the_mean_is_over_the_week() -> None:
    assert Roster((Shift(3, 8 * H, 12 * H, ALL), Shift(1, 20 * H, 12 * H, ALL))).mean == pytest.approx(2)
    assert Roster((Shift(7, 0.0, 24 * H, ALL),)).mean == 7


shifts = st.builds(
    Shift,
    st.integers(1, 3),
    st.integers(0, 23).map(lambda h: h * H),
    st.integers(1, 24).map(lambda h: h * H),
    st.sets(st.sampled_from(ALL), min_size=1).map(lambda days: tuple(sorted(days))),
)


@given(st.lists(shifts, min_size=1, max_size=4), st.integers(1, 7))
def test_duties_and_gaps_are_those_of_a_plain_recount_by_the_hour(rota: list[Shift], day: int) -> None:
    """Every hour of the second week, counted from the shifts' own words."""
    calendar, roster = Calendar(date(2022, 1, day)), Roster(tuple(rota))
    first = calendar.start.weekday()
    wanted, found = np.zeros(336, int), np.zeros(336, int)
    for hour in range(336):
        for shift in rota:
            for back in (0, 1):
                begun = hour - (hour % 24) - 24 * back + shift.start_s / H
                on = begun <= hour < begun + shift.length_s / H
                wanted[hour] += shift.count * (on and (hour // 24 - back + first) % 7 in shift.weekdays)
    duties = list(takewhile(lambda duty: duty.from_s < 336 * H, roster.duties(calendar)))
    assert [duty.from_s for duty in duties] == sorted(duty.from_s for duty in duties)
    for duty in duties:
        begin, end = (min(max(at / H, 0), 336) for at in duty[:2])
        found[int(begin) : int(end)] += duty.people
    assert np.array_equal(found, wanted)
    by_weekday = np.roll(wanted[168:] > 0, first * 24)
    gaps = np.ones(168, bool)
    for begin, end in roster.gaps:
        for hour in range(int(begin / H), int(end / H)):
            gaps[hour % 168] = False
    assert np.array_equal(gaps, by_weekday)
