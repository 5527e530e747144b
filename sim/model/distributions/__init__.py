"""Distributions of times and of other quantities, each drawn in batches.

A config writes ``60 s`` for a constant, else a mapping:

- ours: ``{dist: lognormal, median: 74 s, sigma: 0.42}``, and constant, exponential, weibull, uniform;
- any of scipy.stats by its name and parameters: ``{dist: gamma, a: 2, scale: 3 min, loc: 30 s}``, where
  shape parameters are plain numbers while loc and scale carry units. A discrete one is counted in
  ``scale``;
- a sample drawn from with replacement: ``{dist: empirical, values: [60 s, 75 s]}``, or
  ``{dist: empirical, file: turnout.csv, column: turnout, unit: s}``.

Any of them may add ``min`` and ``max`` (only the values from min to max, inclusive) and then ``shift``
(added to each). Use `Distribution` (times), `Numbers`, `Speeds` or `Lengths` as type hints, or
``Annotated[Law, LawOf(unit)]`` for another unit. Whatever is read never leaves the unit's range.
"""

from sim.model.distributions.families import Constant, Exponential, Lognormal, Uniform, Weibull
from sim.model.distributions.laws import FloatArray, Law, Shifted, Truncated
from sim.model.distributions.named import Scipy
from sim.model.distributions.reading import Distribution, LawOf, Lengths, Numbers, Speeds, distribution_of
from sim.model.distributions.sample import Empirical

__all__ = [
    "Constant",
    "Distribution",
    "Empirical",
    "Exponential",
    "FloatArray",
    "Law",
    "LawOf",
    "Lengths",
    "Lognormal",
    "Numbers",
    "Scipy",
    "Shifted",
    "Speeds",
    "Truncated",
    "Uniform",
    "Weibull",
    "distribution_of",
]
