"""All units of a card or none: cards that can never be filled are told beforehand, with what there is."""

from typing import Any

import pytest
from worlds import call, stations, world

import sim
from sim.measure.notes import notes_on

TIERS = {"city": {"bases": ["t"], "from_level": "III", "reserve": 1}}


def county(levels: dict[str, dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Two units of our own, two of the city's from level III on, of which one stays at its base."""
    cards = {name: {"probability": "50 %", "priority": 1, **card} for name, card in levels.items()}
    usual: dict[str, Any] = {
        "place__sites": stations({"s": (0, 0), "t": (1000, 0)}),
        "fleet__kinds__unit__crew": 5,
        "fleet__units": {"s": {"unit": 2}, "t": {"unit": 2}},
        "fleet__forces": TIERS,
        "incident__call": call(levels=cards, size_up="60 s"),
        "dispatch__whole": True,
    }
    return world(**usual | changes)


def problems(mapping: dict[str, Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(sim.ConfigError) as told:
        sim.build(mapping)
    found = [(".".join(each.path), each.found, each.expected) for each in told.value.problems]
    return [(path, what, expected.partition(",")[0]) for path, what, expected in found]


def test_cards_that_ask_for_more_than_can_ever_come_are_told_all_at_once() -> None:
    """Two come to level IV and three to III: the city keeps one of its two."""
    levels = {
        "III": {"needs": {"unit": 4}},
        "IV": {"needs": {"unit": 1}, "later": {"needs": {"unit": 2}, "crew": {"unit": 11}}},
    }
    levels_at = "incident.call.levels"
    assert problems(county(levels)) == [
        (f"{levels_at}.III.needs.unit", "4", "at most 3"),
        (f"{levels_at}.IV.needs.unit", "1 and 2 later", "at most 2"),
        (f"{levels_at}.IV.later.crew.unit", "11 later", "at most 10"),
    ]


def test_they_are_told_beside_what_else_is_wrong() -> None:
    found = problems(county({"III": {"needs": {"unit": 4}}, "IV": {"needs": {"unit": 1}}}, seed="x"))
    assert [path for path, _, _ in found] == ["seed", "incident.call.levels.III.needs.unit"]


def test_what_no_unit_brings_is_told_once() -> None:
    levels = {"III": {"needs": {"unit": 1}}, "IV": {"needs": {"unit": 1, "ladder": 1}}}
    assert [path for path, _, _ in problems(county(levels))] == ["incident.call.levels.IV.needs.ladder"]


def test_cards_that_can_just_be_filled_are_right() -> None:
    sim.build(county({"III": {"needs": {"unit": 3}}, "IV": {"needs": {"unit": 2}, "crew": {"unit": 10}}}))


@pytest.mark.parametrize(("people", "fits"), [(16, True), (17, False)])
def test_the_largest_crew_of_all_shifts_counts(people: int, fits: bool) -> None:
    hours = {"day": {"start": "8 h", "end": "20 h", "crew": 8}, "night": {"start": "20 h", "end": "8 h"}}
    units = {"s": {"unit": {"count": 2, "duty": {"hours": hours}}}, "t": {"unit": 2}}
    levels = {"IV": {"needs": {"unit": 2}, "crew": {"unit": people}, "probability": "100 %"}}
    mapping = county(levels, fleet__units=units)
    if fits:
        sim.build(mapping)
    else:
        assert problems(mapping) == [("incident.call.levels.IV.crew.unit", "17", "at most 16")]


def test_where_units_go_as_they_are_there_it_is_a_note() -> None:
    levels = {"III": {"needs": {"unit": 4}}, "IV": {"needs": {"unit": 3}}}
    assert notes_on(sim.build(county(levels, dispatch__whole=False))) == [
        "all units together bring 3 unit, and more is asked for by call (III)",
        "all units together bring 2 unit, and more is asked for by call (IV)",
    ]
