"""Units that move up, by hand: three stations on a line at 0, 20 and 50 km, at 10 m/s."""

from typing import Any

import pandas as pd
import pytest
from worlds import call, stations, world

import sim

SPEED = {"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}}
DMEXCLP = {
    "use": "sim.dispatch.dmexclp.Dmexclp",
    "kinds": ["unit"],
    "within": "10 min",
    "busy": "50 %",
}
COMPLIANCE = {"use": "sim.dispatch.compliance.Compliance", "kinds": ["unit"]}


def at(seconds: float, x_km: float) -> dict[str, Any]:
    return {"at": f"{seconds} s", "type": "call", "x": f"{x_km} km", "y": "0 m"}


def moved(*injects: dict[str, Any], **changes: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return responses and moves; 1,000 s of work, and zones at 0, 20 and 50 km with 40, 30 and 20 people."""
    usual: dict[str, Any] = {
        "horizon": "10 h",
        "place__zones": {
            f"z{x}": {"x": f"{x} km", "y": "0 m", "side": "1 km", "people": people}
            for x, people in ((0, 40), (20, 30), (50, 20))
        },
        "place__sites": stations({"a": (0, 0), "b": (20_000, 0), "c": (50_000, 0)}),
        "fleet__units": {"a": {"unit": 2}, "b": {"unit": 1}, "c": {"unit": 1}},
        "fleet__available": "clearing",
        "fleet__kinds__unit__turnout": "60 s",
        "incident__call": call(scene="1000 s"),
        "travel__speeds": SPEED,
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": list(injects)}},
    }
    scenario = sim.build(world(**usual | changes)).scenario
    tables = sim.tabulate(sim.simulate(scenario), scenario)
    return tables.frames()[1], sim.measure.tables.frame(tables.moves)


def rows(moves: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(moves[list(columns)].itertuples(index=False, name=None))


def test_dmexclp_sends_who_comes_free_where_it_adds_most() -> None:
    """A first unit is worth half the people that it covers, a second a quarter.

    With all but c's out, both of a come free at once: the first, asked with the other there, goes to b (15
    against 10 at a), the other stays (20 against 7.5), and b's own, which is free at b then, goes to a (10
    against 7.5 and 5).
    """
    _, moves = moved(at(0, 20), move_up=DMEXCLP)
    assert rows(moves, "unit", "from_site", "to_site") == []
    found, moves = moved(at(0, 0), at(0, 0), at(10, 20), move_up=DMEXCLP)
    assert rows(moves, "unit", "from_site", "to_site", "ordered_s", "there_s") == [
        ("a/unit-1", "a", "b", 1000, 1000 + 60 + 2000),
        ("b/unit-1", "b", "a", 1010, 1010 + 60 + 2000),
    ]
    assert found.in_quarters_s.notna().all()


def test_a_unit_that_moves_up_is_sent_from_where_it_is_and_goes_back_to_its_new_base() -> None:
    """At 2,060 s the unit on its way from a to b is at km 10, where a call comes; it then returns to b."""
    found, moves = moved(at(0, 0), at(0, 0), at(10, 20), at(2060, 10), move_up=DMEXCLP)
    assert rows(moves, "unit", "begun_s", "there_s")[0] == (
        "a/unit-1",
        1060,
        pytest.approx(float("nan"), nan_ok=True),
    )
    last = found[found.incident == 3]
    assert last.unit.tolist() == ["a/unit-1"]
    assert last.arrived_s.tolist() == [2060]
    assert last.from_base.tolist() == [False]


def test_a_compliance_table_keeps_the_first_stations_manned_with_the_least_driving() -> None:
    """When b's unit goes out the second one of a moves to b; by the table, one of a moves to c at the end."""
    priority = COMPLIANCE | {"priority": ["b", "c", "a"]}
    _, moves = moved(at(0, 20), move_up=priority)
    assert rows(moves, "unit", "from_site", "to_site", "ordered_s") == [("a/unit-2", "a", "b", 0)]
    table = COMPLIANCE | {"table": {3: ["a", "a", "c"], 4: ["a", "b", "c", "c"]}}
    _, moves = moved(at(0, 20), move_up=table)
    assert rows(moves, "unit", "from_site", "to_site", "ordered_s") == [("a/unit-2", "a", "c", 1000)]


