"""Draws against theory: of scipy.stats, truncated, shifted, of samples, and of other units than times."""

import pickle
import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import stats

from sim.model.distributions import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Law,
    Lengths,
    Lognormal,
    Numbers,
    Scipy,
    Speeds,
    Uniform,
    Weibull,
    distribution_of,
)
from sim.model.units import Unit

N = 20_000


def read(written: object, hint: Any = Distribution) -> Law:
    law: Law = TypeAdapter(hint).validate_python(written)
    return law


def drawn(law: Law, n: int = N) -> Any:
    return law.draw(np.random.default_rng(11), n)


def test_ours_keep_their_draws_bit_for_bit() -> None:
    rng = np.random.default_rng
    assert (drawn(Constant(60.0)) == 60.0).all()
    assert (drawn(Exponential(720.0)) == rng(11).exponential(720.0, N)).all()
    assert (drawn(Lognormal(74.0, 0.42)) == 74.0 * np.exp(0.42 * rng(11).standard_normal(N))).all()
    assert (drawn(Weibull(60.0, 1.0)) == 60.0 * rng(11).weibull(1.0, N)).all()
    assert (drawn(Uniform(1.0, 2.0)) == rng(11).uniform(1.0, 2.0, N)).all()


SCIPY = [
    ({"dist": "gamma", "a": 2, "scale": "3 min", "loc": "30 s"}, stats.gamma(2, 30, 180)),
    ({"dist": "beta", "a": 2, "b": 5, "scale": "1 h"}, stats.beta(2, 5, 0, 3600)),
    ({"dist": "triang", "c": 0.25, "loc": "1 min", "scale": "2 min"}, stats.triang(0.25, 60, 120)),
    ({"dist": "lognorm", "s": 0.5, "scale": "1 min"}, stats.lognorm(0.5, 0, 60)),
]


@pytest.mark.parametrize(("written", "theory"), SCIPY)
def test_a_law_of_scipy_is_drawn_as_scipy_draws_it(written: object, theory: Any) -> None:
    law = read(written)
    assert drawn(law) == pytest.approx(theory.rvs(N, random_state=np.random.default_rng(11)), rel=1e-15)
    assert stats.kstest(drawn(law), theory.cdf).pvalue > 0.01
    assert law.mean_s == pytest.approx(theory.mean())
    assert law.median_s == pytest.approx(theory.median())
    assert pickle.loads(pickle.dumps(law)) == law
    assert hash(law) == hash(read(written))


OURS = [
    ({"dist": "exponential", "mean": "100 s"}, stats.expon(0, 100)),
    ({"dist": "lognormal", "median": "74 s", "sigma": 0.42}, stats.lognorm(0.42, 0, 74)),
    ({"dist": "weibull", "mean": "100 s", "shape": 2}, stats.weibull_min(2, 0, 100 / np.sqrt(np.pi / 4))),
    ({"dist": "uniform", "low": "0 s", "high": "200 s"}, stats.uniform(0, 200)),
    ({"dist": "norm", "loc": "60 s", "scale": "1 min"}, stats.norm(60, 60)),
    ({"dist": "gamma", "a": 2, "scale": "40 s", "loc": "5 s"}, stats.gamma(2, 5, 40)),
]
EDGES = [("30 s", "2 min", 30.0, 120.0), ("50 s", None, 50.0, np.inf), ("0 s", "90 s", 0.0, 90.0)]


@pytest.mark.parametrize(("least", "most", "low", "high"), EDGES)
@pytest.mark.parametrize(("written", "theory"), OURS)
def test_a_truncated_law_is_the_law_conditional_on_lying_within(
    written: dict[str, Any], theory: Any, least: str, most: str | None, low: float, high: float
) -> None:
    law = read(written | {"min": least} | ({"max": most} if most else {}))
    below, within = theory.cdf(low), theory.cdf(high) - theory.cdf(low)
    found = drawn(law)
    assert low <= found.min()
    assert found.max() <= high
    assert stats.kstest(found, lambda x: (theory.cdf(x) - below) / within).pvalue > 0.01
    assert law.median_s == pytest.approx(theory.ppf(below + within / 2))
    top = theory.ppf(1 - 1e-14) if np.isinf(high) else high
    expected = theory.expect(lambda x: x, lb=low, ub=top, conditional=True)
    assert law.mean_s == pytest.approx(expected, rel=1e-6)
    assert pickle.loads(pickle.dumps(law)) == law


def test_one_uniform_makes_one_draw_of_a_truncated_law() -> None:
    law = read({"dist": "lognormal", "median": "74 s", "sigma": 0.42, "max": "3 min"})
    one, other = np.random.default_rng(1), np.random.default_rng(1)
    law.draw(one, 100)
    other.random(100)
    assert one.random() == other.random()


def test_the_shift_comes_after_the_truncation() -> None:
    written: dict[str, Any] = {"dist": "exponential", "mean": "1 min", "min": "30 s", "max": "90 s"}
    plain, shifted = read(written), read(written | {"shift": "10 s"})
    assert (drawn(shifted) == drawn(plain) + 10).all()
    assert shifted.mean_s == plain.mean_s + 10
    assert shifted.median_s == plain.median_s + 10
    assert read({"dist": "constant", "value": "1 min", "shift": "-10 s", "max": "1 min"}).mean_s == 50


def test_a_negligible_part_below_zero_is_left_out() -> None:
    law = read({"dist": "norm", "loc": "10 min", "scale": "1 min"})
    assert law.support == (0.0, np.inf)
    assert stats.kstest(drawn(law), stats.norm(600, 60).cdf).pvalue > 0.01


