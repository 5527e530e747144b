import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import world

import sim
from sim.model.place import Place, Zone
from sim.travel.planar import Planar

TOWN = Place(
    "town",
    "Town",
    (
        Zone("a", "t", "built_up", 0.0, 0.0, 1000.0, 1.0),
        Zone("b", "t", "rural", 2000.0, 0.0, 3000.0, 1.0),
    ),
    (),
)
SPEEDS = {
    "car": {"built_up": {"day": 10.0, "night": 12.5}, "rural": {"day": 20.0, "night": 20.0}},
    "foot": {"built_up": {"day": 1.5, "night": 1.5}, "rural": {"day": 1.0, "night": 1.0}},
}
coordinates = st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000))
providers = st.sampled_from(
    [
        Planar(TOWN, SPEEDS, detour=1.3, acceleration=0.4),
        Planar(TOWN, SPEEDS, metric="manhattan"),
    ]
)


@given(providers, coordinates, coordinates, st.floats(0, 1e7), st.sampled_from(["car", "foot"]))
def test_one_trip_equals_the_table_to_the_last_bit(
    travel: Planar, a: tuple[float, float], b: tuple[float, float], at_s: float, mode: str
) -> None:
    table = travel.seconds(np.array([a]), np.array([b]), at_s=at_s, mode=mode)
    assert table.shape == (1, 1)
    assert travel.between(a, b, at_s=at_s, mode=mode) == table[0, 0]
    assert table[0, 0] >= 0
    assert travel.between(b, a, at_s=at_s, mode=mode) == table[0, 0]


@given(st.lists(coordinates, min_size=1, max_size=5), st.lists(coordinates, min_size=1, max_size=5))
def test_departures_may_differ_by_destination(
    origins: list[tuple[float, float]], destinations: list[tuple[float, float]]
) -> None:
    travel = Planar(TOWN, SPEEDS, acceleration=0.4)
    at = np.linspace(0, 86400, len(destinations))
    table = travel.seconds(np.array(origins), np.array(destinations), at_s=at, mode="car")
    assert table.shape == (len(origins), len(destinations))
    for i, a in enumerate(origins):
        for j, b in enumerate(destinations):
            assert table[i, j] == travel.between(a, b, at_s=float(at[j]), mode="car")


def test_the_acceleration_law() -> None:
    """a = 0.4 m/s2, v = 10 m/s: a trip of 250 m just reaches v; by hand."""
    travel = Planar(TOWN, SPEEDS, acceleration=0.4)
    for metres, seconds in ((0, 0), (90, 30), (250, 50), (450, 70)):
        found = travel.between((-450.0, 0.0), (-450.0 + metres, 0.0), at_s=43200, mode="car")
        assert found == pytest.approx(seconds)


def test_speed_is_by_zone_and_hour_and_the_detour_lengthens_the_way() -> None:
    travel = Planar(TOWN, SPEEDS, detour=1.5)
    noon, night = 12 * 3600.0, 23 * 3600.0
    assert travel.between((0, 0), (400, 0), at_s=noon, mode="car") == pytest.approx(60)
    assert travel.between((0, 0), (400, 0), at_s=night, mode="car") == pytest.approx(48)
    assert travel.between((0, 0), (0, 4000), at_s=5.9 * 3600, mode="car") == pytest.approx(480)
    mixed = travel.between((0, 0), (2000, 0), at_s=noon, mode="car")
    assert mixed == pytest.approx(1500 / 10 + 1500 / 20)


def test_a_mode_without_speeds_is_named() -> None:
    with pytest.raises(sim.ConfigError) as error:
        sim.build(world(fleet__kinds__unit__mode="unti"))
    assert 'did you mean "unit"?' in str(error.value)


def test_speeds_for_a_kind_of_zone_that_the_place_has_are_required() -> None:
    with pytest.raises(sim.ConfigError, match=r"speeds\.unit\.built_up for night"):
        sim.build(world(travel__speeds={"unit": {"built_up": {"day": "10 km/h"}}}))
