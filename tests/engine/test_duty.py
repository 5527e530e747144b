"""Crews with hours, on call, who do not come, and units that break down, by hand: on a line at 10 m/s."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from worlds import call, stations, world

import sim

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
HOUR = 3600.0
DAY = {"hours": {"day": {"start": "8 h", "end": "20 h"}}}


def inject(at_h: float, x_m: float = 1000) -> dict[str, Any]:
    return {"at": f"{at_h} h", "type": "call", "x": f"{x_m} m", "y": "0 m"}


def answer(*injects: dict[str, Any], **changes: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One unit at x = 0, from a Monday on; an hour of work; a minute to turn out."""
    usual: dict[str, Any] = {
        "horizon": "240 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (20_000, 0)}),
        "fleet__kinds__unit__turnout": "60 s",
        "fleet__available": "clearing",
        "incident__call": call(scene="1 h"),
        "travel__speeds": SPEED,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "injects": list(injects)}},
    }
    scenario = sim.build(world(**usual | changes)).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


def duty(**more: Any) -> dict[str, Any]:
    return {"fleet__units": {"s": {"unit": {"count": 1, "duty": DAY | more}}}}


def test_a_call_at_night_waits_for_the_day_shift() -> None:
    _, found = answer(inject(3), inject(10), inject(21), **duty())
    assert (found.assigned_s / HOUR).tolist() == [8, 10, 32]


@pytest.mark.parametrize("first", ["s", "t"])
def test_of_units_that_come_on_duty_at_one_moment_the_nearest_goes(first: str) -> None:
    """One is 1 km from the fire that waits, the other 19 km, whichever of them the fleet lists first."""
    there = {"unit": {"count": 1, "duty": DAY}}
    units = {first: there, "t" if first == "s" else "s": there}
    _, found = answer(inject(7.9), fleet__units=units)
    assert found[["unit", "assigned_s", "arrived_s"]].values.tolist() == [
        ["s/unit-1", 8 * HOUR, 8 * HOUR + 60 + 100]
    ]


def test_of_units_that_are_done_at_one_moment_the_nearest_goes_to_who_waits() -> None:
    """Both leave work of an hour at 1:02:40; a fire waits 1 km from where the second one works."""
    units = {"s": {"unit": 1}, "t": {"unit": 1}}
    _, found = answer(inject(0, 1000), inject(0, 19_000), inject(0.5, 18_000), fleet__units=units)
    assert found[["unit", "assigned_s", "arrived_s"]].values.tolist()[-1] == ["t/unit-1", 3760, 3860]


def test_who_is_busy_at_the_end_of_a_shift_finishes_and_goes_off() -> None:
    """Sent at 19:30 and done at 20:32; a call that waits for it gets it at 8 the next morning."""
    _, found = answer(inject(19.5), inject(19.6), **duty())
    assert (found.assigned_s / HOUR).tolist() == [19.5, 32]
    assert found.cleared_s.iloc[0] == 19.5 * HOUR + 60 + 100 + HOUR


def test_a_unit_on_its_way_home_at_the_end_of_a_shift_cannot_be_sent_any_more() -> None:
    """It clears at 19:59 and is back at 20:15."""
    begun_h = (19 * HOUR + 59 * 60 - 60 - 1000 - HOUR) / HOUR
    _, found = answer(inject(begun_h, 10_000), inject(20.1, 5000), **duty())
    assert (found.assigned_s / HOUR).tolist() == pytest.approx([begun_h, 32])


def test_who_is_relieved_as_its_shift_changes_does_not_come_before_the_one_that_relieves_it() -> None:
    """The one of t, first by the list, turns out when the shifts change, and the one of s comes on duty.

    That it is at its base then, and has its next shift, is known once the other has been sent.
    """
    night = {"start": "20 h", "end": "8 h"}
    lists = {"use": "sim.dispatch.preference.Preference", "zones": {"z": ["t"]}, "relieve_by": "1 min"}
    _, found = answer(
        inject(20 - 30 / 3600),
        dispatch=lists,
        fleet__units={
            "s": {"unit": {"count": 1, "duty": {"hours": {"night": night}}}},
            "t": {"unit": {"count": 1, "duty": {"hours": DAY["hours"] | {"night": night}}}},
        },
    )
    assert found.unit.tolist() == ["t/unit-1", "s/unit-1"]
    assert found.cause.tolist()[0] == "relieved"
    assert found.assigned_s.tolist() == [20 * HOUR - 30, 20 * HOUR]


