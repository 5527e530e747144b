"""Flights, sunrise, and travel by several providers."""

from datetime import date
from math import atan2, cos, inf, radians, sin, sqrt, tan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import world

import sim
from sim.model.calendar import Calendar
from sim.model.closures import Closure
from sim.model.earth import project
from sim.model.place import Place, Zone
from sim.model.units import HOUR_S
from sim.model.weather import Weather
from sim.rng import Streams
from sim.seams import TravelTimes
from sim.travel.air import Air, AirMode
from sim.travel.by_mode import ByMode
from sim.travel.planar import Planar
from sim.travel.sun import daylight

PLACE = Place("p", "P", (Zone("a", "t", "built_up", 0.0, 0.0, 0.0, 1.0),), (), origin=(37.45, 122.1))
FLAT = Place("p", "P", PLACE.zones, ())
CALENDAR = Calendar(date(2022, 6, 21))
HELI = {"cruise": "200 km/h", "take_off_and_landing": "4 min", "radius": "80 km"}


def air(place: Place = FLAT, weather: Weather | None = None, **more: Any) -> Air:
    return Air(place, CALENDAR, weather or Weather(), {"h": AirMode.model_validate({**HELI, **more})})


def flight(travel: TravelTimes, km: float, at_s: float = 0.0) -> float:
    there = (km * 1000.0, 0.0)
    table = travel.seconds(np.zeros((1, 2)), np.array([there]), at_s=at_s, mode="h")
    assert travel.between((0.0, 0.0), there, at_s=at_s, mode="h") == table[0, 0]
    return float(table[0, 0])


def test_eighty_kilometres_at_two_hundred_take_24_minutes_and_the_take_off() -> None:
    assert flight(air(), 80.0) == pytest.approx((24 + 4) * 60)
    assert flight(air(), 80.001) == inf
    assert flight(air(), 0.0) == 0


def test_daylight_holds_from_take_off_to_landing() -> None:
    craft = air(daylight={"from": "7 h", "until": "17 h"})
    whole = flight(craft, 20.0, at_s=12 * HOUR_S)
    assert whole == pytest.approx(600)
    for hour in (7.0, 16.8, 24 + 7.0):
        assert flight(craft, 20.0, at_s=hour * HOUR_S) == pytest.approx(whole)
    for hour in (6.99, 16.9, 24 + 6.9):
        assert flight(craft, 20.0, at_s=hour * HOUR_S) == inf


def test_light_from_midnight_to_midnight_is_always() -> None:
    craft = air(daylight={"from": "0 h", "until": "24 h"})
    for hour in (0.0, 12.0, 23.99, 47.99):
        assert flight(craft, 20.0, at_s=hour * HOUR_S) == pytest.approx(600)


def test_it_does_not_fly_on_days_of_weather_that_the_incidents_meet_too() -> None:
    weather = Weather(("rain",), ((0.4,) * 12,), persistence=0.3)
    craft = Air(FLAT, CALENDAR, weather, {"h": AirMode.model_validate({**HELI, "weather": ["rain"]})})
    streams, horizon_s = Streams(3, 1), 200 * 86400.0
    begun = craft.begin(streams.below("travel"), horizon_s=horizon_s)
    days = weather.days(streams.below("poisson"), CALENDAR, horizon_s)
    assert 40 < (days == 0).sum() < 120
    noons = np.arange(200) * 86400.0 + 43200
    found = begun.seconds(np.zeros((1, 2)), np.full((200, 2), 5e3), at_s=noons, mode="h")[0]
    assert (np.isinf(found) == (days == 0)).all()
    assert np.isfinite(craft.seconds(np.zeros((1, 2)), np.full((200, 2), 5e3), at_s=noons, mode="h")).all()


SUN = [
    # Local clock times, to the minute: Royal Greenwich and Beijing almanacs, New York (US Naval Observatory).
    (date(2022, 6, 21), (51.48, 0.0), 1, "04:43", "21:21"),
    (date(2022, 12, 21), (51.48, 0.0), 0, "08:04", "15:53"),
    (date(2022, 6, 21), (39.90, 116.40), 8, "04:46", "19:46"),
    (date(2022, 12, 22), (39.90, 116.40), 8, "07:33", "16:53"),
    (date(2022, 3, 20), (40.71, -74.01), -4, "07:00", "19:08"),
]


@pytest.mark.parametrize(("day", "where", "utc", "rise", "sets"), SUN)
def test_sunrise_and_sunset_are_the_almanacs(
    day: date, where: tuple[float, float], utc: int, rise: str, sets: str
) -> None:
    for found, told in zip(daylight(day, where, utc * HOUR_S), (rise, sets), strict=True):
        hour, minute = map(int, told.split(":"))
        assert found == pytest.approx(hour * HOUR_S + minute * 60, abs=120)


def test_by_the_sun_it_flies_from_sunrise() -> None:
    craft = air(PLACE, daylight={"sun": True, "utc": "8 h"})
    rise, sets = daylight(CALENDAR.start, (37.45, 122.1), 8 * HOUR_S)
    assert flight(craft, 20.0, at_s=rise) < flight(craft, 20.0, at_s=rise - 1) == inf
    assert flight(craft, 20.0, at_s=sets) == inf
    night = daylight(date(2022, 12, 21), (78.0, 15.0), 0.0)
    assert night[0] == night[1]
    assert daylight(date(2022, 6, 21), (78.0, 15.0), 0.0) == (0.0, 86400.0)


