"""Designs: points spread evenly over what many keys may be, alone or such that they tell what each does."""

from collections.abc import Mapping
from math import ceil, exp, floor, log, log2, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from sim.config.schema.experiment import DesignConfig
from sim.config.schema.uncertain import OverConfig
from sim.model.design import Design
from sim.model.distributions import FloatArray

DIGITS = 6
"""As many digits a value has, other than whole numbers."""

SURE = 1e-6
"""Distributions without an end are cut off where less than this share lies beyond."""

_NORMAL = NormalDist()
_WITHIN = _NORMAL.inv_cdf(0.975)


def designed(config: DesignConfig, over: Mapping[str, OverConfig]) -> tuple[Design, list[dict[str, Any]]]:
    """Return a design over some keys, and its points, each a value by key, written like the bounds."""
    cube, signs = _cube(config, len(over))
    design = Design(config.kind, tuple(over), config.points, tuple(map(tuple, signs.tolist())))
    rows = [
        {key: value_at(each, share) for (key, each), share in zip(over.items(), row, strict=True)}
        for row in cube.tolist()
    ]
    return design, rows


def _cube(config: DesignConfig, keys: int) -> tuple[FloatArray, Any]:
    """Return points of the unit cube, a row each, a column for every key, and the signs of steps."""
    if config.kind == "saltelli":
        both = _spread("sobol", config, 2 * keys)
        a, b = both[:, :keys], both[:, keys:]
        return np.concatenate([a, b, *_each_in(a, b)]), np.empty((0, 0), int)
    a = _spread("sobol" if config.kind == "morris" else config.kind, config, keys)
    if config.kind == "morris":
        signs = np.where(a < 0.5, 1, -1)
        return np.concatenate([a, *_each_in(a, a + 0.5 * signs)]), signs.T
    return a, np.empty((0, 0), int)


def _spread(kind: str, config: DesignConfig, columns: int) -> FloatArray:
    """Return points spread evenly over the unit cube, shape (points, columns)."""
    from scipy.stats import qmc

    generator = np.random.default_rng(config.seed)
    if kind == "latin_hypercube":
        return np.asarray(qmc.LatinHypercube(columns, seed=generator).random(config.points))
    sequence = qmc.Sobol(columns, seed=generator).random_base2(ceil(log2(config.points)))
    return np.asarray(sequence[: config.points])


def _each_in(a: FloatArray, other: FloatArray) -> list[FloatArray]:
    """Return for each column the rows of ``a`` with that column as in the ``other``."""
    found = [a.copy() for _ in range(a.shape[1])]
    for i, each in enumerate(found):
        each[:, i] = other[:, i]
    return found


def value_at(over: OverConfig, share: float) -> Any:
    """Return the value that a share (from 0 to below 1) of all that it may be lies below."""
    if over.choices is not None:
        return over.choices[floor(share * len(over.choices))]
    numbers = over.numbers
    if over.whole:
        most = int(numbers["to"])
        return min(floor(_quantile(over, numbers | {"to": most + 1}, share)), most)
    number = float(f"{_quantile(over, numbers, share):.{DIGITS}g}")
    if over.start is not None:
        number = min(max(number, numbers["start"]), numbers["to"])
    return f"{number:.{DIGITS}g} {over.unit}" if over.unit else number


def _quantile(over: OverConfig, numbers: Mapping[str, float], share: float) -> float:
    """Return a number that a share lies below; see OverConfig for the distributions."""
    if over.start is None:
        z = _NORMAL.inv_cdf(min(max(share, SURE), 1 - SURE))
        if over.median is None:
            return numbers["mean"] + z * numbers["sd"]
        return float(numbers["median"] * (over.factor or 1.0) ** (z / _WITHIN))
    least, most = numbers["start"], numbers["to"]
    if over.likely is not None:
        return _triangular(least, numbers["likely"], most, share)
    return least * exp(share * log(most / least)) if over.log else least + share * (most - least)


def _triangular(least: float, likely: float, most: float, share: float) -> float:
    """Return what a share lies below, where chances fall off evenly from the likeliest to both bounds."""
    if share * (most - least) < likely - least:
        return least + sqrt(share * (most - least) * (likely - least))
    return most - sqrt((1 - share) * (most - least) * (most - likely))
