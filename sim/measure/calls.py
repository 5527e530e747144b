"""Calls: what became of each, by incident, and in all."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.measure.columns import Table, Words, column, words
from sim.model.log import CALL_FATES, CALLERS, Log
from sim.scenario import Scenario

COUNTS = ("calls", "duplicates", "nuisance", "transfers", "hang_ups")
"""What is counted of a replication: all callers, those of two kinds, and what happened to them on the way."""


def call_table(log: Log, scenario: Scenario) -> Table:
    """Return a row for each wait of a caller at an answering point; no columns where none are told."""
    points = scenario.centre.points
    if not points:
        return {}
    return {
        "incident": log.call("incident"),
        "caller": Words(log.call("caller").astype(np.int32), CALLERS),
        "wait": log.call("wait").astype(np.int64),
        "centre": Words(log.call("point").astype(np.int32), tuple(point.name for point in points)),
        "taker": log.call("taker"),
        "came_s": log.call("came_s"),
        "answered_s": log.call("answered_s"),
        "ended_s": log.call("ended_s"),
        "fate": Words(log.call("fate").astype(np.int32), CALL_FATES),
    }


def by_incident(calls: Table, n: int) -> dict[str, NDArray[np.int64]]:
    """Return how often calls about each of n incidents were passed on, hung up, and duplicates."""
    if not calls:
        return {name: np.zeros(n, np.int64) for name in ("transfers", "hang_ups", "duplicates")}
    about = column(calls, "incident")
    return {
        name: np.bincount(about[chosen & ~np.isnan(about)].astype(np.int64), minlength=n)
        for name, chosen in _chosen(calls).items()
        if name in ("transfers", "hang_ups", "duplicates")
    }


def count_calls(calls: Table) -> dict[str, int]:
    """Return what is counted of a replication, by COUNTS; nothing where no calls are told."""
    return {name: int(chosen.sum()) for name, chosen in _chosen(calls).items()} if calls else {}


def added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the counts of all replications together; nothing where no calls are told."""
    told = [each for each in counts if each]
    return {name: sum(each[name] for each in told) for name in COUNTS} if told else {}


def _chosen(calls: Table) -> dict[str, NDArray[np.bool_]]:
    """Return which rows each of COUNTS counts; a caller is counted at the first wait."""
    new, caller, fate = column(calls, "wait") == 1, words(calls, "caller"), words(calls, "fate")
    rows = (
        new,
        new & caller.isin(("duplicate",)),
        new & caller.isin(("nuisance",)),
        fate.isin(("transferred",)),
        fate.isin(("hung up",)),
    )
    return dict(zip(COUNTS, rows, strict=True))
