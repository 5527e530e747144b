"""A study that has run: its tables on disk, and the verdicts on its targets."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from sim.measure.by_type import TypeSummary, TypeTally, by_type, tally_types
from sim.measure.calls import added, count_calls
from sim.measure.orders import count_orders, in_all
from sim.measure.service import Service, count_service, together
from sim.measure.supplies import used
from sim.measure.tables import Tables, frame
from sim.measure.tallies import AnyTally, tally_all
from sim.measure.targets import NOT_MODELLED, Verdict, verdicts
from sim.model.targets import Target
from sim.scenario import Scenario, Study
from sim.study import store
from sim.study import tables as stored
from sim.study.sequential import Looks
from sim.study.tasks import Failure
from sim.study.written import read_study

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


class Outcome(NamedTuple):
    """What a worker hands back of one replication; its tables are on disk.

    ``types`` are tallies in the order of the scenario's types. ``waiting`` and ``turned_away`` count units:
    those still waited for at the horizon, and those asked for in vain; ``cut_off`` counts incidents that
    free units could not get to for a time. ``supplies`` is what was used on scene, ``calls`` what is counted
    of callers (see measure.calls), nothing where each incident is one call to one number, ``orders`` what
    was changed on the way (see measure.orders), ``service`` what units of a kind were in service (see
    measure.service), nothing where all always are.
    """

    replication: int
    incidents: int
    types: tuple[TypeTally, ...]
    waiting: int
    turned_away: int
    cut_off: int
    supplies: dict[str, float]
    calls: dict[str, int]
    orders: dict[str, float]
    service: dict[str, Service]
    tallies: dict[str, AnyTally]


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """A study that has run: where its tables are, and the verdict on each target.

    ``stop`` is how many replications it takes; None where they go on until enough is said, and it is not.
    """

    path: Path
    study: Study
    outcomes: tuple[Outcome, ...]
    verdicts: tuple[Verdict, ...]
    wall_s: float
    failures: tuple[Failure, ...] = ()
    stop: int | None = None

    @property
    def incidents_total(self) -> int:
        """The number of incidents in all replications."""
        return sum(outcome.incidents for outcome in self.outcomes)

    @property
    def waiting(self) -> int:
        """The number of units that incidents were still waiting for at the horizon."""
        return sum(outcome.waiting for outcome in self.outcomes)

    @property
    def turned_away(self) -> int:
        """The number of units that incidents asked for in vain, the queue being full."""
        return sum(outcome.turned_away for outcome in self.outcomes)

    @property
    def cut_off(self) -> int:
        """The number of incidents that free units could not get to for a time, roads being closed."""
        return sum(outcome.cut_off for outcome in self.outcomes)

    @property
    def calls_total(self) -> dict[str, int]:
        """What is counted of callers in all replications; nothing where each incident is one call."""
        return added(outcome.calls for outcome in self.outcomes)

    @property
    def orders_total(self) -> dict[str, float]:
        """What was changed on the way in all replications, without what never was; see measure.orders."""
        return in_all(outcome.orders for outcome in self.outcomes)

    @property
    def service_total(self) -> dict[str, Service]:
        """How long units were in service in all replications, by kind; nothing where all always are."""
        return together([outcome.service for outcome in self.outcomes])

    @cached_property
    def by_type(self) -> list[TypeSummary]:
        """How each type of incident that happened was answered; ``pd.DataFrame`` takes it as it is."""
        return by_type(self.study.scenario, [outcome.types for outcome in self.outcomes])

    @cached_property
    def incidents(self) -> "pd.DataFrame":
        """All incidents of all replications, a row each, with a column ``replication``."""
        return self._frame("incidents")

    @cached_property
    def responses(self) -> "pd.DataFrame":
        """All unit responses of all replications, a row each, with a column ``replication``."""
        return self._frame("responses")

    @cached_property
    def unmet(self) -> "pd.DataFrame":
        """What incidents asked for and did not get, a row each, with a column ``replication``."""
        return self._frame("unmet")

    @cached_property
    def moves(self) -> "pd.DataFrame":
        """The times that units were sent to stand by elsewhere, a row each, with a column ``replication``."""
        return self._frame("moves")

    @cached_property
    def calls(self) -> "pd.DataFrame":
        """The waits of callers, a row each; no rows where each incident is one call to one number."""
        return self._frame("calls")

    @cached_property
    def shifts(self) -> "pd.DataFrame":
        """The ends of units' shifts, a row each, with a column ``replication``; see measure.shifts."""
        return self._frame("shifts")

    @cached_property
    def out_of_service(self) -> "pd.DataFrame":
        """The times that units could not be sent, and why, a row each, with a column ``replication``."""
        return self._frame("out_of_service")

    def lazy(self, table: str) -> "duckdb.DuckDBPyRelation":
        """Return a table of which nothing is read until it is asked: filter, aggregate, then ``.df()``.

        ``table`` is a name of the data dictionary (docs/results.md), the columns those there. Of an
        interrupted run, what is there. Raises ValueError for a table that the study does not have.
        """
        from sim.study.catalogue import Entry, relation

        return relation(Entry(self.path, store.read_manifest(self.path)), table)

    def tables(self) -> Iterator[Tables]:
        """Yield the tables of each replication, read from disk."""
        mine = {outcome.replication for outcome in self.outcomes}
        for replication, tables in stored.read_all(self.path):
            if replication in mine:
                yield tables

    @property
    def complete(self) -> bool:
        """Whether every replication is there; not so after an interrupted run."""
        return len(self.outcomes) == self.stop

    def __repr__(self) -> str:
        done = f"{len(self.outcomes)} of {self.stop or self.study.replications} replications"
        tested = (v for v in self.verdicts if v.verdict != NOT_MODELLED)
        told = ", ".join(f"{v.target.name} {v.verdict}" for v in tested)
        return f"<Results {self.path.name}: {done}, {self.incidents_total:,} incidents; {told}>"

    def judge(self, *targets: Target) -> list[Verdict]:
        """Judge the stored tables against other targets."""
        scenario = replace(self.study.scenario, targets=targets)
        tallies = [tally_all(tables, scenario) for tables in self.tables()]
        return verdicts(scenario, tallies, anytime=self.study.until is not None)

    def _frame(self, name: str) -> "pd.DataFrame":
        import pandas as pd

        parts = [frame(getattr(tables, name)) for tables in self.tables()]
        for outcome, part in zip(self.outcomes, parts, strict=True):
            part.insert(0, "replication", outcome.replication)
        return pd.concat(parts, ignore_index=True)


