"""Units taken away, relieved and called back, by hand: on a line, at 10 m/s."""

from typing import Any

import pandas as pd
import pytest
from worlds import call, stations, world

import sim
from sim.engine.run import PolicyError

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
CLOSEST = "sim.dispatch.closest.Closest"


def inject(at_s: float, x_m: float, priority: int = 1, **more: Any) -> dict[str, Any]:
    return {"at": f"{at_s} s", "type": "call", "x": f"{x_m} m", "y": "0 m", "priority": priority, **more}


def county(*injects: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """One unit at x = 0, on a line from -50 to 50 km, 1,000 s of work; units stay available."""
    usual: dict[str, Any] = {
        "horizon": "24 h",
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "100 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (40_000, 0)}),
        "fleet__available": "clearing",
        "incident__call": call(scene="1000 s"),
        "travel__speeds": SPEED,
        "dispatch": {"use": CLOSEST, "preempts": {1: [2, 3], 2: [3]}},
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": list(injects)}},
    }
    return world(**usual | changes)


def answer(mapping: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    scenario = sim.build(mapping).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()


def shown(responses: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The responses in order of assignment."""
    table = responses.sort_values("assigned_s", kind="stable")
    table["cause"] = table.cause.astype(object).where(table.cause.notna(), "")
    return list(table[["incident", *columns]].itertuples(index=False, name=None))


def test_a_unit_on_its_way_is_taken_away_by_something_more_urgent() -> None:
    """It is 2 km out at 200 s, and at the other after 300 s more; the first waits until its work is done."""
    _, found = answer(county(inject(0, 10_000, 3), inject(200, -1000, 1)))
    assert shown(found, "cause", "assigned_s", "arrived_s", "cleared_s") == [
        (0, "pre-empted", 0, pytest.approx(float("nan"), nan_ok=True), 200),
        (1, "", 200, 500, 1500),
        (0, "", 1500, 1500 + 1100, 3600),
    ]
    assert found.from_base.sort_index().tolist() == [True, False, False]


def test_the_incident_that_loses_its_unit_gets_the_next_one_at_once() -> None:
    """The unit of t, 30 km off, goes on for it."""
    incidents, found = answer(
        county(inject(0, 10_000, 3), inject(200, -1000, 1), fleet__units={"s": {"unit": 1}, "t": {"unit": 1}})
    )
    assert shown(found, "unit", "cause", "assigned_s") == [
        (0, "s/unit-1", "pre-empted", 0),
        (0, "t/unit-1", "", 200),
        (1, "s/unit-1", "", 200),
    ]
    assert incidents.units_needed.tolist() == [1, 1]
    assert incidents.arrived_s.tolist() == [200 + 3000, 500]


@pytest.mark.parametrize(("first", "second"), [(1, 1), (2, 2), (2, 3), (3, 3)])
def test_only_the_priorities_that_the_matrix_names_take_units_away(first: int, second: int) -> None:
    _, found = answer(county(inject(0, 10_000, first), inject(200, -1000, second)))
    assert (found.cause.isna()).all()


def test_pre_emption_goes_down_the_line() -> None:
    """1 takes from 2, which takes from 3, at one moment."""
    _, found = answer(
        county(
            inject(0, 20_000, 3),
            inject(10, -10_000, 2),
            inject(100, 1500, 1),
            fleet__units={"s": {"unit": 1}, "t": {"unit": 1}},
            place__sites=stations({"s": (0, 0), "t": (18_000, 0)}),
        )
    )
    assert shown(found, "unit", "cause", "assigned_s") == [
        (0, "t/unit-1", "pre-empted", 0),
        (1, "s/unit-1", "pre-empted", 10),
        (1, "t/unit-1", "", 100),
        (2, "s/unit-1", "", 100),
        (0, "s/unit-1", "", 100 + 240 + 1000),
    ]


def test_who_has_not_left_yet_goes_on_turning_out() -> None:
    """Told at 0 + 15 s, its turnout of 60 s is over at 75 s; the second alarm at 40 s reaches it at 55 s."""
    _, found = answer(
        county(
            inject(0, 10_000, 3),
            inject(40, -1000, 1),
            centre={"alerting": "15 s"},
            fleet__kinds__unit__turnout="60 s",
            demand__drill__known=False,
        )
    )
    rows = shown(found, "cause", "assigned_s", "notified_s", "enroute_s", "arrived_s", "from_base")
    assert rows[0][:3] == (0, "pre-empted", 0)
    assert rows[1] == (1, "", 40, 55, 75, 175, True)


def test_a_unit_at_work_is_left_alone() -> None:
    _, found = answer(county(inject(0, 1000, 3), inject(200, -1000, 1)))
    assert shown(found, "cause", "assigned_s") == [(0, "", 0), (1, "", 1100)]


def test_a_farther_unit_on_its_way_is_not_taken_where_a_free_one_is_nearer() -> None:
    _, found = answer(
        county(
            inject(0, 10_000, 3), inject(500, 39_000, 1), fleet__units={"s": {"unit": 1}, "t": {"unit": 1}}
        )
    )
    assert shown(found, "unit", "cause") == [(0, "s/unit-1", ""), (1, "t/unit-1", "")]


def test_a_nearer_unit_that_comes_free_relieves_the_one_under_way() -> None:
    """s is sent 20 km at 900 s; at 1100 s t is free 1 km from it, and s turns round at 2 km."""
    mapping = county(
        inject(0, 19_000),
        inject(900, 20_000),
        place__sites=stations({"s": (0, 0), "t": (18_000, 0)}),
        fleet__units={"s": {"unit": 1}, "t": {"unit": 1}},
        dispatch={"use": CLOSEST, "relieve_by": "2 min"},
    )
    _, found = answer(mapping)
    assert shown(found, "unit", "cause", "assigned_s", "arrived_s")[1:] == [
        (1, "s/unit-1", "relieved", 900, pytest.approx(float("nan"), nan_ok=True)),
        (1, "t/unit-1", "", 1100, 1200),
    ]
    home = found[found.unit == "s/unit-1"].in_quarters_s
    assert home.tolist() == [1100 + 200]
    mapping["dispatch"]["relieve_by"] = "30 min"
    _, found = answer(mapping)
    assert found.cause.isna().all()


@pytest.mark.parametrize(
    ("others", "on_the_list", "relieved"),
    [("none", ["s"], False), ("none", ["s", "t"], True), ("closest", ["s"], True)],
)
def test_who_is_on_no_list_relieves_nobody_where_others_do_not_go(
    others: str, on_the_list: list[str], relieved: bool
) -> None:
    """t comes free 1 km from where s has 18 km to go; the lists say whether it may come at all."""
    lists = {"west": ["t"], "east": on_the_list}
    _, found = answer(
        county(
            inject(0, 19_000),
            inject(900, 20_000),
            place__zones={
                "west": {"x": "0 km", "y": "0 m", "side": "39 km", "people": 1},
                "east": {"x": "39 km", "y": "0 m", "side": "39 km", "people": 1},
            },
            place__sites=stations({"s": (0, 0), "t": (18_000, 0)}),
            fleet__units={"s": {"unit": 1}, "t": {"unit": 1}},
            dispatch={
                "use": "sim.dispatch.preference.Preference",
                "zones": lists,
                "others": others,
                "relieve_by": "2 min",
            },
        )
    )
    assert (found.cause == "relieved").any() == relieved
    assert found.unit[found.arrived_s.notna()].tolist() == [
        "t/unit-1",
        "t/unit-1" if relieved else "s/unit-1",
    ]


def test_a_whole_card_waits_until_all_of_it_can_go() -> None:
    """Two units are asked for at 100 s while one is out until 1500 s (500 s + 1000 s of work)."""
    two = call(scene="1000 s")
    two["levels"]["IV"]["needs"] = {"unit": 2}
    changes = {
        "incident": {"call": call(scene="1000 s"), "two": two},
        "fleet__units": {"s": {"unit": 2}},
        "dispatch": {"use": CLOSEST, "whole": True},
    }
    injects = inject(0, 5000), inject(100, 1000) | {"type": "two"}
    _, found = answer(county(*injects, **changes))
    assert shown(found, "assigned_s") == [(0, 0), (1, 1500), (1, 1500)]
    changes["dispatch"] = {"use": CLOSEST}
    _, found = answer(county(*injects, **changes))
    assert shown(found, "assigned_s") == [(0, 0), (1, 100), (1, 1200)]


def test_preference_lists_come_before_distance_and_name_bases_or_units() -> None:
    lists = {"zones": {"z": ["t", "s/unit-2"]}}
    changes = {"fleet__units": {"s": {"unit": 3}, "t": {"unit": 1}}}
    policy = {"use": "sim.dispatch.preference.Preference", **lists}
    _, found = answer(county(*[inject(i, 1000) for i in range(4)], dispatch=policy, **changes))
    assert [row[1] for row in shown(found, "unit")] == ["t/unit-1", "s/unit-2", "s/unit-1", "s/unit-3"]
    policy["others"] = "none"
    _, found = answer(county(*[inject(i, 1000) for i in range(4)], dispatch=policy, **changes))
    assert {row[1] for row in shown(found, "unit")} == {"t/unit-1", "s/unit-2"}


def test_of_units_about_as_close_the_one_goes_that_was_sent_least() -> None:
    changes = {
        "place__sites": stations({"s": (0, 0), "t": (2100, 0)}),
        "fleet__units": {"s": {"unit": 1}, "t": {"unit": 1}},
        "dispatch": {"use": "sim.dispatch.least_busy.LeastBusy", "within": "1 min"},
    }
    calls = [inject(i * 10_000, 1000) for i in range(4)]
    _, found = answer(county(*calls, **changes))
    assert [row[1] for row in shown(found, "unit")] == ["s/unit-1", "t/unit-1"] * 2
    changes["dispatch"] = {"use": CLOSEST}
    _, found = answer(county(*calls, **changes))
    assert [row[1] for row in shown(found, "unit")] == ["s/unit-1"] * 4


@pytest.mark.parametrize(
    ("use", "why"),
    [
        ("plugins.TakesAsUrgent", "is on its way to incident 0, which is as urgent"),
        ("plugins.TakesAtWork", "is not free"),
        ("plugins.RecallsAtWork", "was recalled but is not on its way"),
    ],
)
def test_an_order_that_cannot_be_carried_out_stops_the_run_and_says_so(use: str, why: str) -> None:
    injects = inject(0, 1000), inject(50 if "Urgent" in use else 500, 2000)
    scenario = sim.build(county(*injects, dispatch={"use": use})).scenario
    with pytest.raises(PolicyError, match=why):
        sim.simulate(scenario)
