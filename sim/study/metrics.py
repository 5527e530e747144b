"""Further numbers of a study for notebooks: plain functions of its results that return pandas frames.

The replication is the unit of every interval. All times are seconds; incidents and missions before the
warm-up are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.measure.coverage import covered_share
from sim.measure.intervals import share_interval, t_interval
from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean
from sim.model.targets import CoverageTarget
from sim.model.units import YEAR_S
from sim.study.results import Results

if TYPE_CHECKING:
    import pandas as pd


def percentiles(
    results: Results,
    share: float = 0.9,
    *,
    by: str | Sequence[str] = "type",
    start: str = "reported",
    stop: str = "arrived",
    confidence_level: float = 0.95,
) -> "pd.DataFrame":
    """Return a quantile of the seconds between two moments of incidents by any columns, with its interval.

    ``n`` counts the incidents that reached ``stop`` by the horizon. The bounds are the quantiles at the
    bounds of the share of incidents below the quantile (Woodruff 1952, Journal of the American Statistical
    Association 47). Raises KeyError for a column, or a moment, that is not there.
    """
    seconds = _seconds(results, start, stop)
    found: pd.DataFrame = seconds.groupby(_columns(by, seconds), observed=True).apply(
        lambda group: _quantile(group, results, share, confidence_level)
    )
    return found.astype({"n": int})


def _quantile(group: Any, results: Results, share: float, confidence_level: float) -> Any:
    import pandas as pd

    values = group.seconds.to_numpy()
    value = np.quantile(values, share)
    by_replication = group.assign(below=group.seconds <= value).groupby("replication").below
    every = [outcome.replication for outcome in results.outcomes]
    hits, counts = (
        by_replication.agg(how).reindex(every, fill_value=0).to_numpy(int) for how in ("sum", "size")
    )
    around = share_interval(hits, counts, confidence_level)
    low, high = share - (around.share - around.lower), share + (around.upper - around.share)
    lower, upper = np.quantile(values, np.clip([low, high], 0, 1))
    return pd.Series({"n": len(values), "value_s": value, "lower_s": lower, "upper_s": upper})


def workload(results: Results, *, confidence_level: float = 0.95) -> "pd.DataFrame":
    """Return by unit the share of time on missions, with its interval over replications, and missions a year.

    A mission lasts from its assignment until the unit can be sent again: until it is clear, or back in
    quarters, as the fleet says. The share is that of all time, on duty or not.
    """
    import pandas as pd

    scenario = results.study.scenario
    until = "cleared_s" if scenario.fleet.available == "clearing" else "in_quarters_s"
    begin, end = scenario.warmup_s, scenario.horizon_s
    x = results.responses
    lasts = x[until].fillna(end).clip(begin, end) - x.assigned_s.clip(begin, end)
    units = [unit.name for unit in scenario.fleet.units]
    every = [outcome.replication for outcome in results.outcomes]
    keys = [x.replication, x.unit.astype(str)]
    busy = lasts.groupby(keys).sum().unstack().reindex(every, columns=units).fillna(0.0) / (end - begin)
    counts = (x.assigned_s >= begin).groupby(keys).sum().unstack().reindex(every, columns=units).fillna(0)
    rows = [t_interval(busy[unit].to_numpy(), confidence_level) for unit in units]
    found = pd.DataFrame(rows, index=pd.Index(units, name="unit"), columns=["busy", "lower", "upper"])
    found.insert(0, "kind", [scenario.fleet.kinds[unit.kind].name for unit in scenario.fleet.units])
    return found.assign(missions_per_year=counts.mean() * YEAR_S / (end - begin))


def queues(results: Results, *, by: str | Sequence[str] = "type") -> "pd.DataFrame":
    """Return how long incidents waited between the decision to send and their first unit's assignment.

    By any columns of incidents: ``n``, the share that waited at all, mean and 90th percentile of the wait of
    all that were assigned one, and the mean number that waited at a time (the sum of all waits, also of
    those still waiting at the horizon, over the time).
    """
    scenario = results.study.scenario
    x = _counted(results)
    x = x[x.decided_s.notna()]
    whole = x.assigned_s.where(x.units_turned_away == 0, x.assigned_s.fillna(x.decided_s))
    waited = whole.fillna(scenario.horizon_s) - x.decided_s
    span_s = len(results.outcomes) * (scenario.horizon_s - scenario.warmup_s)
    groups = x.assign(wait_s=x.assigned_s - x.decided_s, in_line_s=waited).groupby(
        _columns(by, x), observed=True
    )
    return groups.agg(
        n=("in_line_s", "size"),
        waited=("in_line_s", lambda each: float((each > 0).mean())),
        mean_s=("wait_s", "mean"),
        p90_s=("wait_s", lambda each: each.quantile(0.9)),
        length=("in_line_s", lambda each: float(each.sum() / span_s)),
    )


def coverage(
    results: Results, kind: str, limits_s: Sequence[float], *, turnout_s: float = 60.0
) -> "pd.DataFrame":
    """Return the share of people and of land that a kind of unit reaches within limits, all units at base.

    As of a coverage target, for a departure at noon of the first day. Raises KeyError for a kind that the
    fleet does not have.
    """
    import pandas as pd

    _known(kind, (each.name for each in results.study.scenario.fleet.kinds), "kind of unit")

    def of(what: Any, limit_s: float) -> float:
        target = CoverageTarget("", "", "", kind, what, (), turnout_s, 43200.0, limit_s, 1.0)
        return covered_share(results.study.scenario, target)[0]

    rows = {limit_s: {"people": of("people", limit_s), "area": of("area", limit_s)} for limit_s in limits_s}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("limit_s")


def equity(
    results: Results, *, start: str = "reported", stop: str = "arrived", fewest: int = 10
) -> "pd.Series":
    """Return how unequal zones are in their mean seconds between two moments of incidents.

    Over zones with ``fewest`` incidents or more, weighted by people: the mean of zones, Gini's coefficient,
    and the zone that fares worst, with its mean.
    """
    import pandas as pd

    zones = _seconds(results, start, stop).groupby("zone", observed=True).seconds.agg(["mean", "size"])
    means = zones[zones["size"] >= fewest]["mean"]
    people = pd.Series({zone.name: zone.people for zone in results.study.scenario.place.zones})
    weights = people[means.index.astype(str)].to_numpy()
    if not len(means) or weights.sum() == 0:
        return pd.Series({"zones": 0, "mean_s": np.nan, "gini": np.nan, "worst": None, "worst_s": np.nan})
    told = {"zones": len(means), "mean_s": np.average(means, weights=weights), "gini": gini(means, weights)}
    return pd.Series({**told, "worst": str(means.idxmax()), "worst_s": means.max()})


def gini(values: Any, weights: Any = None) -> float:
    """Return Gini's coefficient: half the mean difference of two drawn by weight, over the mean (Gini 1912).

    0 where all are equal, towards 1 where one has everything.
    """
    x = np.asarray(values, float)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, float)
    w = w / w.sum()
    apart: FloatArray = np.abs(x[:, None] - x[None, :])
    return float(w @ apart @ w / (2 * (w @ x)))


def costs(results: Results, per_unit: Mapping[str, float]) -> "pd.DataFrame":
    """Return what each kind of unit costs a year, and a mission, given what a unit of it costs a year.

    Raises KeyError for a kind that the fleet does not have.
    """
    load = workload(results)
    known = load.groupby("kind", sort=False).agg(
        units=("busy", "size"), missions=("missions_per_year", "sum")
    )
    known = known.loc[[_known(kind, known.index, "kind of unit") for kind in per_unit]]
    cost = known.units * known.index.map(per_unit)
    return known.assign(cost_per_year=cost, cost_per_mission=cost / known.missions)


def _known(name: str, names: Iterable[str], what: str) -> str:
    """Return a name that is there. Raises KeyError, in words, for one that is not."""
    there = list(names)
    if name not in there:
        raise KeyError(f"no {what} {name}{did_you_mean(name, there)}")
    return name


def _columns(by: str | Sequence[str], x: "pd.DataFrame") -> list[str]:
    names = [by] if isinstance(by, str) else by
    return [_known(name, x.columns, "column") for name in names]


def _counted(results: Results) -> "pd.DataFrame":
    x = results.incidents
    return x[x.occurred_s >= results.study.scenario.warmup_s]


def _seconds(results: Results, start: str, stop: str) -> "pd.DataFrame":
    """Return the incidents that reached both moments, with the ``seconds`` between them."""
    x = _counted(results)
    clocks = [name.removesuffix("_s") for name in x.columns if name.endswith("_s")]
    stop, start = (_known(name, clocks, "moment") for name in (stop, start))
    x = x.assign(seconds=x[f"{stop}_s"] - x[f"{start}_s"])
    return x[x.seconds.notna()]
