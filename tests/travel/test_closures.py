"""What is closed on a plane, and that it is as before once it is open again."""

import pickle
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.closures import Closure
from sim.model.place import Place, Zone
from sim.rng import Streams
from sim.seams import StraightRoute, TravelTimes
from sim.travel.planar import Planar

TOWN = Place(
    "town",
    "Town",
    (
        Zone("a", "t", "built_up", 0.0, 0.0, 1000.0, 1.0),
        Zone("b", "t", "rural", 2000.0, 0.0, 2000.0, 1.0),
        Zone("c", "t", "rural", 9000.0, 0.0, 0.0, 1.0),
    ),
    (),
)
SPEEDS = {"car": {kind: {"day": 10.0, "night": 12.5} for kind in ("built_up", "rural")}}
STREAMS = Streams(1, 0)
HERE, THERE, POINT = (0.0, 0.0), (2500.0, 300.0), (9000.0, 0.0)
B, C = Closure("b", zones=(1,)), Closure("c", zones=(2,))
CIRCLE = Closure("smoke", at=(2000.0, 0.0), radius_m=600.0)


def begun() -> TravelTimes:
    return Planar(TOWN, SPEEDS, detour=1.3, acceleration=0.4).begin(STREAMS, horizon_s=86400.0)


def seconds(travel: TravelTimes, a: tuple[float, float], b: tuple[float, float]) -> float:
    table = travel.seconds(np.array([a]), np.array([b]), at_s=0.0, mode="car")
    one = travel.between(a, b, at_s=0.0, mode="car")
    assert one == table[0, 0]
    return one


def test_a_trip_from_or_to_a_closed_area_takes_for_ever_and_others_what_they_took() -> None:
    travel = begun()
    free = seconds(travel, HERE, POINT)
    travel.close(B)
    assert (
        seconds(travel, HERE, THERE) == seconds(travel, THERE, HERE) == seconds(travel, THERE, THERE) == inf
    )
    assert seconds(travel, HERE, (1000.0, 1000.0)) == inf  # a corner
    assert seconds(travel, HERE, (999.0, 0.0)) < inf
    assert seconds(travel, HERE, POINT) == free  # though the way leads through it
    travel.close(C)
    assert seconds(travel, HERE, POINT) == inf


def test_what_two_closures_close_opens_with_the_second() -> None:
    travel = begun()
    before = seconds(travel, HERE, THERE), seconds(travel, HERE, (2500.0, 0.0))
    for closure in (B, CIRCLE, B):
        travel.close(closure)
    travel.reopen(B)
    assert seconds(travel, HERE, THERE) == inf
    travel.reopen(B)
    assert seconds(travel, HERE, THERE) == inf  # 583 m from the circle's centre
    travel.reopen(CIRCLE)
    assert (seconds(travel, HERE, THERE), seconds(travel, HERE, (2500.0, 0.0))) == before
    with pytest.raises(ValueError, match="smoke is not closed"):
        travel.reopen(CIRCLE)
    with pytest.raises(ValueError, match="expected zones 0 to 2, not 3"):
        travel.close(Closure("no", zones=(3,)))


closures = st.lists(st.sampled_from([B, C, CIRCLE]), max_size=6)
points = st.lists(st.tuples(st.floats(-3e3, 1e4), st.floats(-3e3, 3e3)), min_size=1, max_size=6)


@given(closures, points)
def test_times_after_reopening_are_those_of_before_to_the_bit(
    shut: list[Closure], where: list[tuple]
) -> None:
    travel, at = begun(), np.array(where)
    before = travel.seconds(at, at, at_s=0.0, mode="car")
    for closure in shut:
        travel.close(closure)
    for i, a in enumerate(where):
        for j, b in enumerate(where):
            table = travel.seconds(at, at, at_s=0.0, mode="car")
            assert table[i, j] == travel.between(a, b, at_s=0.0, mode="car")
            assert table[i, j] in (before[i, j], inf)
    for closure in reversed(shut):
        travel.reopen(closure)
    assert (travel.seconds(at, at, at_s=0.0, mode="car") == before).all()


def test_replications_share_no_closures() -> None:
    planar = Planar(TOWN, SPEEDS)
    one = planar.begin(STREAMS, horizon_s=1.0)
    one.close(B)
    other = planar.begin(STREAMS, horizon_s=1.0)
    assert seconds(planar, HERE, THERE) == seconds(other, HERE, THERE) < inf
    assert seconds(pickle.loads(pickle.dumps(one)), HERE, THERE) == inf
    assert seconds(one.begin(STREAMS, horizon_s=1.0), HERE, THERE) < inf


class Feet(TravelTimes):
    modes = ("feet",)

    def seconds(self, origins, destinations, *, at_s, mode):  # type: ignore[no-untyped-def]
        return np.hypot(*(origins[:, None] - destinations[None]).transpose(2, 0, 1))


def test_a_provider_says_that_it_can_close_nothing() -> None:
    feet = Feet()
    assert not feet.closes
    assert feet.begin(STREAMS, horizon_s=1.0) is feet
    for act in (feet.close, feet.reopen):
        with pytest.raises(NotImplementedError, match="Feet cannot close anything, such as smoke"):
            act(CIRCLE)
    route = feet.route((0.0, 0.0), (10.0, 20.0), at_s=0.0, mode="feet")
    assert isinstance(route, StraightRoute)
    assert route.at(0.25) == (2.5, 5.0)
    assert route.turn(0.25) == ((2.5, 5.0), 0.0)