def test_who_is_called_back_after_the_end_of_its_shift_is_not_sent_again() -> None:
    """Two go at 19:58:20; at 20:01 the one from t, whose shift ended at 20, is found not to be needed."""
    kind = call(scene="1000 s")
    kind["size_up"] = "60 s"
    kind["levels"] = {
        "III": {
            "probability": "50 %",
            "priority": 1,
            "needs": {"unit": 2},
            "becomes": {"found": {"IV": "100 %"}},
        },
        "IV": {"probability": "50 %", "priority": 2, "needs": {"unit": 1}},
    }
    begun_s = 20 * HOUR - 100
    _, found = answer(
        inject(begun_s / HOUR) | {"level": "III"},
        inject((begun_s + 300) / HOUR, 19_000) | {"level": "IV"},
        incident__call=kind,
        fleet__kinds__unit__turnout="0 s",
        fleet__units={"s": {"unit": 1}, "t": {"unit": {"count": 1, "duty": DAY}}},
    )
    table = found.sort_values(["incident", "unit"])
    assert table.unit.tolist() == ["s/unit-1", "t/unit-1", "s/unit-1"]
    assert table.cause.astype(object).tolist()[1] == "not needed"


def test_on_call_it_comes_later_outside_of_its_hours() -> None:
    _, found = answer(inject(3), inject(10), **duty(on_call="15 min"))
    assert (found.enroute_s - found.assigned_s).tolist() == [60 + 900, 60]


def test_days_of_the_week_and_shifts_that_meet() -> None:
    """Weekdays from 6 to 22 in two shifts; the horizon ends on the second Wednesday."""
    hours = {
        "early": {"start": "6 h", "end": "14 h", "days": ["weekdays"]},
        "late": {"start": "14 h", "end": "22 h", "days": ["weekdays"]},
    }
    units = {"s": {"unit": {"count": 1, "duty": {"hours": hours}}}}
    _, found = answer(inject(13.9), inject(4 * 24 + 23), fleet__units=units)
    assert (found.assigned_s / HOUR).tolist() == [13.9, 7 * 24 + 6]


def test_who_does_not_come_is_missed_when_it_should_have_left_and_another_is_asked() -> None:
    kind = {"mode": "unit", "turnout": "60 s", "access": "0 s", "capabilities": ["unit"]}
    kinds = {
        "volunteers": kind | {"attendance": {"share": "0 %", "again": "2 h"}},
        "unit": {"mode": "unit", "turnout": "60 s", "access": "0 s"},
    }
    incident = call(scene="1 h")
    incident["work"]["times"]["volunteers"] = "1 h"
    _, found = answer(
        inject(1),
        inject(2),
        incident__call=incident,
        fleet__kinds=kinds,
        fleet__units={"s": {"volunteers": 1}, "t": {"unit": 2}},
    )
    table = found.sort_values(["incident", "assigned_s"])
    assert table.unit.tolist() == ["s/volunteers-1", "t/unit-1", "t/unit-2"]
    assert table.cause.astype(object).tolist()[0] == "did not come"
    assert table.assigned_s.tolist() == [HOUR, HOUR + 60, 2 * HOUR]
    assert table.enroute_s.iloc[0] == HOUR + 60


def test_a_unit_that_breaks_down_is_out_until_it_is_repaired_and_another_goes_on_for_it() -> None:
    kinds = {
        "unit": {
            "mode": "unit",
            "turnout": "60 s",
            "access": "0 s",
            "breakdown": {"chance": "100 %", "repair": "5 h"},
        }
    }
    incidents, found = answer(
        inject(1, 10_000), fleet__kinds=kinds, fleet__units={"s": {"unit": 1}, "t": {"unit": 1}}
    )
    assert set(found.cause) == {"broken down"}
    first = found[found.unit == "s/unit-1"].iloc[0]
    assert HOUR + 60 < first.cleared_s < HOUR + 60 + 1000
    second = found[found.assigned_s == first.cleared_s]
    assert second.unit.tolist() == ["t/unit-1"]
    again = found[(found.unit == "s/unit-1")].sort_values("assigned_s").iloc[1]
    assert again.assigned_s == pytest.approx(first.cleared_s + 5 * HOUR)
    assert incidents.arrived_s.isna().all()


VOLUNTEERS = {
    "unit": {
        "mode": "unit",
        "turnout": "60 s",
        "access": "0 s",
        "attendance": {"share": "50 %", "again": "5 h"},
    }
}


def test_who_is_on_the_road_already_comes() -> None:
    """Of two calls in a row a crew serves the second on its way home from the first."""
    calls = [inject(30 * i + more, 10_000) for i in range(100) for more in (0, 1.3)]
    _, found = answer(*calls, horizon="3100 h", fleet__kinds=VOLUNTEERS)
    on_road = found[~found.from_base]
    assert len(on_road) > 30
    assert on_road.cause.isna().all()
    assert (found[found.from_base].cause == "did not come").sum() > 30


