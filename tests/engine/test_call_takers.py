"""Call-takers by shift: worked out on paper, and what holds for any roster."""

from itertools import takewhile
from typing import Any

import numpy as np
import pytest
from centre import calls, clock, taken
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import call, world

import sim
from sim.engine.takers import takers

HOUR = 3600.0
DAY_AND_NIGHT = {
    "day": {"count": 1, "start": "8 h", "end": "20 h"},
    "night": {"count": 1, "start": "20 h", "end": "8 h"},
}


def test_at_the_end_of_a_shift_a_taker_finishes_the_call_and_takes_no_more() -> None:
    """The night's taker is done with the first call at 8:08; the other two wait for the day's, from 8:00."""
    tables = taken(calls("07:58", "07:59", "08:01"), call_takers=DAY_AND_NIGHT)
    assert clock(tables.incidents["answered_s"]) == ["07:58", "08:00", "08:10"]
    assert clock(tables.incidents["classified_s"]) == ["08:08", "08:10", "08:20"]


def test_shifts_that_overlap_add_up() -> None:
    both = DAY_AND_NIGHT | {"peak": {"count": 2, "start": "8 h", "end": "10 h", "days": ["weekdays"]}}
    tables = taken(calls(*["09:00"] * 5, "09:55", "09:56", "09:57", "09:58"), call_takers=both)
    waits = ["09:00"] * 3 + ["09:10"] * 2 + ["09:55", "09:56", "09:57", "10:05"]
    assert clock(tables.incidents["answered_s"]) == waits


def test_another_day_has_other_shifts() -> None:
    weekend = {"a": DAY_AND_NIGHT["day"] | {"days": ["weekdays"]}, "b": DAY_AND_NIGHT["night"]}
    weekend |= {"c": {"count": 2, "start": "8 h", "end": "20 h", "days": ["saturday", "sunday"]}}
    for day, second in (("2022-01-07", "09:10"), ("2022-01-08", "09:00")):
        tables = taken(calls(f"{day} 09:00", f"{day} 09:00"), call_takers=weekend)
        assert clock(tables.incidents["answered_s"]) == ["09:00", second]


def busy(**centre: Any) -> dict[str, Any]:
    """Six calls an hour, each ten minutes of handling on average."""
    handling = {"dist": "exponential", "mean": "10 min"}
    return world(
        horizon="300 h",
        fleet__units={"s": {"unit": 9}},
        incident={"call": call("6 per hour", "1 s", handling=handling)},
        centre=centre,
    )


def moments(mapping: dict[str, Any]) -> tuple[Any, Any, Any]:
    scenario = sim.build(mapping).scenario
    log = sim.simulate(scenario, seed=5)
    return log.incidents.reported_s, log.answered_s, log.classified_s


def test_a_roster_of_so_many_at_all_hours_is_that_number_to_the_bit() -> None:
    always = {"two": {"count": 2}, "one": {"count": 1, "days": ["weekdays", "saturday", "sunday"]}}
    for ours, theirs in zip(moments(busy(call_takers=always)), moments(busy(call_takers=3)), strict=True):
        assert np.array_equal(ours, theirs, equal_nan=True)


starts = st.lists(st.integers(0, 23), min_size=1, max_size=4, unique=True).map(sorted)


@st.composite
def rosters(draw: st.DrawFn) -> dict[str, Any]:
    """Shifts one after the other around the clock, and perhaps some more at weekends."""
    begin = draw(starts)
    found = {
        f"s{i}": {"count": draw(st.integers(1, 3)), "start": f"{start} h", "end": f"{end} h"}
        for i, (start, end) in enumerate(zip(begin, [*begin[1:], begin[0]], strict=True))
    }
    if draw(st.booleans()):
        found["more"] = {"count": 2, "start": "9 h", "end": "17 h", "days": ["weekends"]}
    return found


@settings(max_examples=25, deadline=None)
@given(rosters())
def test_calls_are_answered_in_order_by_one_on_duty_who_does_nothing_else(roster: dict[str, Any]) -> None:
    """Against a plain recount over everybody who is ever on duty, each asked about each call."""
    mapping = busy(call_takers=roster)
    scenario = sim.build(mapping).scenario
    staff = scenario.centre.call_takers
    assert staff is not None
    assert not isinstance(staff, int)
    x, answered, _ = sim.simulate(scenario, seed=5).incidents, *moments(mapping)[1:]
    duties = takewhile(lambda duty: duty.from_s < 400 * HOUR, staff.duties(scenario.calendar))
    people = [[duty.from_s, duty.until_s] for duty in duties for _ in range(duty.people)]
    for i, (reported_s, handling_s) in enumerate(zip(x.reported_s, x.handling_s, strict=True)):
        if reported_s >= scenario.horizon_s:
            break
        begun_s, _, who = min(  # of several who are free, the one who has been so longest
            (max(reported_s, free), free, k)
            for k, (free, end) in enumerate(people)
            if max(reported_s, free) < end
        )
        people[who][0] = begun_s + handling_s
        assert answered[i] == begun_s or np.isnan(answered[i])
        assert np.isnan(answered[i]) == (begun_s >= scenario.horizon_s)


@pytest.mark.parametrize("staff", [1, 4, None])
def test_a_plain_number_is_asked_alike(staff: int | None) -> None:
    """The same answers from the call-takers one by one as from the quick way."""
    mapping = busy(call_takers=staff)
    scenario = sim.build(mapping).scenario
    x = sim.simulate(scenario, seed=5).incidents
    desk = takers(staff, scenario.calendar)
    begun = []
    for reported_s, handling_s in zip(x.reported_s.tolist(), x.handling_s.tolist(), strict=True):
        begun.append(desk.soonest(reported_s))
        desk.take(begun[-1] + handling_s)
    answered = moments(mapping)[1]
    known = ~np.isnan(answered)
    assert np.array_equal(np.array(begun)[known], answered[known])
