"""Intervals that hold whenever one looks, tried by looking after each replication of many studies."""

from math import inf

import numpy as np
import pytest

from sim.measure.anytime import mean_sequence, share_sequence, t_bound
from sim.measure.intervals import share_interval
from sim.measure.targets import judge

CASES = {
    "plain": (0.8, 40, None),
    "days differ": (0.8, 40, 20),
    "few": (0.95, 2.3, None),
    "few misses": (0.99, 5, None),
    "many, days differ": (0.97, 200, 100),
}


def days(rng: np.random.Generator, case: str, most: int) -> tuple[np.ndarray, np.ndarray]:
    share, per_replication, beta = CASES[case]
    counts = rng.poisson(per_replication, most)
    p = np.full(most, share) if beta is None else rng.beta(share * beta, (1 - share) * beta, most)
    return rng.binomial(counts, p), counts


def test_the_t_statistic_of_normal_replications_exceeds_the_bound_as_seldom_as_promised() -> None:
    rng, studies, most = np.random.default_rng(1), 4000, 400
    x = rng.normal(0.0, 3.0, (studies, most))
    r = np.arange(2, most + 1)
    mean = np.cumsum(x, axis=1)[:, 1:] / r
    variance = (np.cumsum(x * x, axis=1)[:, 1:] - r * mean**2) / (r - 1)
    bounds = np.array([t_bound(int(each), 0.9) for each in r])
    ever = (np.abs(mean) / np.sqrt(variance / r) > bounds).any(axis=1).mean()
    assert 0.05 < ever <= 0.1 + 0.01  # near the promise, not only below it


def test_the_bound_by_hand() -> None:
    """r = 100: g = (5.9915 + log 6.9915)/50 = 0.158729, w = 0.0592663, growth = 1.091942."""
    assert t_bound(100, 0.95) == pytest.approx(3.123610, abs=1e-5)
    assert t_bound(5, 0.95) == t_bound(1, 0.95) == inf
    large = 10**6  # tends to the asymptotic sequence, sqrt((1 + rg)/(rg) log((1 + rg)/alpha²))
    g = 0.158729 * large
    assert t_bound(large, 0.95) == pytest.approx(np.sqrt((1 + g) / g * np.log((1 + g) / 0.0025)), rel=1e-4)


def test_without_a_miss_the_lower_bound_is_that_of_the_beta_binomial_mixture() -> None:
    """For n hits in n the mean likelihood is B(n + 1/2, 1/2)/B(1/2, 1/2) = C(2n, n)/4^n."""
    found = share_sequence(np.full(20, 5), np.full(20, 5), 0.95)
    central = np.prod((2 * np.arange(1, 101) - 1) / (2 * np.arange(1, 101)))
    assert found.lower == pytest.approx((0.05 * central) ** (1 / 100), abs=1e-9)
    assert found.upper == 1.0


def test_hits_and_misses_are_mirrored() -> None:
    hits, counts = np.array([3, 5, 4, 9, 2, 6, 7, 8, 1, 3]), np.full(10, 10)
    found, other = share_sequence(hits, counts, 0.9), share_sequence(counts - hits, counts, 0.9)
    assert (1 - found.share, 1 - found.upper, 1 - found.lower) == pytest.approx(other)


def test_of_nothing_nothing_is_known_and_of_little_little() -> None:
    assert np.isnan(share_sequence(np.zeros(3, int), np.zeros(3, int), 0.95)).all()
    assert share_sequence(np.array([9]), np.array([10]), 0.95) == (0.9, 0.0, 1.0)
    assert np.isnan(mean_sequence(np.array([0.1, np.nan]), 0.95)).all()
    assert mean_sequence(np.array([0.25, 0.75]), 0.95) == (0.5, 0.0, 1.0)
    values = np.tile([0.4, 0.6], 50)
    half = 3.123610 * values.std(ddof=1) / 10
    assert mean_sequence(values, 0.95) == pytest.approx((0.5, 0.5 - half, 0.5 + half), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("wrong", ["missed", "met"])
def test_verdicts_err_no_more_often_than_promised(case: str, wrong: str) -> None:
    """At the edge, where it is hardest: required is the truth ("missed" is wrong), or a hair above it."""
    rng, studies, required = np.random.default_rng(7), 150, CASES[case][0] + (1e-9 if wrong == "met" else 0)
    errors = 0
    for _ in range(studies):
        hits, counts = days(rng, case, 120)
        looks = (judge(share_sequence(hits[:r], counts[:r], 0.9), required) for r in range(10, 121))
        errors += wrong in looks
    assert errors / studies <= 0.1


def test_who_peeks_at_intervals_for_a_fixed_number_errs_far_more_often() -> None:
    rng, studies = np.random.default_rng(7), 150
    errors = 0
    for _ in range(studies):
        hits, counts = days(rng, "days differ", 120)
        looks = (judge(share_interval(hits[:r], counts[:r], 0.9), 0.8) for r in range(10, 121))
        errors += not {"missed", "met"}.isdisjoint(looks)
    assert errors / studies > 0.2
