"""Designs: points spread evenly over the ranges of many keys."""

from math import ceil, exp, floor, log, log2
from typing import Any

import numpy as np

from sim.config.schema.experiment import DesignConfig, OverConfig

DIGITS = 6
"""As many digits a value has, other than whole numbers."""


def rows_of(design: DesignConfig) -> list[dict[str, Any]]:
    """Return the points of a design, each a value by key, written like the bounds."""
    return [
        {key: value_at(over, share) for (key, over), share in zip(design.over.items(), row, strict=True)}
        for row in _unit_cube(design).tolist()
    ]


def _unit_cube(design: DesignConfig) -> Any:
    """Return points of the unit cube, a row each, a column for every key."""
    from scipy.stats import qmc

    generator, keys = np.random.default_rng(design.seed), len(design.over)
    if design.kind == "latin_hypercube":
        return qmc.LatinHypercube(keys, seed=generator).random(design.points)
    return qmc.Sobol(keys, seed=generator).random_base2(ceil(log2(design.points)))[: design.points]


def value_at(over: OverConfig, share: float) -> Any:
    """Return the value at a share (from 0 to below 1) of a range, or of the list of choices."""
    if over.choices is not None:
        return over.choices[floor(share * len(over.choices))]
    least, most, unit = over.bounds
    end = most + 1 if over.whole else most
    number = least * exp(share * log(end / least)) if over.log else least + share * (end - least)
    if over.whole:
        return min(floor(number), int(most))
    number = min(max(float(f"{number:.{DIGITS}g}"), least), most)
    return f"{number:.{DIGITS}g} {unit}" if unit else number
