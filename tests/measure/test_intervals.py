import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measure.intervals import share_interval, wilson


@pytest.mark.parametrize(
    ("hits", "n", "lower", "upper"), [(90, 100, 0.82563, 0.94477), (950, 1000, 0.93469, 0.96187)]
)
def test_wilson(hits: int, n: int, lower: float, upper: float) -> None:
    """Validation case 11."""
    assert wilson(hits, n, 0.95) == pytest.approx((hits / n, lower, upper), abs=5e-6)


def test_equal_counts_give_the_textbook_t_interval() -> None:
    """Means 0.8, 0.9, 0.7, 0.8: s = 0.0816497, t(0.975; 3) = 3.18245, half-width 0.129923."""
    found = share_interval(np.array([800, 900, 700, 800]), np.full(4, 1000), 0.95)
    assert found == pytest.approx((0.8, 0.8 - 0.129923, 0.8 + 0.129923), abs=1e-6)


def test_where_replications_tell_nothing_of_the_spread_wilson_stands_in() -> None:
    assert share_interval(np.array([5, 7]), np.array([5, 7]), 0.95) == wilson(12, 12, 0.95)
    assert share_interval(np.array([9]), np.array([10]), 0.95) == (0.9, 0.0, 1.0)
    assert np.isnan(share_interval(np.array([0, 0]), np.array([0, 0]), 0.95)).all()


def test_one_miss_never_makes_a_target_surer() -> None:
    counts = np.array([2, 3] * 15)
    bounds = [share_interval(counts - (np.arange(30) < misses), counts, 0.95).lower for misses in range(6)]
    assert bounds == sorted(bounds, reverse=True)


@pytest.mark.parametrize(
    ("share", "per_replication", "beta"),
    [(0.8, 40, None), (0.8, 40, 20), (0.95, 2.3, None), (0.99, 5, None), (0.97, 200, 100)],
    ids=["plain", "days differ", "few", "few misses", "many, days differ"],
)
def test_a_95_percent_interval_covers_the_truth_in_95_percent_of_studies(
    share: float, per_replication: float, beta: float | None
) -> None:
    """Or in more where misses are few; also where incidents go well or badly together."""
    rng, covered, studies = np.random.default_rng(8), 0, 3000
    for _ in range(studies):
        n = rng.poisson(per_replication, 30)
        p = np.full(30, share) if beta is None else rng.beta(share * beta, (1 - share) * beta, 30)
        found = share_interval(rng.binomial(n, p), n, 0.95)
        covered += found.lower <= share <= found.upper
    assert covered / studies >= 0.95 - 0.015
    if share * (1 - share) * 30 * per_replication > 30:
        assert covered / studies <= 0.985


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=20))
def test_bounds_hold_the_share_and_stay_in_0_to_1(pairs: list[tuple[int, int]]) -> None:
    hits = np.array([min(pair) for pair in pairs])
    counts = np.array([max(pair) for pair in pairs])
    found = share_interval(hits, counts, 0.9)
    if counts.sum():
        assert 0 <= found.lower <= found.share <= found.upper <= 1
