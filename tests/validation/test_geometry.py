"""Case 4: distances to stations on a plane, planned and at random.

Source: Larson & Odoni, Urban Operations Research, ch. 3. Travel at 10 m/s, so that seconds are
distances; the nearest of many units is always free.
"""

from itertools import product
from typing import Any

import numpy as np
import pytest
from worlds import call, squares, stations, world

import sim
from sim.measure.targets import verdicts

Sites = dict[str, tuple[float, float]]
SPEED = {"built_up": {"day": "10 m/s", "night": "10 m/s"}}


def distances(
    sites: Sites,
    side_km: float,
    metric: str,
    seed: int = 0,
    hours: int = 1000,
) -> np.ndarray:
    """Distances in metres of the units sent, to incidents spread evenly over a square."""
    scenario = sim.build(
        world(
            horizon=f"{hours} h",
            place__zones=squares(1, side_km),
            place__sites=stations(sites),
            fleet__units={name: {"unit": 5} for name in sites},
            incident={"call": call("20 per hour", "1 s")},
            travel={"use": "sim.travel.planar.Planar", "metric": metric, "speeds": {"unit": SPEED}},
        )
    ).scenario
    _, responses = sim.tabulate(sim.simulate(scenario, seed=seed), scenario).frames()
    arrived = responses.dropna(subset=["arrived_s"])
    return ((arrived.arrived_s - arrived.enroute_s) * 10).to_numpy()


def lattice(s: float, side: float) -> Sites:
    """The centres of diamonds |x| + |y| <= s that touch the square [0, side] x [0, side]."""
    centres = {f"{i},{j}": (i * s, j * s) for i, j in product(range(-1, 7), repeat=2) if (i + j) % 2 == 0}

    def gap(v: float) -> float:
        return max(-v, v - side, 0.0)

    return {name: (x, y) for name, (x, y) in centres.items() if gap(x) + gap(y) <= s}


def scattered(rng: np.random.Generator, per_m2: float, side: float, margin: float) -> Sites:
    """Stations at random around a square with its corner at (0, 0)."""
    n = rng.poisson(per_m2 * (side + 2 * margin) ** 2)
    return {
        str(i): (float(x), float(y)) for i, (x, y) in enumerate(rng.uniform(-margin, side + margin, (n, 2)))
    }


def test_diamonds_tile_the_plane() -> None:
    """Everyone is within Manhattan distance S; mean 2S/3; P(D <= d) = (d/S)^2."""
    s = 1500.0
    found = distances(lattice(s, 4 * s), 4 * s / 1000, "manhattan")
    n = len(found)
    assert n > 15_000
    assert found.max() <= s
    assert abs(found.mean() - 2 * s / 3) <= 4 * found.std() / np.sqrt(n)
    for share in (0.25, 0.5, 0.75):
        p = share**2
        assert abs((found <= share * s).mean() - p) <= 4 * np.sqrt(p * (1 - p) / n)


@pytest.mark.parametrize(
    ("metric", "area_factor", "mean_factor"), [("manhattan", 2.0, 0.626657), ("euclidean", np.pi, 0.5)]
)
def test_stations_at_random(metric: str, area_factor: float, mean_factor: float) -> None:
    """P(D <= d) = 1 - exp(-k density d^2) with k = 2 (Manhattan) or pi (Euclid), over placements."""
    density = 4e-6  # so dense that 1.3 km of margin hold the nearest one but once in 10^5
    rng, means, shares = np.random.default_rng(5), [], []
    for placement in range(60):
        found = distances(scattered(rng, density, 2000, 1300), 2.0, metric, placement, hours=20)
        means.append(found.mean())
        shares.append((found <= 300).mean())
    for values, truth in (
        (means, mean_factor / np.sqrt(density)),
        (shares, 1 - np.exp(-area_factor * density * 300**2)),
    ):
        error = np.std(values, ddof=1) / np.sqrt(len(values))
        assert abs(np.mean(values) - truth) <= 4 * error
        assert error < 0.06 * truth


def coverage(sites: Sites, side_m: float, speed: str) -> float:
    """The static share of people within 4 min, Manhattan: the product's own measure."""
    target: dict[str, Any] = {
        "measure": "coverage",
        "unit": "unit",
        "of": "people",
        "turnout": "0 s",
        "at": "12 h",
        "limit": "4 min",
        "share": "100 %",
    }
    speeds = {"unit": {"built_up": {"day": speed, "night": speed}}}
    scenario = sim.build(
        world(
            place__zones=squares(3, side_m / 3000),
            place__sites=stations(sites),
            fleet__units={name: {"unit": 1} for name in sites},
            travel={"use": "sim.travel.planar.Planar", "metric": "manhattan", "speeds": speeds},
            targets={"circle": target},
        )
    ).scenario
    (verdict,) = verdicts(scenario, [])
    return verdict.share


def test_one_station_per_7_km2_planned_covers_everyone_at_35_km_h() -> None:
    s = float(np.sqrt(3.5) * 1000)
    assert coverage(lattice(s, 4 * s), 4 * s, "35 km/h") == 1.0
    assert coverage(lattice(s, 4 * s), 4 * s, "25 km/h") < 1.0


def test_stations_at_random_cover_789_in_1000() -> None:
    """One per 7 km2 at 35 km/h, drawn at half the size: one per 1.75 km2 at 17.5 km/h."""
    rng = np.random.default_rng(6)
    shares = [coverage(scattered(rng, 1 / 1.75e6, 2000, 1200), 2000, "17.5 km/h") for _ in range(150)]
    error = np.std(shares, ddof=1) / np.sqrt(len(shares))
    assert abs(np.mean(shares) - 0.78893) <= 4 * error
    assert error < 0.03
