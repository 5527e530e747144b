"""Ends of shifts, rest, servicing and minimum crews, by hand: on a line at 10 m/s, from a Monday on."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, stations, world

import sim
from sim.measure.service import count_service
from sim.measure.tables import Tables, frame
from sim.scenario import Scenario

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
HOUR = 3600.0
TWO_SHIFTS = {"day": {"start": "8 h", "end": "20 h"}, "night": {"start": "20 h", "end": "8 h"}}


def inject(at_h: float, x_m: float = 6000) -> dict[str, Any]:
    return {"at": f"{at_h} h", "type": "call", "x": f"{x_m} m", "y": "0 m"}


def ran(*injects: dict[str, Any], **changes: Any) -> tuple[Scenario, Tables]:
    """One unit at x = 0; no turnout, an hour of work, 600 s there (to 6 km) and 600 s back."""
    usual: dict[str, Any] = {
        "horizon": "48 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (20_000, 0)}),
        "fleet__available": "clearing",
        "incident__call": call(scene="1 h"),
        "travel__speeds": SPEED,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "injects": list(injects)}},
    }
    scenario = sim.build(world(**usual | changes)).scenario
    return scenario, sim.tabulate(sim.simulate(scenario), scenario)


def sent(tables: Tables) -> list[tuple[int, float]]:
    """Return which incident was answered when, in hours, in order."""
    found = frame(tables.responses).sort_values("assigned_s")
    return list(zip(found.incident.tolist(), (found.assigned_s / HOUR).tolist(), strict=True))


def test_shifts_without_any_call_have_no_overtime() -> None:
    _, tables = ran(inject(60), **duty())
    assert frame(tables.responses).empty
    assert overtime(tables) == {}


def test_a_unit_whose_shift_is_over_is_not_taken_for_something_more_urgent() -> None:
    """At 20:05 it is still on its way out, near the urgent call; the one of t goes."""
    by_day, by_night = ({"hours": {name: TWO_SHIFTS[name]}} for name in ("day", "night"))
    _, tables = ran(
        inject(19 + 59 / 60, 15_000) | {"priority": 2},
        inject(20 + 5 / 60, 5000) | {"priority": 1},
        fleet__units={
            "s": {"unit": {"count": 1, "duty": by_day}},
            "t": {"unit": {"count": 1, "duty": by_night}},
        },
        dispatch={"use": "sim.dispatch.closest.Closest", "preempts": {1: [2]}},
    )
    found = frame(tables.responses)
    assert found.unit.tolist() == ["s/unit-1", "t/unit-1"]
    assert found.cause.isna().all()


def test_shifts_of_one_moment_all_change_before_anybody_is_sent() -> None:
    """Two are asked for, together or not at all; one is there by day, the first in the fleet by night."""
    by_day, by_night = ({"hours": {name: TWO_SHIFTS[name]}} for name in ("day", "night"))
    pair = call(scene="1 h")
    pair["levels"]["IV"]["needs"] = {"unit": 2}
    _, tables = ran(
        inject(19),
        incident__call=pair,
        fleet__units={
            "s": {"unit": {"count": 1, "duty": by_night}},
            "t": {"unit": {"count": 1, "duty": by_day}},
        },
        dispatch={"use": "sim.dispatch.closest.Closest", "whole": True},
    )
    assert sent(tables) == []


def duty(**more: Any) -> dict[str, Any]:
    return {"fleet__units": {"s": {"unit": {"count": 1, "duty": {"hours": TWO_SHIFTS} | more}}}}


def overtime(tables: Tables) -> dict[tuple[str, float], float]:
    """Return the seconds of overtime by shift and the hour at which it ends, where there are any."""
    shifts = frame(tables.shifts)
    over_s = shifts.relieved_s - shifts.ends_s
    ends = zip(shifts["shift"], shifts.ends_s / HOUR, over_s, strict=True)
    return {(name, end): s for name, end, s in ends if s != 0}


def spells(tables: Tables) -> list[tuple[str, float, float]]:
    out: pd.DataFrame = frame(tables.out_of_service)
    hours = (out.from_s / HOUR).tolist(), (out.until_s / HOUR).tolist()
    return list(zip(out.reason.astype(object).tolist(), *hours, strict=True))


def test_a_day_crew_finishes_and_the_night_crew_has_the_unit_once_it_is_back() -> None:
    """Sent at 19:30 it clears at 20:40 and is back at 20:50; a call at 20:45 waits for that."""
    _, tables = ran(inject(19.5), inject(20.75), **duty())
    assert sent(tables) == [(0, 19.5), (1, pytest.approx(20 + 50 / 60))]
    assert overtime(tables) == {("day", 20): pytest.approx(50 * 60)}
    assert spells(tables) == [("change of shift", 20, pytest.approx(20 + 50 / 60))]
    shifts = frame(tables.shifts)
    assert (shifts.ends_s / HOUR).tolist() == [8, 20, 32, 44]
    assert (shifts.begins_s / HOUR).tolist() == [-4, 8, 20, 32]
    assert shifts["shift"].tolist() == ["night", "day", "night", "day"]


def test_a_crew_at_its_base_is_relieved_at_once() -> None:
    """It is sent at the very moment, by the shift that comes."""
    _, tables = ran(inject(20), **duty())
    assert sent(tables) == [(0, 20)]
    assert overtime(tables) == {}
    assert spells(tables) == []


def test_handed_over_where_it_is_the_unit_can_be_sent_from_there() -> None:
    """The night crew has it at 20:15; cleared at 20:40 it is sent at 20:45 from km 3."""
    scenario, tables = ran(inject(19.5), inject(20.75), **duty(at_end="hand_over", hand_over="15 min"))
    assert sent(tables) == [(0, 19.5), (1, 20.75)]
    assert frame(tables.responses).from_base.tolist() == [True, False]
    assert overtime(tables) == {("day", 20): 15 * 60}
    counts = count_service(tables.shifts, tables.out_of_service, scenario)["unit"]
    assert counts.overtime_s == 15 * 60
    assert counts.overtime_h == pytest.approx(0.25 * 365 / 2)


def test_a_unit_that_clears_during_the_handing_over_waits_for_its_end() -> None:
    """It clears at 20:10, and has been handed over at 20:15; back at its base is 20:20."""
    _, tables = ran(inject(19), inject(20.2), **duty(at_end="hand_over", hand_over="15 min"))
    assert sent(tables) == [(0, 19), (1, 20.25)]
    assert overtime(tables) == {("day", 20): 15 * 60}


def test_without_a_shift_to_follow_it_finishes() -> None:
    hours = {"day": TWO_SHIFTS["day"]}
    own = duty(hours=hours, at_end="hand_over", hand_over="15 min")
    _, tables = ran(inject(19.5), inject(20.75), **own)
    assert sent(tables) == [(0, 19.5), (1, 32)]
    assert overtime(tables) == {("day", 20): pytest.approx(50 * 60)}
    at_the_horizon = ("off duty", 44, pytest.approx(np.nan, nan_ok=True))
    assert spells(tables) == [("off duty", 0, 8), ("off duty", 20, 32), at_the_horizon]


def test_a_shift_that_never_had_the_unit_has_no_overtime() -> None:
    """Thirteen hours of work from 19:30 on: the night crew waits at the base all night, and goes at 8."""
    _, tables = ran(inject(19.5), incident__call=call(scene="13 h"), **duty())
    assert overtime(tables) == {("day", 20): pytest.approx(12 * HOUR + 50 * 60)}


def test_on_call_after_a_shift_it_goes_on_and_its_overtime_counts_until_it_is_back() -> None:
    """Sent on from the road at 20:45, without being called in."""
    own = duty(hours={"day": TWO_SHIFTS["day"]}, on_call="30 min")
    _, tables = ran(inject(19.5), inject(20.75), **own)
    second = frame(tables.responses).iloc[1]
    assert second.assigned_s == second.enroute_s == 20.75 * HOUR
    assert overtime(tables) == {("day", 20): second.in_quarters_s - 20 * HOUR}


def test_where_hours_overlap_who_came_first_stays_until_the_end() -> None:
    hours = {"early": {"start": "6 h", "end": "15 h"}, "late": {"start": "14 h", "end": "22 h"}}
    _, tables = ran(inject(1), **duty(hours=hours))
    shifts = frame(tables.shifts)
    assert (shifts.begins_s / HOUR).tolist() == [6, 15, 30, 39]
    assert (shifts.ends_s / HOUR).tolist() == [15, 22, 39, 46]


def always(**more: Any) -> dict[str, Any]:
    return {"fleet__units": {"s": {"unit": {"count": 1, "duty": {"hours": {"always": {}}} | more}}}}


def test_a_crew_rests_once_it_has_worked_as_long_as_it_may() -> None:
    """80 min a mission, from the order until it is back. Two make 160; the third reaches 3 h after 20 min.

    It finishes, is back at 11:20, rests until 13:20, and then serves a call that has waited since 11:10.
    """
    calls = (inject(h) for h in (1, 5, 10, 11 + 1 / 6, 15))
    _, tables = ran(*calls, **always(max_work="3 h", rest="2 h"))
    assert sent(tables) == [(0, 1), (1, 5), (2, 10), (3, pytest.approx(13 + 1 / 3)), (4, 15)]
    assert spells(tables) == [("resting", pytest.approx(10 + 1 / 3), pytest.approx(13 + 1 / 3))]


def test_work_counts_over_missions_one_upon_the_other() -> None:
    """Sent at 1:00 and from the road at 2:15, it has worked for 2 h at 3:00."""
    _, tables = ran(inject(1), inject(2.25), **always(max_work="2 h", rest="1 h"))
    back_h = frame(tables.responses).in_quarters_s.max() / HOUR
    assert spells(tables) == [("resting", 3, pytest.approx(back_h + 1))]


def test_the_next_shift_is_rested() -> None:
    """The day crew has worked 2 h at 19:40 and would rest until 22:20; the night crew comes at 20:20."""
    calls = inject(10), inject(19), inject(20.75)
    _, tables = ran(*calls, **duty(max_work="2 h", rest="2 h"))
    assert [h for _, h in sent(tables)] == [10, 19, 20.75]
    assert spells(tables) == [
        ("resting", pytest.approx(19 + 40 / 60), pytest.approx(20 + 20 / 60)),
        ("change of shift", 20, pytest.approx(20 + 20 / 60)),
    ]


def test_units_are_serviced_in_turn_when_they_are_free() -> None:
    """Every 12 h, of two units the first at 6 h, out on a call until 6:20, and the second at 12 h."""
    kinds = {
        "unit": {
            "mode": "unit",
            "turnout": "0 s",
            "access": "0 s",
            "servicing": {"every": "12 h", "lasting": "2 h"},
        }
    }
    changes: dict[str, Any] = {"fleet__kinds": kinds, "fleet__units": {"s": {"unit": 2}}, "horizon": "20 h"}
    scenario, tables = ran(inject(5), inject(7), inject(13), **changes)
    units = frame(tables.responses).unit.tolist()
    assert units == ["s/unit-1", "s/unit-2", "s/unit-1"]
    out = frame(tables.out_of_service)
    assert out.unit.tolist() == ["s/unit-1", "s/unit-2", "s/unit-1"]
    assert (out.from_s / HOUR).tolist() == [6, 12, 18]
    assert out.until_s.iloc[0] == pytest.approx((8 + 1 / 3) * HOUR)
    assert out.until_s.iloc[1] == 14 * HOUR
    counts = count_service(tables.shifts, tables.out_of_service, scenario)["unit"]
    assert counts.share == pytest.approx(1 - (2 + 1 / 3 + 2 + 2) / 40)
    assert counts.overtime_h is None


def persons(needed: int) -> dict[str, Any]:
    levels = {"IV": {"probability": "100 %", "priority": 1, "crew": {"unit": needed}}}
    return call(scene="1 h", levels=levels)


def crews(night: int, **more: Any) -> dict[str, Any]:
    hours = {"day": TWO_SHIFTS["day"], "night": TWO_SHIFTS["night"] | {"crew": night}}
    kind = {"mode": "unit", "turnout": "0 s", "access": "0 s", "crew": 6, **more}
    units = {"unit": {"count": 1, "duty": {"hours": hours}}}
    return {"fleet__kinds": {"unit": kind}, "fleet__units": {"s": units, "t": units}}


def test_a_unit_brings_the_people_of_its_shift() -> None:
    """Five are asked for: one unit by day brings six; at night two of three come."""
    _, tables = ran(inject(10), inject(23), incident__call=persons(5), **crews(night=3))
    assert sent(tables) == [(0, 10), (1, 23), (1, 23)]


def test_a_shift_with_fewer_than_the_minimum_crew_is_not_sent() -> None:
    _, tables = ran(inject(10), inject(23), **crews(night=3, minimum_crew=4))
    assert sent(tables) == [(0, 10), (1, 32)]
    assert spells(tables)[:2] == [("understaffed", 0, 8), ("understaffed", 0, 8)]
    _, tables = ran(inject(10), inject(23), **crews(night=4, minimum_crew=4))
    assert sent(tables) == [(0, 10), (1, 23)]


def test_the_people_of_a_mission_are_those_who_went_even_if_another_shift_takes_over() -> None:
    """Handed over to three at 20:00, the unit still counts for the six that were sent; then for three."""
    changes = crews(night=3)
    changes["fleet__units"]["s"]["unit"]["duty"] |= {"at_end": "hand_over"}
    _, tables = ran(inject(19.9), inject(21.5), incident__call=persons(6), **changes)
    units = frame(tables.responses)
    assert units[units.incident == 0].unit.tolist() == ["s/unit-1"]
    assert sorted(units[units.incident == 1].unit) == ["s/unit-1", "t/unit-1"]


def test_members_are_missing_as_often_as_is_said() -> None:
    """Of six at least five are there with a chance of 0.8^6 + 6 0.2 0.8^5 = 0.655, drawn for each shift."""
    hours = {name: each | {"crew": 6} for name, each in TWO_SHIFTS.items()}
    kind = {"mode": "unit", "turnout": "0 s", "access": "0 s", "minimum_crew": 5}
    own = {"count": 1, "crew": 6, "duty": {"hours": hours, "absence": "20 %"}}
    changes: dict[str, Any] = {"horizon": "48000 h", "incident__call": call(scene="1 min")}
    _, tables = ran(inject(1), **changes, fleet__kinds={"unit": kind}, fleet__units={"s": {"unit": own}})
    out = frame(tables.out_of_service)
    assert set(out.reason) == {"understaffed"}
    short = (out.until_s.fillna(48000 * HOUR) - out.from_s).sum() / (48000 * HOUR)
    assert short == pytest.approx(1 - 0.65536, abs=4 * (0.65536 * 0.34464 / 4000) ** 0.5)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"hand_over": "10 min"}, r"at_end\n +found +nothing\n +expected +hand_over, because"),
        ({"at_end": "stay"}, "'finish' or 'hand_over'"),
        ({"at_end": "hand_over", "hand_over": 10}, "a time with its unit"),
        ({"max_work": "12 h"}, r"duty.rest\n +found +nothing\n +expected +a time beside max_work"),
        ({"max_work": "0 h", "rest": "1 h"}, "above 0"),
        ({"absence": "120 %"}, "at most 100 %"),
        ({"hours": {"day": {"crew": -1}}}, "greater than or equal to 0"),
    ],
)
def test_duty_that_cannot_be_is_refused(own: dict[str, Any], expected: str) -> None:
    with pytest.raises(sim.ConfigError, match=expected):
        ran(inject(1), **duty(**own))


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (
            {"servicing": {"every": "2 h", "lasting": "2 h"}},
            r"servicing.lasting\n.*\n +expected +less than the time from one",
        ),
        ({"servicing": {"every": "2 h"}}, "lasting"),
        ({"minimum_crew": 7}, r"a crew of 6\n.*a crew of at least 7, the minimum crew, in some shift"),
        ({"minimum_crew": 1.5}, "integer"),
    ],
)
def test_kinds_that_cannot_be_are_refused(own: dict[str, Any], expected: str) -> None:
    with pytest.raises(sim.ConfigError, match=expected):
        ran(inject(1), **crews(3, **own))
