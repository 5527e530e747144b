"""Differences of pairs of replications, by answers known beforehand."""

import numpy as np
import pytest

from sim.measure.jackknife import leave_out, paired, percentile, ratio, spread


def test_with_equal_counts_it_is_the_textbooks_paired_t_interval() -> None:
    """Differences .1, .3, .2, .2: mean .2, s = .0816497, t(.975; 3) = 3.18245, half-width .129923."""
    counts = np.full(4, 10.0)
    a, b = np.array([5.0, 4, 6, 7]), np.array([6.0, 7, 8, 9])
    found = paired(ratio(a, counts), ratio(b, counts), 4, 0.95)
    assert found[:5] == pytest.approx((0.55, 0.75, 0.2, 0.2 - 0.129923, 0.2 + 0.129923), abs=1e-6)
    apart = a.var(ddof=1) + b.var(ddof=1)
    assert found.removed == pytest.approx(1 - (b - a).var(ddof=1) / apart)


def test_of_a_ratio_it_is_near_the_delta_method() -> None:
    rng = np.random.default_rng(2)
    counts = rng.poisson(50, 200)
    hits = rng.binomial(counts, rng.beta(16, 4, 200))
    share = hits.sum() / counts.sum()
    delta = ((hits - share * counts) ** 2).sum() / (199 * 200) / counts.mean() ** 2
    assert spread(leave_out(ratio(hits, counts), 200, 200)) == pytest.approx(delta, rel=0.02)


def test_intervals_of_differences_cover_the_truth_also_for_percentiles() -> None:
    """Shifted exponential times with a day's own factor: P90 is ln 10 and ln 10 + 1 for a factor of 1."""
    rng, studies, covered = np.random.default_rng(4), 300, np.zeros(3)
    for _ in range(studies):
        counts = rng.poisson(60, 40)
        a = [rng.exponential(1.0, n) for n in counts]
        b = [each + rng.normal(1.0, 0.3, len(each)) for each in a]
        sums = [np.array([each.sum() for each in side]) for side in (a, b)]
        mean = paired(ratio(sums[0], counts), ratio(sums[1], counts), 40, 0.95)
        shifted = [each + 1.0 for each in a]
        high = paired(percentile(a, 0.9), percentile(shifted, 0.9), 40, 0.95, smooth=False)
        other = [rng.exponential(1.0, n) for n in counts]
        apart = paired(percentile(a, 0.9), percentile(other, 0.9), 40, 0.95, smooth=False)
        covered += [mean.lower <= 1 <= mean.upper, high.lower <= 1 + 1e-9, apart.lower <= 0 <= apart.upper]
        assert high.difference == pytest.approx(1.0)
        assert mean.removed > 0.8
    assert (covered / studies >= 0.92).all()
    assert covered[0] / studies <= 0.98


def test_of_nothing_nothing_is_told() -> None:
    nothing = ratio(np.zeros(3), np.zeros(3))
    assert np.isnan(paired(nothing, nothing, 3, 0.95).difference)
    same = ratio(np.array([1.0, 2, 3]), np.full(3, 5.0))
    found = paired(same, same, 3, 0.95)
    assert found[2:5] == (0, 0, 0)