def test_a_discrete_law_counts_in_its_scale_and_keeps_to_whole_counts() -> None:
    law = read({"dist": "poisson", "mu": 3}, Numbers)
    assert (drawn(law) == stats.poisson(3).rvs(N, random_state=np.random.default_rng(11))).all()
    cut = read({"dist": "poisson", "mu": 3, "min": 1.5, "max": 5}, Numbers)
    counts = np.array([2, 3, 4, 5])
    chances = stats.poisson(3).pmf(counts) / stats.poisson(3).pmf(counts).sum()
    values, seen = np.unique(drawn(cut), return_counts=True)
    assert values.tolist() == counts.tolist()
    assert stats.chisquare(seen, chances * N).pvalue > 0.01
    assert cut.mean_s == pytest.approx(counts @ chances)
    tenths = read({"dist": "poisson", "mu": 3, "scale": "0.1 s", "min": "0.3 s", "max": "0.7 s"})
    assert np.unique(np.rint(drawn(tenths) * 10)).tolist() == [3, 4, 5, 6, 7]
    counts = np.arange(3, 8)
    assert tenths.mean_s == pytest.approx(
        counts @ stats.poisson(3).pmf(counts) / stats.poisson(3).pmf(counts).sum() / 10
    )
    minutes = read({"dist": "binom", "n": 5, "p": 0.4, "scale": "1 min", "loc": "30 s"})
    assert set(drawn(minutes)) == {30.0 + 60 * k for k in range(6)}
    assert minutes.mean_s == pytest.approx(150)


def test_a_sample_is_drawn_as_it_is() -> None:
    law = read({"dist": "empirical", "values": ["60 s", "75 s", "1 min", "3 min"]})
    assert law == Empirical((60.0, 75.0, 60.0, 180.0))
    values, seen = np.unique(drawn(law), return_counts=True)
    assert values.tolist() == [60.0, 75.0, 180.0]
    assert stats.chisquare(seen, np.array([0.5, 0.25, 0.25]) * N).pvalue > 0.01
    assert (law.mean_s, law.median_s) == (93.75, 67.5)
    cut = read({"dist": "empirical", "values": ["60 s", "75 s", "3 min"], "min": "75 s", "shift": "1 s"})
    assert set(drawn(cut)) == {76.0, 181.0}
    assert pickle.loads(pickle.dumps(law)) == law


def test_other_quantities_than_times() -> None:
    spread = Unit("a spread", "2 m/min", (("m/min", Fraction(1, 60)),))
    law = read({"dist": "gamma", "a": 2, "scale": "3 m/min"}, distribution_of(spread))
    assert law.mean_s == pytest.approx(0.1)
    assert read("36 km/h", Speeds) == Constant(10.0)
    assert read({"dist": "lognormal", "median": "1.3 m/s", "sigma": 0.2}, Speeds) == Lognormal(1.3, 0.2)
    assert read({"dist": "uniform", "low": "1 km", "high": "2 km"}, Lengths) == Uniform(1000.0, 2000.0)
    assert read(3, Numbers) == Constant(3.0)
    assert read(-0.5, Numbers) == Constant(-0.5)
    assert read({"dist": "norm", "loc": -5, "min": -6}, Numbers).support == (-6.0, np.inf)
    assert read({"dist": "norm"}, Numbers) == Scipy("norm")


def test_a_law_without_a_mean_says_so() -> None:
    assert np.isinf(read({"dist": "pareto", "b": 0.9, "scale": "1 min"}).mean_s)
    assert np.isnan(read({"dist": "cauchy"}, Numbers).mean_s)


@st.composite
def families(draw: st.DrawFn) -> dict[str, Any]:
    size, shape = draw(st.integers(1, 10_000)), draw(st.floats(0.3, 3))
    return draw(
        st.sampled_from(
            [
                {"dist": "exponential", "mean": f"{size} s"},
                {"dist": "lognormal", "median": f"{size} s", "sigma": shape},
                {"dist": "weibull", "mean": f"{size} s", "shape": shape},
                {"dist": "uniform", "low": "0 s", "high": f"{size} s"},
                {"dist": "norm", "loc": f"{size} s", "scale": f"{100 * shape} s"},
                {"dist": "gamma", "a": shape, "scale": f"{size} s"},
                {"dist": "poisson", "mu": shape, "scale": f"{size} s"},
                {"dist": "empirical", "values": ["5 s", "50 s", f"{size} s"]},
            ]
        )
    )


@settings(deadline=None)
@given(families(), st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 100), st.integers(0, 2**32))
def test_whatever_is_truncated_stays_within(
    written: dict[str, Any], least: int, width: int, shift: int, seed: int
) -> None:
    most = least + width
    try:
        law = read(written | {"min": f"{least} s", "max": f"{most} s", "shift": f"{shift} s"})
    except ValueError:
        assume(False)
    found = law.draw(np.random.default_rng(seed), 200)
    assert found.shape == (200,)
    assert (found >= least + shift).all()
    assert (found <= most + shift).all()
    assert least + shift <= law.median_s <= most + shift
    assert least + shift - 1e-6 * most <= law.mean_s <= (most + shift) * (1 + 1e-6)


def test_scipy_stats_is_imported_only_when_asked_for() -> None:
    code = (
        "import sys\nfrom pydantic import TypeAdapter\nfrom sim.model.distributions import *\n"
        "print('scipy' in sys.modules)\n"
        "adapter = TypeAdapter(Distribution)\n"
        "adapter.validate_python({'dist': 'lognormal', 'median': '74 s', 'sigma': 0.4, 'max': '5 min'})\n"
        "print('scipy.stats' in sys.modules)\n"
        "adapter.validate_python({'dist': 'gamma', 'a': 2, 'scale': '1 min'})\n"
        "print('scipy.stats' in sys.modules)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False", "True"]
