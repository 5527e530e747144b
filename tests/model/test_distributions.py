import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from sim.model.distributions import Distribution

ADAPTER = TypeAdapter(Distribution)

CASES = [
    ("60 s", 60.0, 60.0, 0.0),
    ({"dist": "exponential", "mean": "100 s"}, 100.0, 100 * np.log(2), 100.0),
    (
        {"dist": "lognormal", "median": "74 s", "sigma": 0.42},
        74 * np.exp(0.42**2 / 2),
        74.0,
        74 * np.exp(0.42**2 / 2) * np.sqrt(np.exp(0.42**2) - 1),
    ),
    ({"dist": "weibull", "mean": "1 h", "shape": 1}, 3600.0, 3600 * np.log(2), 3600.0),
    ({"dist": "uniform", "low": "10 s", "high": "20 s"}, 15.0, 15.0, 10 / np.sqrt(12)),
]


@pytest.mark.parametrize(("written", "mean", "median", "deviation"), CASES)
def test_draws_have_the_moments_that_theory_gives(
    written: object, mean: float, median: float, deviation: float
) -> None:
    found = ADAPTER.validate_python(written)
    n = 200_000
    drawn = found.draw(np.random.default_rng(3), n)
    assert drawn.shape == (n,)
    assert abs(drawn.mean() - mean) <= 4 * deviation / np.sqrt(n) + 1e-9
    assert drawn.std() == pytest.approx(deviation, rel=0.02, abs=1e-9)
    assert found.median_s == pytest.approx(median)
    assert np.median(drawn) == pytest.approx(median, rel=0.01)


def test_the_london_turnout_has_the_published_mean_and_quartiles() -> None:
    """Mean 80.1 s, quartiles 55, 74 and 97 s (London 2009-23), which the lognormal was made for."""
    turnout = ADAPTER.validate_python({"dist": "lognormal", "median": "74 s", "sigma": 0.42})
    drawn = turnout.draw(np.random.default_rng(3), 200_000)
    assert drawn.mean() == pytest.approx(80.1, abs=1.5)
    assert np.percentile(drawn, [25, 50, 75]) == pytest.approx([55, 74, 97], abs=2.5)


@pytest.mark.parametrize(
    "written",
    [
        {"dist": "lognormal", "median": "74 s"},
        {"dist": "lognormal", "median": "74 s", "sigma": -1},
        {"dist": "lognorm", "median": "74 s", "sigma": 1},
        {"dist": "exponential", "mean": "0 s"},
        {"dist": "exponential", "mean": "5 min", "sigma": 1},
        {"dist": "uniform", "low": "5 min", "high": "1 min"},
        60,
    ],
)
def test_bad_distributions_are_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(written)
