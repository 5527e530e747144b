"""tocsin: does an emergency plan meet its targets, how sure is that, and where is the time lost?

>>> import sim                                                     # doctest: +SKIP
>>> results = sim.run(sim.prepare("place=zhoucun", "replications=4"))   # doctest: +SKIP
>>> results.verdicts, results.incidents, results.responses         # doctest: +SKIP

``prepare`` composes a config and builds a Study, ``build`` does so from a plain mapping, ``run`` runs it,
``points`` and ``sweep`` are the same for many, ``load`` and ``load_sweep`` read results back, ``simulate``
gives the log of one replication in memory and ``tabulate`` its tables. ``Decided`` says when a study has
said enough, ``compare`` tells two apart, ``best`` and ``cheapest`` pick a point of a sweep, ``sensitivity``
says what its inputs do; ``percentiles``, ``workload``, ``queues``, ``coverage``, ``equity``, ``gini`` and
``costs`` are further numbers of a study.
``check_travel`` says which promises a provider of travel times breaks, ``check_policy`` those of a policy.
``Local``, ``Serial``, ``Dask``, ``Ray`` and ``Slurm`` are where ``run`` and ``sweep`` have replications done.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.compose import points, prepare
    from sim.config import ConfigError, build
    from sim.conformance import ConformanceError, check_travel
    from sim.engine import PolicyError, simulate
    from sim.measure.tables import Tables, tabulate
    from sim.model.until import Decided
    from sim.report.plot_inputs import plot_sensitivity
    from sim.report.plots import plot_coverage, plot_response_times
    from sim.scenario import Scenario, Study
    from sim.study.backends import BackendError, Dask, Local, Ray, Serial, Slurm
    from sim.study.comparing import Comparison, compare
    from sim.study.metrics import costs, coverage, equity, gini, percentiles, queues, workload
    from sim.study.policies import check_policy
    from sim.study.results import Results, load
    from sim.study.runner import run
    from sim.study.selecting import best, cheapest
    from sim.study.sensitivity import sensitivity
    from sim.study.sweeps import sweep
    from sim.study.swept import SweepResults, load_sweep

__all__ = [
    "BackendError",
    "Comparison",
    "ConfigError",
    "ConformanceError",
    "Dask",
    "Decided",
    "Local",
    "PolicyError",
    "Ray",
    "Results",
    "Scenario",
    "Serial",
    "Slurm",
    "Study",
    "SweepResults",
    "Tables",
    "best",
    "build",
    "cheapest",
    "check_policy",
    "check_travel",
    "compare",
    "costs",
    "coverage",
    "equity",
    "gini",
    "load",
    "load_sweep",
    "percentiles",
    "plot_coverage",
    "plot_response_times",
    "plot_sensitivity",
    "points",
    "prepare",
    "queues",
    "run",
    "sensitivity",
    "simulate",
    "sweep",
    "tabulate",
    "workload",
]

_HOMES = {
    "BackendError": "sim.study.backends",
    "Comparison": "sim.study.comparing",
    "ConfigError": "sim.config",
    "ConformanceError": "sim.conformance",
    "Dask": "sim.study.backends",
    "Decided": "sim.model.until",
    "Local": "sim.study.backends",
    "PolicyError": "sim.engine",
    "Ray": "sim.study.backends",
    "Results": "sim.study.results",
    "Scenario": "sim.scenario",
    "Serial": "sim.study.backends",
    "Slurm": "sim.study.backends",
    "Study": "sim.scenario",
    "SweepResults": "sim.study.swept",
    "Tables": "sim.measure.tables",
    "best": "sim.study.selecting",
    "build": "sim.config",
    "cheapest": "sim.study.selecting",
    "check_policy": "sim.study.policies",
    "check_travel": "sim.conformance",
    "compare": "sim.study.comparing",
    "costs": "sim.study.metrics",
    "coverage": "sim.study.metrics",
    "equity": "sim.study.metrics",
    "gini": "sim.study.metrics",
    "load": "sim.study.results",
    "load_sweep": "sim.study.swept",
    "percentiles": "sim.study.metrics",
    "plot_coverage": "sim.report.plots",
    "plot_response_times": "sim.report.plots",
    "plot_sensitivity": "sim.report.plot_inputs",
    "points": "sim.compose",
    "prepare": "sim.compose",
    "queues": "sim.study.metrics",
    "run": "sim.study.runner",
    "sensitivity": "sim.study.sensitivity",
    "simulate": "sim.engine",
    "sweep": "sim.study.sweeps",
    "tabulate": "sim.measure.tables",
    "workload": "sim.study.metrics",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``tocsin --help`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
