"""Ranking and selection, by published answers and by how often the promise is kept."""

import numpy as np
import pytest

from sim.measure.selection import kn, ocba


def test_ocba_divides_as_the_published_example_does() -> None:
    """Validation case 11 (least is best there): 100 more go as 48, 38, 11, 2, 1, each to within 2."""
    means = np.array([1.2, 2.1, 3.4, 4.87, 6.05])
    found = ocba(-means, np.array([3.3, 2.0, 4.5, 5.3, 6.9]), (12, 6, 5, 5, 4), 100)
    assert found.sum() == 100
    assert np.abs(found - [48, 38, 11, 2, 1]).max() <= 2


def test_ocba_gives_none_to_those_that_have_enough() -> None:
    found = ocba(np.array([0.0, 1, 2]), np.ones(3), (500, 10, 10), 50)
    assert found[0] == 0
    assert found.sum() == 50
    with pytest.raises(ValueError, match="one of them the best"):
        ocba(np.array([1.0, 1]), np.ones(2), (5, 5), 10)


def test_kn_by_hand() -> None:
    """k = 2, n0 = 10, alpha = .05: eta = (.1^(-2/9) - 1)/2 = .334051, h² = 18 eta = 6.012918.

    Differences 1, -1, ... have S² = 10/9, so that with delta = .5 it takes 26.72 replications at most, and
    at n the slack is (.25/n)(26.7241 - n). The mean of differences is .4 more: gone at the least n (even,
    where it is .4) with .4 >= slack.
    """
    noise = np.tile([1.0, -1.0], 30)
    x = np.stack([np.zeros(60), noise + 0.4], axis=1)
    found = kn(x, 0.5)
    assert found.needed == 27
    assert found.best == 1
    n = found.replications
    slack = 0.25 / n * (6.012918 * 10 / 9 / 0.25 - n)
    assert x[:n, 1].mean() > slack
    assert x[: n - 1, 1].mean() <= 0.25 / (n - 1) * (26.7241 - n + 1) or n == 10
    assert found.left_out == (n, None)


def test_kn_picks_the_best_as_often_as_promised_on_the_same_days_too() -> None:
    """The hardest case, where all others are just delta behind."""
    rng, studies, k = np.random.default_rng(3), 400, 5
    right = dependent = used = 0
    for _ in range(studies):
        x = rng.normal(0, 1, (400, k))
        x[:, 2] += 0.5
        right += kn(x, 0.5).best == 2
        found = kn(x + rng.normal(0, 3, (400, 1)), 0.5)
        dependent += found.best == 2
        used += found.replications
    assert right / studies >= 0.95 - 0.01
    assert dependent == right  # what all share drops out of the differences
    assert used / studies < 100


def test_kn_says_when_it_does_not_know_yet() -> None:
    rng = np.random.default_rng(3)
    found = kn(rng.normal(0, 1, (12, 3)), 0.05)
    assert found.best is None
    assert len(found.left) > 1
    assert found.needed > 12
    with pytest.raises(ValueError, match="10 replications"):
        kn(rng.normal(0, 1, (5, 3)), 0.05)
