"""The shipped travel parameters against the attendances they were fitted to."""

import gzip

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import least_squares
from worlds import SHARED

import sim

LONDON = SHARED / "data" / "london" / "london_2020_2023_distance_attendance.csv.gz"
TURNOUT_S = 74.0


@pytest.fixture(scope="module")
def attendances() -> pd.DataFrame:
    """First-pump attendances, without the implausibly quick, slow and near."""
    if not LONDON.exists():
        pytest.skip("the London attendances are not beside this checkout")
    with gzip.open(LONDON, "rt") as file:
        found = pd.read_csv(file)
    return found.query("60 < attendance_s < 1200 and distance_m > 200")


def law(metres: np.ndarray, a: float, v: float | np.ndarray) -> np.ndarray:
    return np.where(metres <= v * v / a, 2 * np.sqrt(metres / a), v / a + metres / v)


def fit(found: pd.DataFrame) -> tuple[float, float]:
    def residuals(parameters: np.ndarray) -> np.ndarray:
        return np.log(law(found.distance_m.to_numpy(), *parameters) + TURNOUT_S) - np.log(found.attendance_s)

    a, v = least_squares(residuals, [0.2, 13.0]).x
    return float(a), float(v * 3.6)


def test_acceleration_and_cruise_speeds_are_the_fit(attendances: pd.DataFrame) -> None:
    assert len(attendances) == 57_311
    by_day = attendances.hour.between(6, 21)
    assert fit(attendances)[0] == pytest.approx(0.40, abs=0.01)
    assert fit(attendances[by_day])[1] == pytest.approx(41, abs=1)
    assert fit(attendances[~by_day])[1] == pytest.approx(46, abs=1)
    assert (by_day.sum(), (~by_day).sum()) == (45_174, 12_137)


def test_the_provider_gives_the_law_and_the_shipped_noise_has_londons_90th_percentile(
    attendances: pd.DataFrame,
) -> None:
    scenario = sim.prepare("travel.detour=1").scenario
    built_up = scenario.place.centres[scenario.place.kinds == 0][0]
    near = built_up[None] + np.array([[100.0, 0.0]])
    for hour, kmh in ((12, 41), (2, 46)):
        found = scenario.travel.seconds(built_up[None], near, at_s=hour * 3600.0, mode="engine")
        assert found[0, 0] == pytest.approx(law(np.array([100.0]), 0.40, kmh / 3.6)[0])

    by_day = attendances.hour.between(6, 21).to_numpy()
    travel_s = law(attendances.distance_m.to_numpy(), 0.40, np.where(by_day, 41, 46) / 3.6)
    expected_s = TURNOUT_S + travel_s
    measured = attendances.attendance_s.to_numpy() / expected_s
    assert abs(np.log(measured).mean()) < 0.02
    assert np.log(measured).std() == pytest.approx(0.32, abs=0.01)

    engine, rng = scenario.fleet.kinds[0], np.random.default_rng(2)
    noise = np.exp(engine.trip_sigma * rng.standard_normal(len(travel_s)))
    modelled = (engine.turnout.draw(rng, len(travel_s)) + travel_s * noise) / expected_s
    assert np.percentile(modelled, 90) == pytest.approx(np.percentile(measured, 90), rel=0.02)
