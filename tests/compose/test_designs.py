"""Designs: evenly spread, inside their ranges, written like their bounds."""

from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compose.designs import designed, value_at
from sim.config.schema.experiment import DesignConfig
from sim.config.schema.uncertain import OverConfig


def over(**said: Any) -> OverConfig:
    return OverConfig.model_validate({"from" if key == "start" else key: said[key] for key in said})


def design(kind: str, n: int, **overs: Any) -> DesignConfig:
    return DesignConfig.model_validate({"kind": kind, "points": n, "over": overs})


def rows_of(config: DesignConfig) -> list[dict[str, Any]]:
    assert config.over is not None
    return designed(config, config.over)[1]


VALUES = [
    (over(start="60 s", to="90 s"), 0.0, "60 s"),
    (over(start="60 s", to="90 s"), 0.5, "75 s"),
    (over(start="60 s", to="90 s"), 0.47667, "74.3001 s"),
    (over(start="1,000 m", to="4,000 m"), 0.5, "2500 m"),
    (over(start=0.5, to=1.5), 0.25, 0.75),
    (over(start=2, to=4), 0.0, 2),
    (over(start=2, to=4), 0.34, 3),
    (over(start=2, to=4), 0.999, 4),
    (over(start=1.0, to=100.0, log=True), 0.5, 10.0),
    (over(start=1, to=99, log=True), 0.5, 10),
    (over(start=-4.0, to=4.0), 0.5, 0.0),
    (over(start="0 s", to="40 s", likely="10 s"), 0.25, "10 s"),
    (over(start="0 s", to="40 s", likely="10 s"), 0.0625, "5 s"),
    (over(start="0 s", to="40 s", likely="10 s"), 1 - 0.75 / 9, "30 s"),
    (over(mean="74 s", sd="5 s"), 0.5, "74 s"),
    (over(mean=1.0, sd=0.5), NormalDist().cdf(1.0), 1.5),
    (over(median="2 per 1000 people per year", factor=1.5), 0.975, "3 per 1000 people per year"),
    (over(median="2 per 1000 people per year", factor=1.5), 0.5, "2 per 1000 people per year"),
    (over(median=3.0, factor=3), 0.025, 1.0),
    (over(choices=["a", "b", "c"]), 0.0, "a"),
    (over(choices=["a", "b", "c"]), 0.5, "b"),
    (over(choices=["a", "b", "c"]), 0.99, "c"),
]


@pytest.mark.parametrize(("range_", "share", "expected"), VALUES)
def test_a_share_of_a_range_is_a_value_like_its_bounds(
    range_: OverConfig, share: float, expected: Any
) -> None:
    found = value_at(range_, share)
    assert (type(found), found) == (type(expected), expected)


@given(st.floats(0, 1, exclude_max=True), st.floats(0.001, 1e6), st.floats(0.001, 1e6), st.booleans())
def test_values_lie_within_their_bounds(share: float, one: float, other: float, log: bool) -> None:
    least, most = sorted([one, other])
    if least < most:
        assert least <= value_at(over(start=least, to=most, log=log), share) <= most


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 50), st.integers(1, 50), st.booleans())
def test_whole_numbers_lie_within_their_bounds(share: float, least: int, more: int, log: bool) -> None:
    assert value_at(over(start=least, to=least + more, log=log), share) in range(least, least + more + 1)


def test_a_latin_hypercube_has_each_slice_of_each_range_once() -> None:
    rows = rows_of(design("latin_hypercube", 20, a={"from": 0, "to": 19}, b={"from": 0, "to": 19}))
    assert sorted(row["a"] for row in rows) == sorted(row["b"] for row in rows) == [*range(20)]


def test_sobols_points_have_each_sixteenth_of_the_square_once() -> None:
    """Sixteen points of two keys are a (0, 4, 2)-net: one in each elementary interval of that size."""
    rows = rows_of(design("sobol", 16, a={"from": 0, "to": 3}, b={"from": 0, "to": 3}))
    assert {(row["a"], row["b"]) for row in rows} == {(a, b) for a in range(4) for b in range(4)}


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_the_same_seed_gives_the_same_points(kind: str) -> None:
    one = design(kind, 7, a={"from": 0.0, "to": 1.0}, b=["x", "y"])
    other = one.model_copy(update={"seed": 2})
    assert rows_of(one) == rows_of(one) != rows_of(other)
    assert len(rows_of(one)) == 7


def test_a_list_is_a_list_of_choices() -> None:
    assert design("sobol", 1, a=["x"]).over == {"a": over(choices=["x"])}


SPREAD = {"a": {"from": 0.0, "to": 8.0}, "b": {"from": 0.0, "to": 16.0}, "c": {"from": 0.0, "to": 1.0}}


def test_a_design_of_morris_moves_one_key_at_a_time_by_half_of_its_range() -> None:
    config = design("morris", 8, **SPREAD)
    assert config.over is not None
    found, rows = designed(config, config.over)
    assert (found.kind, found.inputs, found.rows, len(rows)) == ("morris", ("a", "b", "c"), 8, 8 * 4)
    for i, key in enumerate(found.inputs):
        for j, (base, stepped) in enumerate(zip(rows[:8], rows[8 * (i + 1) :], strict=False)):
            half = found.signs[i][j] * SPREAD[key]["to"] / 2
            assert stepped[key] - base[key] == pytest.approx(half, abs=1e-4)
            assert {k: v for k, v in stepped.items() if k != key} == {
                k: v for k, v in base.items() if k != key
            }


def test_a_design_of_saltellis_takes_one_key_at_a_time_from_the_other_half() -> None:
    config = design("saltelli", 4, **SPREAD)
    assert config.over is not None
    found, rows = designed(config, config.over)
    assert (found.rows, len(rows)) == (4, 4 * 5)
    a, b, *each = (rows[4 * i : 4 * (i + 1)] for i in range(5))
    assert not any(one[key] == other[key] for one, other in zip(a, b, strict=True) for key in SPREAD)
    for key, ab in zip(found.inputs, each, strict=True):
        assert ab == [{**one, key: other[key]} for one, other in zip(a, b, strict=True)]


def test_all_numbers_of_a_design_are_of_a_kind_that_goes_together() -> None:
    for wrong in (
        {"from": 1.0},
        {"from": 1.0, "to": 2.0, "log": True, "likely": 1.5},
        {"from": 1.0, "to": 2.0, "likely": 3.0},
        {"median": 0.0, "factor": 2},
        {"median": 1.0, "factor": 1},
        {"mean": 1.0},
        {"mean": 1.0, "sd": 0.0},
        {"mean": "1 s", "sd": "1 min"},
        {"sd": 1.0},
    ):
        with pytest.raises(ValueError, match=r"expected|greater"):
            OverConfig.model_validate(wrong)
