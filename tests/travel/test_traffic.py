"""Hours, weather and derived modes on top of any provider; and modes by urgency."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from worlds import world

import sim
from sim.model.calendar import Calendar
from sim.model.closures import Closure
from sim.model.place import Place, Zone
from sim.model.resources import Modes
from sim.model.weather import Weather
from sim.rng import Streams
from sim.seams import TravelTimes
from sim.travel.planar import Planar
from sim.travel.traffic import Flow, Traffic

PLACE = Place("p", "P", (Zone("a", "t", "built_up", 0.0, 0.0, 1000.0, 1.0),), ())
PLANAR = Planar(PLACE, {"car": {"built_up": {"day": 10.0, "night": 10.0}}})
HOURS = [100.0 - hour for hour in range(24)]
PERCENT = [f"{share:g} %" for share in HOURS]
A, B = (0.0, 0.0), (1000.0, 0.0)
HOUR_S, DAY_S = 3600.0, 86400.0


def travel(**more: Any) -> TravelTimes:
    return sim.build(world(**more)).scenario.travel


def seconds(provider: TravelTimes, at_s: float, mode: str = "unit") -> float:
    one = provider.between(A, B, at_s=at_s, mode=mode)
    table = provider.seconds(np.array([A]), np.array([B]), at_s=at_s, mode=mode)
    by_destination = provider.seconds(np.array([A]), np.array([B]), at_s=np.array([at_s]), mode=mode)
    assert one == table[0, 0] == by_destination[0, 0]
    return one


def test_without_the_section_nothing_is_wrapped() -> None:
    assert isinstance(travel(), Planar)
    assert isinstance(travel(traffic={}), Planar)
    assert isinstance(sim.prepare().scenario.travel, Planar)


def test_speed_by_the_hour_of_weekdays_and_weekends() -> None:
    """The run starts on a Monday."""
    provider = travel(traffic={"weekdays": PERCENT, "weekends": ["50 %"] * 24})
    whole = seconds(travel(), 0.0)
    for hour in (0, 7, 23, 24 + 7, 4 * 24 + 23):
        for minute in (0, 59.99):
            found = seconds(provider, hour * HOUR_S + minute * 60)
            assert found == pytest.approx(whole / (HOURS[hour % 24] / 100))
    for hour in (5 * 24, 6 * 24 + 23.9):
        assert seconds(provider, hour * HOUR_S) == pytest.approx(whole * 2)
    assert seconds(provider, 7 * DAY_S) == pytest.approx(whole)


def test_modes_of_their_own_and_of_others() -> None:
    modes = {"convoy": {"of": "unit", "speed": "115 %"}, "unit": {"weekdays": ["50 %"] * 24}}
    provider = travel(traffic={"weekdays": ["80 %"] * 24, "modes": modes})
    whole = seconds(travel(), 0.0)
    assert set(provider.modes) == {"unit", "convoy"}
    assert seconds(provider, 0.0) == pytest.approx(whole / 0.5)
    assert seconds(provider, 0.0, "convoy") == pytest.approx(whole / (0.8 * 1.15))


def test_weather_is_that_of_the_replication() -> None:
    calendar, weather = Calendar(date(2022, 1, 3)), Weather(("snow",), ((0.3,) * 12,))
    flat = ((1.0,) * 24, (1.0,) * 24)
    provider = Traffic(PLANAR, calendar, weather, {"car": Flow("car", flat, {"snow": 0.5})})
    begun = provider.begin(Streams(5, 2).below("travel"), horizon_s=100 * DAY_S)
    days = weather.days(Streams(5, 2).below("poisson"), calendar, 100 * DAY_S)
    assert 10 < (days == 0).sum() < 60
    found = [seconds(begun, day * DAY_S, "car") for day in range(100)]
    assert found == [200.0 if day == 0 else 100.0 for day in days.tolist()]
    assert {seconds(provider, day * DAY_S, "car") for day in range(100)} == {100.0}
    assert seconds(begun, 1000 * DAY_S, "car") == 100.0


def test_closures_and_routes_pass_through() -> None:
    flat = ((0.5,) * 24, (0.5,) * 24)
    provider = Traffic(PLANAR, Calendar(date(2022, 1, 3)), Weather(), {"car": Flow("car", flat, {})})
    assert provider.closes == PLANAR.closes
    begun = provider.begin(Streams(1, 0), horizon_s=DAY_S)
    begun.close(Closure("a", zones=(0,)))
    assert np.isinf(seconds(begun, 0.0, "car"))
    assert seconds(provider, 0.0, "car") == 200
    begun.reopen(Closure("a", zones=(0,)))
    assert seconds(begun, 0.0, "car") == 200
    route = begun.route(A, B, at_s=0.0, mode="car")
    assert route.at(0.5) == (500.0, 0.0)
    assert route.turn(0.5) == ((500.0, 0.0), 0.0)


def test_what_is_wrong_with_traffic_is_told_at_once() -> None:
    modes = {"convoy": {"of": "unti"}, "bike": {}, "unit": {"of": "unit"}}
    with pytest.raises(sim.ConfigError) as error:
        sim.build(world(traffic={"modes": modes}))
    told = str(error.value)
    assert "traffic.modes.convoy.of" in told
    assert "'unti'" in told
    assert 'a mode of travel; did you mean "unit"?' in told
    assert "traffic.modes.bike" in told
    assert "traffic.modes.unit.of" in told
    for wrong, words in (
        ({"weekdays": ["100 %"] * 23}, "at least 24 items"),
        ({"weekdays": ["0 %"] * 24}, "a share of the speed above 0 % and at most 1000 %"),
        ({"weekends": ["100 %"] * 24}, "weekdays beside weekends"),
    ):
        with pytest.raises(sim.ConfigError, match=words):
            sim.build(world(traffic=wrong))


def test_a_plain_mode_is_that_of_all_trips_and_home_is_as_routine() -> None:
    def modes(mode: Any) -> Modes:
        speeds = world()["travel"]["speeds"]["unit"]
        ways = {"use": "sim.travel.planar.Planar", "speeds": dict.fromkeys("abcd", speeds)}
        return sim.build(world(fleet__kinds__unit__mode=mode, travel=ways)).scenario.fleet.kinds[0].modes

    assert modes("a") == ("a", "a", "a", "a", "")
    assert modes({"urgent": "a", "routine": "b"}) == ("a", "b", "a", "b", "")
    assert modes({"urgent": "a", "green": "c", "home": "d"}) == ("a", "a", "c", "d", "")
    with pytest.raises(sim.ConfigError, match=r"fleet\.kinds\.unit\.mode\n    found     'e'"):
        modes({"urgent": "a", "home": "e"})
    with pytest.raises(sim.ConfigError, match=r"fleet\.kinds\.unit\.mode\.urgent"):
        modes({"routine": "a"})
