"""Replications over a pool of processes, judged as they finish."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.config import build, split
from sim.engine import simulate
from sim.measure.supplies import used
from sim.measure.tables import Tables, frame, tabulate
from sim.measure.tallies import AnyTally, tally_all
from sim.measure.targets import NOT_MODELLED, Verdict, verdicts
from sim.model.targets import Target
from sim.scenario import Scenario, Study
from sim.study import store

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int], None]
"""Called with the number of replications done."""


class WorkerError(RuntimeError):
    """A worker process died."""


class Outcome(NamedTuple):
    """What a worker hands back of one replication; its tables are on disk.

    ``by_type`` counts incidents by the scenario's types, ``waiting`` and ``turned_away`` units: those
    still waited for at the horizon, and those asked for in vain. ``supplies`` is what was used on scene.
    """

    replication: int
    incidents: int
    by_type: tuple[int, ...]
    waiting: int
    turned_away: int
    supplies: dict[str, float]
    tallies: dict[str, AnyTally]


@dataclass(frozen=True, eq=False, repr=False)
class Results:
    """A study that has run: where its tables are, and the verdict on each target."""

    path: Path
    study: Study
    outcomes: tuple[Outcome, ...]
    verdicts: tuple[Verdict, ...]
    wall_s: float

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

    def tables(self) -> Iterator[Tables]:
        """Yield the tables of each replication, read from disk."""
        for outcome in self.outcomes:
            yield store.read_tables(self.path, outcome.replication)

    @property
    def complete(self) -> bool:
        """Whether every replication is there; not so after an interrupted run."""
        return len(self.outcomes) == self.study.replications

    def __repr__(self) -> str:
        done = f"{len(self.outcomes)} of {self.study.replications} replications"
        tested = (v for v in self.verdicts if v.verdict != NOT_MODELLED)
        told = ", ".join(f"{v.target.name} {v.verdict}" for v in tested)
        return f"<Results {self.path.name}: {done}, {self.incidents_total:,} incidents; {told}>"

    def judge(self, *targets: Target) -> list[Verdict]:
        """Judge the stored tables against other targets."""
        scenario = replace(self.study.scenario, targets=targets)
        return verdicts(scenario, [tally_all(tables, scenario) for tables in self.tables()])

    def _frame(self, name: str) -> "pd.DataFrame":
        import pandas as pd

        parts = [frame(getattr(tables, name)) for tables in self.tables()]
        for outcome, part in zip(self.outcomes, parts, strict=True):
            part.insert(0, "replication", outcome.replication)
        return pd.concat(parts, ignore_index=True)


def run(study: Study, *, results: str | Path = "results", progress: Progress | None = None) -> Results:
    """Run every replication of a study, write its tables below ``results``, and judge its targets.

    Replications run on ``study.workers`` processes, or one a core. When interrupted, what has
    finished stays readable with ``load``, and no process is left behind.
    """
    begun = time.perf_counter()
    folder = store.folder_of(study, Path(results)).absolute()
    store.write_config(folder, study.config)
    store.keep_inputs(folder, study.files)
    facts: dict[str, Any] = {"plugin_folder": study.plugin_folder, "folders": study.folders}
    store.write_manifest(folder, study, state="running", **facts)
    outcomes: list[Outcome] = []
    state = "failed"
    try:
        for outcome in _outcomes(study, folder):
            outcomes.append(outcome)
            if progress:
                progress(len(outcomes))
        state = "complete"
    except KeyboardInterrupt:
        state = "interrupted"
        raise
    finally:
        wall_s = time.perf_counter() - begun
        store.sweep(folder)
        done = store.finished(folder)
        facts |= {"finished": done, "wall_s": round(wall_s, 3)}
        store.write_manifest(folder, study, state=state, **facts)
    return _judged(study, folder, outcomes, wall_s)


def load(path: str | Path) -> Results:
    """Return the results in a folder, judged again by the targets of their config.

    Of an interrupted run, the replications that had finished. Raises FileNotFoundError when there
    are no results in ``path``, ConfigError when their config no longer fits this version.
    """
    folder = Path(path)
    manifest, config = store.read_manifest(folder), store.read_config(folder)
    if (plugins := manifest.get("plugin_folder")) and plugins not in sys.path:
        sys.path.insert(0, plugins)
    folders = [store.inputs_of(folder), *(Path(each) for each in manifest.get("folders", ()))]
    study = replace(
        build(config, other_types=_names(config), folders=folders), fingerprint=manifest["fingerprint"]
    )
    outcomes = [
        _outcome(study.scenario, replication, store.read_tables(folder, replication))
        for replication in store.finished(folder)
    ]
    return _judged(study, folder, outcomes, float(manifest.get("wall_s", "nan")))


def _names(config: Mapping[str, Any]) -> list[str]:
    """Return the incident types that a config names beside those that it holds."""
    plain = split(config).plain
    by_target = [target.get("types") or () for target in (plain.get("targets") or {}).values()]
    by_parent = [kind.get("spawns") or () for kind in (plain.get("incident") or {}).values()]
    return [name for names in (*by_target, *by_parent, plain["place"].get("rates") or ()) for name in names]


def _judged(study: Study, folder: Path, outcomes: Sequence[Outcome], wall_s: float) -> Results:
    ordered = tuple(sorted(outcomes, key=lambda outcome: outcome.replication))
    found = verdicts(study.scenario, [outcome.tallies for outcome in ordered])
    return Results(folder, study, ordered, tuple(found), wall_s)


def _outcomes(study: Study, folder: Path) -> Iterator[Outcome]:
    """Yield each replication's outcome as it finishes."""
    workers = min(study.workers or os.cpu_count() or 1, study.replications)
    if workers == 1:
        for replication in range(study.replications):
            yield replicate(study, folder, replication)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(study, folder))
    try:
        tasks: list[Future[Outcome]] = [pool.submit(_work, i) for i in range(study.replications)]
        for task in as_completed(tasks):
            yield task.result()
    except BrokenProcessPool:
        raise WorkerError(
            "a worker process died: out of memory, killed, or the script that calls sim.run cannot be "
            'imported anew. In a script, call it below `if __name__ == "__main__":`; from standard '
            "input, use workers=1"
        ) from None
    except BaseException:
        processes = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        raise
    pool.shutdown()


def replicate(study: Study, folder: Path, replication: int) -> Outcome:
    """Run one replication and write its tables."""
    tables = tabulate(simulate(study.scenario, seed=study.seed, replication=replication), study.scenario)
    store.write_tables(folder, replication, tables)
    return _outcome(study.scenario, replication, tables)


def _outcome(scenario: Scenario, replication: int, tables: Tables) -> Outcome:
    incidents: Any = tables.incidents
    turned_away = int(incidents["units_turned_away"].sum())
    waiting = int(incidents["units_waiting"].sum())
    by_type = tuple(np.bincount(incidents["type"].codes, minlength=len(scenario.types)).tolist())
    facts = (len(incidents["incident"]), by_type, waiting, turned_away, used(tables, scenario))
    return Outcome(replication, *facts, tally_all(tables, scenario))


_job: dict[str, Any] = {}
"""The study and folder of this worker process."""


def _begin(study: Study, folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _job.update(study=study, folder=folder)


def _leave_with_parent() -> None:
    """End this worker when the process that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(replication: int) -> Outcome:
    return replicate(_job["study"], _job["folder"], replication)