def load(path: str | Path) -> Results:
    """Return the results in a folder, judged again by the targets of their config.

    Of an interrupted run, the replications that had finished. Raises FileNotFoundError when there
    are no results in ``path``, ConfigError when their config no longer fits this version.
    """
    folder = Path(path)
    study, failures = read_study(folder), store.read_failures(folder)
    outcomes, looks = outcomes_in(folder, study.scenario), Looks(study)
    for outcome in outcomes:
        looks.add(outcome.replication, outcome.tallies)
    for failure in failures:
        looks.add(failure.task.replication, None)
    wall_s = float(store.read_manifest(folder).get("wall_s", "nan"))
    return judged(study, folder, outcomes, wall_s, failures, looks.stop)


def judged(
    study: Study,
    folder: Path,
    outcomes: Iterable[Outcome],
    wall_s: float,
    failures: Sequence[Failure],
    stop: int | None,
) -> Results:
    """Return results with the verdict on each target, the outcomes being in any order; none without any.

    Outcomes of replications after ``stop``, which were begun before it was known, are left out.
    """
    kept = [each for each in outcomes if stop is None or each.replication < stop]
    ordered = tuple(sorted(kept, key=lambda outcome: outcome.replication))
    tallies, anytime = [outcome.tallies for outcome in ordered], study.until is not None
    found = verdicts(study.scenario, tallies, anytime=anytime) if ordered else ()
    return Results(folder, study, ordered, tuple(found), wall_s, tuple(failures), stop)


def outcomes_in(folder: Path, scenario: Scenario) -> list[Outcome]:
    """Return what is kept in memory of each replication that is there. Raises DiskError for broken tables.

    A run that gathers its tables just now takes parts away that were there: then all are read once more.
    """
    try:
        return _outcomes_in(folder, scenario)
    except FileNotFoundError:
        with suppress(FileNotFoundError, pa.ArrowException):
            return _outcomes_in(folder, scenario)
        raise stored.damaged(folder) from None
    except pa.ArrowException:
        raise stored.damaged(folder) from None


def _outcomes_in(folder: Path, scenario: Scenario) -> list[Outcome]:
    return [outcome_of(scenario, replication, tables) for replication, tables in stored.read_all(folder)]


def outcome_of(scenario: Scenario, replication: int, tables: Tables) -> Outcome:
    """Return what is kept in memory of one replication's tables."""
    incidents: Any = tables.incidents
    turned_away = int(incidents["units_turned_away"].sum())
    waiting = int(incidents["units_waiting"].sum())
    types = tally_types(tables, scenario)
    cut_off = int(incidents["cut_off"].sum())
    facts = (len(incidents["incident"]), types, waiting, turned_away, cut_off, used(tables, scenario))
    orders = count_orders(tables.incidents, tables.responses, tables.moves)
    service = count_service(tables.shifts, tables.out_of_service, scenario)
    calls, tallies = count_calls(tables.calls), tally_all(tables, scenario)
    return Outcome(replication, *facts, calls, orders, service, tallies)