def vincenty(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The geodesic on WGS 84 in metres (Vincenty 1975, inverse)."""
    f, major = 1 / 298.257223563, 6378137.0
    minor = major * (1 - f)
    u1, u2 = (np.arctan((1 - f) * tan(radians(lat))) for lat in (a[0], b[0]))
    span = lam = radians(b[1] - a[1])
    for _ in range(200):
        s = sqrt((cos(u2) * sin(lam)) ** 2 + (cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam)) ** 2)
        if s == 0:
            return 0.0
        c = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lam)
        sigma, alpha = atan2(s, c), cos(u1) * cos(u2) * sin(lam) / s
        cos2 = 1 - alpha**2
        mid = c - 2 * sin(u1) * sin(u2) / cos2 if cos2 else 0.0
        k = f / 16 * cos2 * (4 + f * (4 - 3 * cos2))
        last, lam = lam, span + (1 - k) * f * alpha * (sigma + k * s * (mid + k * c * (2 * mid**2 - 1)))
        if abs(lam - last) < 1e-12:
            break
    u = cos2 * (major**2 - minor**2) / minor**2
    big = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)))
    small = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)))
    turn = small * s * (mid + small / 4 * (c * (2 * mid**2 - 1)))
    return float(minor * big * (sigma - turn))


def test_the_geodesic_of_the_test_is_right() -> None:
    """Flinders Peak to Buninyong: 54,972.271 m on a nearby ellipsoid (Geoscience Australia, GRS 80)."""
    found = vincenty((-37.95103342, 144.42486789), (-37.65282114, 143.92649553))
    assert found == pytest.approx(54972.271, abs=0.01)


@given(st.floats(-60, 60), st.floats(-4, 4), st.floats(-4, 4), st.floats(-4, 4), st.floats(-4, 4))
def test_distances_are_the_geodesics(lat: float, n1: float, e1: float, n2: float, e2: float) -> None:
    """Within 0.1 %, for points up to 400 km from the origin either way."""
    origin = (lat, 100.0)
    a, b = ((lat + n * 0.9, 100.0 + e * 0.9 / max(cos(radians(lat)), 0.3)) for n, e in ((n1, e1), (n2, e2)))
    place, slow = Place("p", "P", PLACE.zones, (), origin=origin), AirMode.model_validate({"cruise": "1 m/s"})
    craft = Air(place, CALENDAR, Weather(), {"h": slow})
    here, there = project(*a, origin), project(*b, origin)
    found = craft.between(here, there, at_s=0.0, mode="h")
    truth = vincenty(a, b)
    assert found == pytest.approx(truth, rel=1e-3 if truth < 500e3 else 3e-3, abs=1.0)
    table = craft.seconds(np.array([here]), np.array([there]), at_s=0.0, mode="h")
    assert table[0, 0] == found


def planar() -> Planar:
    return Planar(FLAT, {"car": {"built_up": {"day": 10.0, "night": 10.0}}})


def test_each_mode_goes_its_own_way_and_a_closed_road_stops_no_helicopter() -> None:
    both = ByMode.of(planar(), air())
    assert both.closes == ("zones", "at")  # in an order, for what is told of it
    assert set(both.modes) == {"car", "h"}
    begun = both.begin(Streams(1, 0), horizon_s=86400.0)
    begun.close(Closure("all", at=(0.0, 0.0), radius_m=1e6))
    assert begun.between((0.0, 0.0), (5000.0, 0.0), at_s=0.0, mode="car") == inf
    assert begun.between((0.0, 0.0), (5000.0, 0.0), at_s=0.0, mode="h") == flight(air(), 5.0)
    assert both.between((0.0, 0.0), (5000.0, 0.0), at_s=0.0, mode="car") == 500
    with pytest.raises(NotImplementedError):
        begun.close(Closure("bridge", arcs=("7",)))
    with pytest.raises(ValueError, match="expected other modes than car"):
        ByMode.of(planar(), planar())


def test_what_is_wrong_with_air_is_told() -> None:
    with pytest.raises(sim.ConfigError) as error:
        sim.build(world(air={"use": "sim.travel.air.Air", "modes": {"unit": {**HELI, "cruise": "200"}}}))
    assert "air.modes.unit.cruise" in str(error.value)
    with pytest.raises(sim.ConfigError, match="other modes than unit, which travel has too"):
        sim.build(world(air={"use": "sim.travel.air.Air", "modes": {"unit": HELI}}))
    by_sun = {**HELI, "daylight": {"sun": True, "utc": "8 h"}}
    with pytest.raises(sim.ConfigError, match="from and until, because the place is in metres"):
        sim.build(world(air={"use": "sim.travel.air.Air", "modes": {"h": by_sun}}))
    half = {**HELI, "daylight": {"from": "7 h"}}
    with pytest.raises(sim.ConfigError, match="either from and until, or sun: true and utc"):
        sim.build(world(air={"use": "sim.travel.air.Air", "modes": {"h": half}}))


@pytest.mark.slow
def test_huancuis_helicopter_flies_to_those_adrift() -> None:
    study = sim.prepare(
        "place=huancui", "air=helicopter", "incident=[sea_rescue]", "horizon=1500 d", "weather=shandong"
    )
    scenario = study.scenario
    incidents, responses = sim.tabulate(sim.simulate(scenario, seed=2), scenario).frames()
    flights = responses[(responses.kind == "helicopter") & responses.from_base]
    assert len(flights) > 3
    at = incidents.set_index("incident").loc[flights.incident]
    base = next(site for site in scenario.place.sites if site.name == "helicopters")
    metres = np.hypot(at.x_m.to_numpy() - base.x_m, at.y_m.to_numpy() - base.y_m)
    assert flights.expected_s.to_numpy() == pytest.approx(metres / (200 / 3.6) + 240, rel=2e-3)
    clock = flights.assigned_s.to_numpy() % 86400 / 3600
    assert ((clock >= 7) & (clock <= 17)).all()
    assert "helicopter" not in {kind.name for kind in sim.prepare("place=huancui").scenario.fleet.kinds}
