"""Preference lists as files, and what is wrong with them; matrices of priorities."""

from pathlib import Path
from typing import Any

import pytest
from worlds import stations, world

import sim


def mapping(**dispatch: Any) -> dict[str, Any]:
    return world(
        place__zones={name: {"x": "0 m", "y": "0 m", "people": 1} for name in ("north", "south")},
        place__sites=stations({"s": (0, 0), "t": (1000, 0), "empty": (0, 9)}),
        fleet__units={"s": {"unit": 1}, "t": {"unit": 2}},
        dispatch=dispatch,
    )


def lists(folder: Path, text: str) -> dict[str, Any]:
    (folder / "first_due.csv").write_text(text, encoding="utf-8")
    return mapping(use="sim.dispatch.preference.Preference", file="first_due.csv")


@pytest.mark.parametrize("heading", ["zone,first,second", "小区,第一,第二"])
def test_a_file_gives_the_same_order_as_the_config(tmp_path: Path, heading: str) -> None:
    from_file = sim.build(lists(tmp_path, f"{heading}\nnorth,t,s\nsouth,s,\n"), folders=[tmp_path]).scenario
    zones = {"north": ["t", "s"], "south": ["s"]}
    written = sim.build(mapping(use="sim.dispatch.preference.Preference", zones=zones)).scenario
    ours, theirs = (sim.simulate(scenario).missions for scenario in (from_file, written))
    assert ours.tobytes() == theirs.tobytes()
    assert len(ours) > 50


def test_the_list_of_a_town_holds_for_its_zones_but_for_those_with_their_own() -> None:
    place = sim.prepare().scenario.place
    own = max((z for z in place.zones if z.town == "sichoulu"), key=lambda zone: zone.people).name
    lists = f"+dispatch.zones={{sichoulu: [north], {own}: [west]}}"
    use = "dispatch.use=sim.dispatch.preference.Preference"
    scenario = sim.prepare(use, lists, "incident=[structure_fire]", "horizon=2000 d").scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario), scenario).frames()
    first = responses[(responses.slot == 0) & responses.from_base].merge(incidents, on="incident")
    there = first[first.town == "sichoulu"]
    assert {True, False} == set(there.zone == own)
    assert (there.base == "north")[there.zone != own].all()
    assert (there.base == "west")[there.zone == own].all()


def test_who_is_named_twice_by_itself_and_by_its_base_takes_nobody_s_place() -> None:
    """The only unit of s goes first; after its base, which adds nobody, comes a unit of t."""
    zones = {"north": ["s/unit-1", "s", "t/unit-2"], "south": ["s"]}
    use = "sim.dispatch.preference.Preference"
    scenario = sim.build(mapping(use=use, zones=zones, others="none")).scenario
    _, found = sim.tabulate(sim.simulate(scenario), scenario).frames()
    assert set(found.unit) == {"s/unit-1", "t/unit-2"}


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = "zone,first,second\nnorth,tt,s\nwest,s,\nnorth,empty,t/unit-2\n"
    with pytest.raises(sim.ConfigError) as told:
        sim.build(lists(tmp_path, text), folders=[tmp_path])
    found = [(problem.where.rpartition("/")[2], problem.found) for problem in told.value.problems]
    assert found == [
        ("first_due.csv, row 2", "'tt'"),
        ("first_due.csv, row 3", "the zone 'west'"),
        ("first_due.csv, row 4", "a second list for 'north'"),
        ("first_due.csv, row 4", "'empty'"),
    ]


@pytest.mark.parametrize(
    ("dispatch", "expected"),
    [
        ({"use": "sim.dispatch.preference.Preference"}, "either zones, or a file"),
        (
            {"use": "sim.dispatch.closest.Closest", "preempts": {1: [2], 2: [1]}},
            "1 takes from 2 takes",
        ),
        ({"use": "sim.dispatch.closest.Closest", "preempts": {2: [2]}}, "2 takes from 2"),
        ({"use": "sim.dispatch.closest.Closest", "preempts": {3: [1]}}, "only from less urgent incidents"),
    ],
)
def test_options_that_cannot_be_are_refused(dispatch: dict[str, Any], expected: str) -> None:
    with pytest.raises(sim.ConfigError, match=expected):
        sim.build(mapping(**dispatch))


def test_a_list_in_the_config_is_told_by_its_path() -> None:
    with pytest.raises(sim.ConfigError) as told:
        sim.build(mapping(use="sim.dispatch.preference.Preference", zones={"nort": ["s"], "south": ["x"]}))
    assert [(problem.path, problem.found) for problem in told.value.problems] == [
        (("dispatch", "zones", "nort"), "the zone 'nort'"),
        (("dispatch", "zones", "south"), "'x'"),
    ]


def test_zones_to_which_nobody_would_go_are_told() -> None:
    use = "sim.dispatch.preference.Preference"
    with pytest.raises(sim.ConfigError, match=r"no list for south\n .*a list for each zone or its town"):
        sim.build(mapping(use=use, zones={"north": ["s"]}, others="none"))
    sim.build(mapping(use=use, zones={"north": ["s"]}))
    sim.build(mapping(use=use, zones={"north": ["s"], "south": ["t"]}, others="none"))


def test_a_large_matrix_of_priorities_is_read_at_once() -> None:
    """Each of sixty takes from all below it: more ways down than anybody could follow."""
    preempts = {taker: list(range(taker + 1, 61)) for taker in range(1, 60)}
    sim.build(mapping(use="sim.dispatch.closest.Closest", preempts=preempts))
    with pytest.raises(sim.ConfigError, match="59 takes from 60 takes from 1"):
        sim.build(mapping(use="sim.dispatch.closest.Closest", preempts=preempts | {60: [1]}))
