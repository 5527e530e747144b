"""Designs: evenly spread, inside their ranges, written like their bounds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compose.designs import rows_of, value_at
from sim.config.schema.experiment import DesignConfig, OverConfig


def over(**said: Any) -> OverConfig:
    return OverConfig.model_validate({"from" if key == "start" else key: said[key] for key in said})


def design(kind: str, n: int, **overs: Any) -> DesignConfig:
    return DesignConfig.model_validate({"kind": kind, "points": n, "over": overs})


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
    assert design("sobol", 1, a=["x"]).over["a"] == over(choices=["x"])
