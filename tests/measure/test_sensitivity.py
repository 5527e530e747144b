"""Indices, effects and spreads of functions whose answers are known, with and without noise."""

from math import pi
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.compose.designs import designed
from sim.config.schema.experiment import DesignConfig
from sim.measure.sensitivity import effects, indices, spread

Floats = NDArray[np.float64]


def rows_of(kind: str, points: int, keys: int, most: float = 1.0, least: float = 0.0) -> tuple[Any, Floats]:
    over = {f"x{i}": {"from": least, "to": most} for i in range(keys)}
    config = DesignConfig.model_validate({"kind": kind, "points": points, "over": over})
    assert config.over is not None
    design, rows = designed(config, config.over)
    return design, np.array([list(row.values()) for row in rows])


def ishigami(x: Floats) -> Floats:
    """Return sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, for x between -pi and pi (Ishigami and Homma 1990)."""
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


ISHIGAMI = ((0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437))
"""First-order and total indices, by the variances 1/2 + b pi^4/5 + b^2 pi^8/50, a^2/8 and b^2 pi^8 8/225."""


def with_noise(y: Floats, replications: int, size: float, seed: int = 1) -> Floats:
    """Replications of all rows, with days that all of them meet, and noise of each."""
    rng = np.random.default_rng(seed)
    return np.asarray(
        y[:, None] + 3 * rng.normal(size=replications) + size * rng.normal(size=(len(y), replications))
    )


def parts(y: Floats, n: int) -> tuple[Floats, Floats, Floats]:
    return y[:n], y[n : 2 * n], y[2 * n :].reshape(-1, n, y.shape[1])


@pytest.mark.parametrize("noise", [0.0, 4.0])
def test_ishigamis_function_has_its_indices(noise: float) -> None:
    """Also where noise is of the size of all inputs together: the variance from them is 13.84.

    The error of the design itself is some 1 / sqrt(n).
    """
    n = 4096
    most = 0.04 if noise else n**-0.5
    _, x = rows_of("saltelli", n, 3, pi, -pi)
    found = indices(*parts(with_noise(ishigami(x), 4, noise), n))
    for each, (first, total) in zip(found, ISHIGAMI, strict=True):
        assert each.first.value == pytest.approx(first, abs=most)
        assert each.total.value == pytest.approx(total, abs=most)
        assert each.first.low < first < each.first.high
        assert each.total.low < total < each.total.high


def test_without_noise_indices_are_those_of_scipy() -> None:
    n = 512
    _, x = rows_of("saltelli", n, 3, pi, -pi)
    y = ishigami(x)
    ours = indices(*parts(np.repeat(y[:, None], 2, axis=1), n))
    theirs = stats.sobol_indices(
        func={"f_A": y[None, :n], "f_B": y[None, n : 2 * n], "f_AB": y[2 * n :].reshape(3, 1, n)}, n=n
    )
    assert [each.first.value for each in ours] == pytest.approx(theirs.first_order.tolist(), abs=1e-6)
    assert [each.total.value for each in ours] == pytest.approx(theirs.total_order.tolist(), abs=1e-6)


def test_an_index_lies_in_its_interval_as_often_as_it_should() -> None:
    """Of y = 3 x1 + x2 with x uniform: 9/10 and 1/10, in each of 100 designs and noises."""
    n, inside = 64, 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        a, b = rng.random((2, n, 2))
        mixed = [np.where(np.arange(2) == i, b, a) for i in range(2)]
        y = with_noise(np.concatenate([a, b, *mixed]) @ [3.0, 1.0], 5, 0.5, seed)
        found = indices(*parts(y, n), seed=seed)
        inside += found[0].total.low <= 0.9 <= found[0].total.high
    assert 88 <= inside <= 99


def test_what_inputs_do_is_told_apart_from_noise() -> None:
    """A normal input of standard deviation 2, below noise of 3 / sqrt(6) at each row."""
    truth = stats.norm(10, 2).ppf((np.arange(400) + 0.5) / 400)
    found = spread(with_noise(truth, 6, 3.0))
    assert found.told
    assert found.deviation == pytest.approx(2, rel=0.1)
    assert (found.high - found.low) == pytest.approx(2 * 1.645 * 2, rel=0.1)
    assert found.error == pytest.approx(np.hypot(3, 3) / np.sqrt(6), rel=0.6)  # the six days are few


def test_inputs_that_do_nothing_are_seldom_told() -> None:
    told = sum(spread(with_noise(np.zeros(20), 5, 1.0, seed)).told for seed in range(400))
    assert 8 <= told <= 34  # 20 expected, 4.4 a standard deviation


def test_where_all_is_the_same_there_is_no_spread() -> None:
    found = spread(np.ones((4, 3)))
    assert (found.mean, found.deviation, found.low, found.high, found.error) == (1, 0, 1, 1, 0)
    assert not found.told


def test_without_noise_any_difference_is_told() -> None:
    found = spread(np.repeat([[1.0], [2.0], [3.0]], 2, axis=1))
    assert found.told
    assert (found.mean, found.deviation, found.error) == (2, 1, 0)


def test_elementary_effects_of_a_sum_are_its_slopes() -> None:
    """4 x1 - 2 x2 + x1 x3: half a range of x1 is 2 + x3 / 2, of x2 -1, of x3 x1 / 2."""
    design, x = rows_of("morris", 64, 3)
    y = np.repeat((4 * x[:, 0] - 2 * x[:, 1] + x[:, 0] * x[:, 2])[:, None], 2, axis=1)
    found = effects(y[:64], y[64:].reshape(3, 64, 2), np.array(design.signs))
    assert [each.mean for each in found] == pytest.approx([2.25, -1, 0.25], abs=0.01)
    assert [each.size for each in found] == pytest.approx([2.25, 1, 0.25], abs=0.01)
    half = 0.5 / np.sqrt(12)
    assert [each.deviation for each in found] == pytest.approx([half, 0, half], abs=0.01)
    assert [each.error for each in found] == pytest.approx([0, 0, 0], abs=1e-9)


def test_noise_of_effects_is_told_and_left_out_of_how_much_they_differ() -> None:
    design, x = rows_of("morris", 256, 2)
    y = with_noise(x @ [2.0, 0.0], 8, 1.0)
    found = effects(y[:256], y[256:].reshape(2, 256, 8), np.array(design.signs))
    assert [each.mean for each in found] == pytest.approx([1, 0], abs=4 * 0.5 / 16)
    assert [each.error for each in found] == pytest.approx([0.5, 0.5], rel=0.1)
    assert [each.mean_error for each in found] == pytest.approx([0.5 / 16, 0.5 / 16], rel=0.6)  # of 8
    assert max(each.deviation for each in found) < 0.2