def test_two_units_do_not_cross_where_one_is_on_its_way() -> None:
    """a's second unit moves to b, whose own is back when a's first goes out: it turns round at km 10.1."""
    units = {"a": {"unit": 2}, "b": {"unit": 1}}
    table = COMPLIANCE | {"table": {2: ["a", "b"]}}
    _, moves = moved(at(0, 20), at(1070, 0), move_up=table, fleet__units=units)
    assert rows(moves, "unit", "to_site", "ordered_s", "there_s")[:2] == [
        ("a/unit-2", "b", 0, pytest.approx(float("nan"), nan_ok=True)),
        ("a/unit-2", "a", 1070, 1070 + 1010),
    ]


def test_a_crew_on_call_is_called_in_before_it_moves_too() -> None:
    """At midnight, a quarter of an hour from its people's homes: it leaves at 16 min."""
    on_call = {"count": 2, "duty": {"hours": {"day": {"start": "8 h", "end": "20 h"}}, "on_call": "15 min"}}
    units = {"a": {"unit": on_call}, "b": {"unit": 1}, "c": {"unit": 1}}
    _, moves = moved(at(0, 20), move_up=COMPLIANCE | {"priority": ["b", "c", "a"]}, fleet__units=units)
    assert rows(moves, "unit", "ordered_s", "begun_s", "there_s") == [
        ("a/unit-2", 0, 60 + 900, 60 + 900 + 2000)
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (COMPLIANCE, "either a table, or a list of priority"),
        (COMPLIANCE | {"table": {2: ["a"]}}, "as many stations as units"),
        (COMPLIANCE | {"priority": ["x"]}, "a base of units"),
        (DMEXCLP | {"kinds": ["truck"]}, "a kind of unit"),
        (DMEXCLP | {"kinds": []}, "at least one kind of unit"),
        (DMEXCLP | {"kinds": ["unit", "unit"]}, "each kind once"),
        (DMEXCLP | {"stations": ["zz"]}, "a base of units"),
    ],
)
def test_what_is_wrong_is_told(policy: dict[str, Any], expected: str) -> None:
    with pytest.raises(sim.ConfigError, match=expected):
        moved(at(0, 0), move_up=policy)


TERMS: list[dict[str, Any]] = [{"from_level": "III"}, {"mobilisation": "1 s"}, {"reserve": 1}, {}]


@pytest.mark.parametrize("said", TERMS)
def test_units_of_forces_with_terms_of_their_own_are_not_moved(said: dict[str, Any]) -> None:
    """Both of a are out from 0 s on, so that b's should move to a; it is a neighbour's."""
    _, moves = moved(
        at(0, 0),
        at(0, 0),
        move_up=COMPLIANCE | {"priority": ["a"]},
        fleet__units={"a": {"unit": 2}, "b": {"unit": 2}},
        fleet__forces={"neighbours": {"bases": ["b"], **said}},
    )
    assert rows(moves, "unit", "to_site") == ([] if said else [("b/unit-1", "a")])


@pytest.mark.parametrize("said", TERMS)
def test_nor_are_they_when_they_come_free(said: dict[str, Any]) -> None:
    """As in the first case, one of a's units should move to b when it is free."""
    _, moves = moved(
        at(0, 0),
        at(0, 0),
        at(10, 20),
        move_up=DMEXCLP | {"stations": ["a", "b", "c"]},
        fleet__forces={"neighbours": {"bases": ["a"], **said}},
        incident__call=call(
            scene="1000 s", levels={"III": {"probability": "100 %", "priority": 1, "needs": {"unit": 1}}}
        ),
    )
    assert ("a/unit-1" in set(moves.unit)) is not bool(said)