def test_who_does_not_come_does_not_come_next_door_either() -> None:
    calls = [inject(30 * i, 0) for i in range(100)]
    _, found = answer(*calls, horizon="3100 h", fleet__kinds=VOLUNTEERS)
    assert (found.cause == "did not come").mean() == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("available", ["clearing", "in_quarters"])
@pytest.mark.parametrize("mishap", ["attendance", "breakdown"])
def test_who_is_out_of_service_stays_so_when_roads_open(mishap: str, available: str) -> None:
    """The roads around the base are closed for half an hour meanwhile."""
    own = {"attendance": {"share": "0 %", "again": "5 h"}, "breakdown": {"chance": "100 %", "repair": "5 h"}}
    kinds = {"unit": {"mode": "unit", "turnout": "60 s", "access": "0 s", mishap: own[mishap]}}
    closed = {"c": {"x": "0 m", "y": "0 m", "within": "1 km", "at": "2 h", "until": "2.5 h"}}
    changes: dict[str, Any] = {"fleet__kinds": kinds, "fleet__available": available, "horizon": "8 h"}
    (_, before), (_, after) = (
        answer(inject(1, 10_000), **changes, **more) for more in ({}, {"closures": closed})
    )
    assert len(before) == 2
    pd.testing.assert_frame_equal(before, after)


def test_who_is_called_away_before_it_has_assembled_assembles_once() -> None:
    """On call it leaves 16 min after the first alarm, whatever it is sent to 5 min after that."""
    _, found = answer(
        inject(3, 10_000) | {"priority": 3},
        inject(3 + 1 / 12, 5000) | {"priority": 1},
        dispatch={"use": "sim.dispatch.closest.Closest", "preempts": {1: [3]}},
        **duty(on_call="15 min"),
    )
    first = found[found.incident == 1].iloc[0]
    assert first.enroute_s == 3 * HOUR + 16 * 60


def test_how_often_crews_come_is_as_said_and_who_comes_is_the_same_with_other_units_about() -> None:
    kinds = {
        "unit": {
            "mode": "unit",
            "turnout": "60 s",
            "access": "0 s",
            "attendance": {"share": "70 %", "again": "1 min"},
        }
    }
    changes: dict[str, Any] = {
        "horizon": "3000 h",
        "fleet__available": "in_quarters",
        "demand": {"poisson": {"use": "sim.demand.poisson.Poisson"}},
        "fleet__kinds": kinds,
    }
    first, second = (
        answer(**changes, fleet__units={"s": {"unit": 1}} | more)[1] for more in ({}, {"t": {"unit": 1}})
    )
    came = [
        found[found.unit == "s/unit-1"].sort_values("assigned_s").cause.isna() for found in (first, second)
    ]
    assert came[0].mean() == pytest.approx(0.7, abs=0.03)
    shared = min(map(len, came))
    assert shared > 300
    assert np.array_equal(came[0].iloc[:shared], came[1].iloc[:shared])


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"hours": {}}, "hours"),
        ({"hours": {"day": {"start": "24 h"}}}, "before 24 h"),
        ({"hours": {"day": {"days": ["someday"]}}}, "monday"),
        (DAY | {"on_call": "0 s"}, "above 0"),
    ],
)
def test_hours_that_cannot_be_are_refused(own: dict[str, Any], expected: str) -> None:
    with pytest.raises(sim.ConfigError, match=expected):
        answer(inject(1), fleet__units={"s": {"unit": {"count": 1, "duty": own}}})


def test_who_gives_up_at_a_change_of_shift_is_free_at_its_base_where_units_are_sent_from_there() -> None:
    """Sent at 19:50 and cut off at 20:01, after 600 s of driving, while it hands over until 20:05."""
    hours = {"day": DAY["hours"]["day"], "night": {"start": "20 h", "end": "8 h"}}
    closed = {"c": {"x": "15 km", "y": "0 m", "within": "1 km", "at": f"{20 + 1 / 60} h", "until": "30 h"}}
    _, found = answer(
        inject(20 - 1 / 6, 15_000),
        inject(20.1, 1000),
        closures=closed,
        fleet__available="in_quarters",
        **duty(hours=hours, at_end="hand_over", hand_over="5 min"),
    )
    first, second = (found[found.incident == i].iloc[0] for i in range(2))
    assert first.cause == "cut off"
    assert first.in_quarters_s == pytest.approx(20 * HOUR + 60 + 600)
    assert (second.assigned_s, second.from_base) == (first.in_quarters_s, True)
