"""What looks unintended in lists of preference and in pre-emption."""

from pathlib import Path
from typing import Any

from worlds import call, stations, world

import sim
from sim.measure.notes import notes_on

USE = "sim.dispatch.preference.Preference"
LADDER = {"mode": "unit", "turnout": "0 s", "access": "0 s"}


def notes(**changes: Any) -> list[str]:
    """Two units at s, a ladder at t; people live in north and south, and nobody in marsh."""
    people = {"north": 1, "south": 1, "marsh": 0}
    usual: dict[str, Any] = {
        "place__zones": {
            name: {"x": f"{i} km", "y": "0 m", "people": n} for i, (name, n) in enumerate(people.items())
        },
        "place__sites": stations({"s": (0, 0), "t": (1000, 0)}),
        "fleet__kinds__ladder": LADDER,
        "fleet__units": {"s": {"unit": 2}, "t": {"ladder": 1}},
        "incident__call": calls({"unit": 1, "ladder": 1}),
    }
    return notes_on(sim.build(world(**usual | changes)))


def calls(needs: dict[str, int], **more: Any) -> dict[str, Any]:
    levels = {"IV": {"probability": "100 %", "priority": 2, "needs": needs}}
    return call(levels=levels, work={"times": {"unit": "1 h", "ladder": "1 h"}}, **more)


def lists(others: str = "none", **more: Any) -> dict[str, Any]:
    zones = {"north": ["s", "t"], "south": ["s"], "marsh": ["s"]}
    return {"use": USE, "zones": zones, "others": others, **more}


ONLY = "only those listed go (dispatch.others: none), and the lists of"


def test_a_list_that_brings_nothing_of_what_is_asked_for_is_told() -> None:
    """Calls are where people are: not in marsh, whose list has no ladder either."""
    assert notes(dispatch=lists()) == [f"{ONLY} south bring no ladder for call (IV)"]
    assert notes(dispatch=lists("closest")) == []
    assert notes(dispatch=lists(), incident__call=calls({"unit": 2})) == []


def test_calls_by_land_may_happen_where_nobody_lives() -> None:
    by_land = calls({"ladder": 1}, rate="1 per km2 per year", where={"by": "area"})
    zones = {
        name: {"x": f"{i} km", "y": "0 m", "side": "1 km", "people": 1}
        for i, name in enumerate(("north", "south", "marsh"))
    }
    found = notes(dispatch=lists(), incident__call=by_land, place__zones=zones)
    assert found == [f"{ONLY} south, marsh bring no ladder for call (IV)"]


def test_calls_at_a_site_are_in_the_zone_of_the_site() -> None:
    for x_m, told in ((0, []), (1000, [f"{ONLY} south bring no ladder for call (IV)"])):
        sites = stations({"s": (0, 0), "t": (1000, 0)}) | {
            "depot": {"kind": "depot", "x": f"{x_m} m", "y": "0 m"}
        }
        there = calls({"ladder": 1}, where={"sites": ["depot"]})
        assert notes(dispatch=lists(), incident__call=there, place__sites=sites) == told


def test_a_list_that_brings_too_little_is_told_where_nobody_goes_before_all_can() -> None:
    card = calls({"unit": 2})
    zones = {"north": ["s"], "south": ["s/unit-2"], "marsh": ["s"]}
    assert notes(dispatch={"use": USE, "zones": zones, "others": "none"}, incident__call=card) == []
    found = notes(dispatch={"use": USE, "zones": zones, "others": "none", "whole": True}, incident__call=card)
    assert found == [f"{ONLY} south bring less unit than call (IV) asks for, so that nobody goes"]


def test_a_force_that_does_not_come_to_a_level_brings_nothing_there() -> None:
    found = notes(
        fleet__forces={"city": {"bases": ["t"], "from_level": "III"}},
        fleet__units={"s": {"unit": 2, "ladder": 1}, "t": {"ladder": 1}},
        dispatch={"use": USE, "zones": {"north": ["s"], "south": ["t"], "marsh": ["s"]}, "others": "none"},
    )
    assert found == [
        f"{ONLY} south bring no unit for call (IV)",
        f"{ONLY} south bring no ladder for call (IV)",
    ]


def preempting(**takes: Any) -> dict[str, Any]:
    return {"use": "sim.dispatch.closest.Closest", "preempts": {int(k[1:]): v for k, v in takes.items()}}


def test_priorities_that_no_incident_has_are_told() -> None:
    """Calls have priority 2, and the drill one of 3."""
    policy = preempting(p1=[2, 3], p2=[3, 4])
    told = "dispatch.preempts names priority 1, 3, 4, which no incident has (they have 2)"
    assert notes(dispatch=policy) == [told]
    inject = {"at": "0 s", "type": "call", "zone": "north", "priority": 3}
    drill = {"drill": {"use": "sim.demand.timeline.Timeline", "injects": [inject]}}
    assert notes(dispatch=policy, demand=drill) == [
        "dispatch.preempts names priority 1, 4, which no incident has (they have 2, 3)"
    ]
    assert notes(dispatch=preempting(p2=[3]), demand=drill) == []


def test_nothing_is_said_of_priorities_where_records_may_have_their_own(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("at,type,zone,priority\n0,call,north,7\n")
    trace = {"use": "sim.demand.trace.Trace", "file": str(tmp_path / "calls.csv")}
    assert notes(dispatch=preempting(p1=[7]), demand={"trace": trace}) == []


def test_crews_that_never_come_are_told() -> None:
    """A share of 0 % is a question that one may ask; nobody should have to wonder about the answer."""
    absent = {"hours": {"day": {"start": "8 h", "end": "20 h"}}, "absence": "100 %"}
    units = {"s": {"unit": {"count": 2, "crew": 4, "duty": absent}}, "t": {"ladder": 1}}
    volunteers = {"fleet__kinds__ladder": LADDER | {"attendance": {"share": "0 %", "again": "1 h"}}}
    assert notes(fleet__units=units, **volunteers) == [
        "no ladder ever comes to a call (fleet.kinds.ladder.attendance.share: 0 %)",
        "no shift of s/unit-1, s/unit-2 has anybody on it (duty.absence: 100 %)",
    ]
    units["s"]["unit"]["duty"] = absent | {"on_call": "10 min"}
    assert notes(fleet__units=units) == []
