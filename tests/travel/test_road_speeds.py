import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict, TypeAdapter, ValidationError, create_model

from sim.config.problems import from_pydantic
from sim.travel.roads.roads import NO_WAY, TICK_S
from sim.travel.roads.speeds import ModeSpeeds, timed
from sim.travel.roads.survey import Survey


def survey(classes: list[str], labels: list[str] | None = None, **seconds: list[float]) -> Survey:
    """A line of nodes with an arc of 1 km for each class."""
    n = len(classes)
    return Survey(
        names=tuple(map(str, range(n + 1))),
        x_m=1000.0 * np.arange(n + 1),
        y_m=np.zeros(n + 1),
        access=np.ones(n + 1, np.bool_),
        start=np.arange(n),
        end=np.arange(1, n + 1),
        length_m=np.full(n, 1000.0),
        classes=np.array(classes, object),
        labels=np.array(labels or [""] * n, object),
        seconds={mode: np.array(column) for mode, column in seconds.items()},
    )


def seconds(found: Survey, speeds: ModeSpeeds, mode: str = "car") -> list[float]:
    """The times of arcs, NaN where there is no way."""
    ticks = timed(found, {mode: speeds}).ticks[mode]
    return np.where(ticks == NO_WAY, np.nan, ticks * TICK_S).tolist()


def test_times_are_lengths_by_speeds_of_classes() -> None:
    """1 km at 10 and 20 m/s, and at 5 m/s where nothing is said of the class."""
    roads = survey(["primary", "motorway", "track"])
    speeds = {"primary": 10.0, "motorway": 20.0, "rail": 50.0}
    assert seconds(roads, ModeSpeeds(1.0, speeds, 5.0)) == [100, 50, 200]
    np.testing.assert_array_equal(seconds(roads, ModeSpeeds(1.0, speeds)), [100, 50, np.nan])


def test_times_of_the_file_come_first() -> None:
    roads = survey(["primary", "track"], car=[42.0, np.nan])
    np.testing.assert_array_equal(seconds(roads, ModeSpeeds(1.0, {"primary": 10.0}, 10.0)), [42, np.nan])
    assert seconds(roads, ModeSpeeds(1.0, default=10.0), "foot") == [100, 100]


def test_modes_that_could_go_nowhere_are_refused_together() -> None:
    roads = survey(["primary", "track"], boat=[np.nan, np.nan])
    modes = {
        "car": ModeSpeeds(1.0, {"primry": 10.0}),
        "boat": ModeSpeeds(1.0),
        "foot": ModeSpeeds(1.0, default=1.0),
    }
    with pytest.raises(ValueError, match=r"\('primary', 'track'\), for car and boat"):
        timed(roads, modes)


def test_each_name_of_a_road_is_a_label() -> None:
    roads = survey(["a", "a", "a", "a"], ["B 2;Ring", "", "Ring", "B 2; way/7;"])
    labels = timed(roads, {"car": ModeSpeeds(1.0, default=1.0)}).labels
    assert {label: arcs.tolist() for label, arcs in labels.items()} == {
        "B 2": [0, 3],
        "Ring": [0, 2],
        "way/7": [3],
    }


def test_what_is_not_of_a_mode_stays() -> None:
    found, roads = survey(["a", "b"]), timed(survey(["a", "b"]), {"car": ModeSpeeds(1.0, default=1.0)})
    assert roads.names == found.names
    for name in ("x_m", "y_m", "access", "start", "end"):
        np.testing.assert_array_equal(getattr(roads, name), getattr(found, name))


@given(st.lists(st.floats(1e-6, 1e5), min_size=1, max_size=9), st.floats(1 / 3.6, 300 / 3.6))
def test_times_are_right_to_a_tick_and_never_none(lengths: list[float], speed: float) -> None:
    found = survey(["a"] * len(lengths))
    found.length_m[:] = lengths
    ticks = timed(found, {"car": ModeSpeeds(1.0, default=speed)}).ticks["car"]
    exact = np.array(lengths) / speed
    assert (ticks >= 1).all()
    assert (np.abs(ticks * TICK_S - exact) <= np.maximum(TICK_S / 2, TICK_S - exact) + 1e-9 * exact).all()


def test_speeds_are_read_with_their_units() -> None:
    speeds = {"off_road": "5 km/h", "speeds": {"primary": "72 km/h"}, "default": "10 m/s"}
    found = TypeAdapter(ModeSpeeds).validate_python(speeds)
    assert found.speeds == pytest.approx({"primary": 20.0})
    assert found.default == 10.0
    assert found.off_road == pytest.approx(5 / 3.6)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"off_road": "0.5 km/h"}, ("off_road",)),
        ({"off_road": "5"}, ("off_road",)),
        ({"off_road": "5 km/h", "default": "301 km/h"}, ("default",)),
        ({"off_road": "5 km/h", "speeds": {"primary": "84 m/s"}}, ("speeds", "primary")),
        ({"off_road": "5 km/h", "speeds": {"primary": 60}}, ("speeds", "primary")),
        ({"off_road": "5 km/h", "speeds": {"primary": "-60 km/h"}}, ("speeds", "primary")),
        ({}, ("off_road",)),
    ],
)
def test_speeds_out_of_range_are_named(wrong: dict, where: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(ModeSpeeds).validate_python(wrong)
    assert [each["loc"] for each in error.value.errors()] == [where]


def test_a_misspelt_key_is_told_with_a_hint() -> None:
    model = create_model("Roads", __config__=ConfigDict(extra="forbid"), modes=(dict[str, ModeSpeeds], ...))
    with pytest.raises(ValidationError) as error:
        model.model_validate({"modes": {"car": {"off_road": "5 km/h", "defualt": "9 km/h"}}})
    (problem,) = from_pydantic(error.value, model)
    assert problem.path == ("modes", "car", "defualt")
    assert problem.expected == 'no such key; did you mean "default"?'
