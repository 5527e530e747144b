"""A study from its first replication to its verdicts."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from sim.engine import PolicyError
from sim.scenario import Study
from sim.study import store
from sim.study import tables as stored
from sim.study.backends import Backend, Local, Serial, WorkerError
from sim.study.results import Outcome, Results, judged, outcomes_in
from sim.study.tasks import Failure, Task
from sim.study.work import JOB, hand_over, perform

__all__ = ["Progress", "WorkerError", "run"]


class Progress(Protocol):
    """Is told how far a study is."""

    def __call__(self, done: int, failed: int) -> None:
        """So many replications are there, and so many have failed for good."""
        ...


def run(
    study: Study,
    *,
    results: str | Path = "results",
    progress: Progress | None = None,
    backend: Backend | None = None,
) -> Results:
    """Run every replication of a study, write its tables below ``results``, and judge its targets.

    What an earlier run of the same config and code has left there is not done again. Replications run on
    ``backend``, by default on ``study.workers`` processes of this machine, or one a core. One that fails is
    told of in ``failures.jsonl``, and the others go on. When interrupted, what has finished stays readable
    with ``load``, the same call goes on from there, and no process is left behind. Raises DiskError when
    results cannot be written, BusyError when another run writes to the same folder, PolicyError when the
    policy gives an order that cannot be carried out.
    """
    begun = time.perf_counter()
    folder = store.folder_of(study, Path(results)).absolute()
    with store.claimed(folder):
        ledger = _Ledger(study, folder, progress)
        ledger.begin()
        state = "failed"
        try:
            ledger.add_all(backend or _default(study))
            state = "incomplete" if ledger.failures else "complete"
        except KeyboardInterrupt:
            state = "interrupted"
            raise
        finally:
            ledger.end(state, time.perf_counter() - begun)
    return judged(study, folder, ledger.outcomes, time.perf_counter() - begun, tuple(ledger.failures))


def _default(study: Study) -> Backend:
    return Serial() if study.workers == 1 or study.replications == 1 else Local(study.workers)


class _Ledger:
    """What of a study is done, and what has failed."""

    def __init__(self, study: Study, folder: Path, progress: Progress | None) -> None:
        self._study, self._folder, self._progress = study, folder, progress
        self._facts: dict[str, Any] = {"plugin_folder": study.plugin_folder, "folders": study.folders}
        self.outcomes: list[Outcome] = []
        self.failures: list[Failure] = []

    def begin(self) -> None:
        """Write what the study is, and look at what is there of it."""
        store.sweep(self._folder)
        store.write_config(self._folder, self._study.config)
        store.keep_inputs(self._folder, self._study.files)
        store.write_manifest(self._folder, self._study, state="running", **self._facts)
        self.outcomes += outcomes_in(self._folder, self._study.scenario)
        self._tell()

    def add_all(self, backend: Backend) -> None:
        """Do what is not done yet."""
        tasks = list(self._tasks())
        if not tasks:
            return
        hand_over(self._study, self._folder)
        with closing(backend.carry_out(tasks, perform)) as ending:
            for _task, ended in ending:
                if isinstance(ended, Failure):
                    self.failures.append(_bearable(ended))
                else:
                    self.outcomes.append(ended)
                self._tell()

    def _tasks(self) -> Iterator[Task]:
        done = {outcome.replication for outcome in self.outcomes}
        for replication in range(self._study.replications):
            if replication not in done:
                yield Task(str(self._folder), replication)

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(len(self.outcomes), len(self.failures))

    def end(self, state: str, wall_s: float) -> None:
        """Write how it ended; gather the tables, if it is complete."""
        (self._folder / JOB).unlink(missing_ok=True)
        store.write_failures(self._folder, self.failures)
        if state == "complete":
            stored.compact(self._folder)
        done = stored.finished(self._folder)
        facts = self._facts | {"finished": done, "failed": len(self.failures), "wall_s": round(wall_s, 3)}
        store.write_manifest(self._folder, self._study, state=state, **facts)


def _bearable(failure: Failure) -> Failure:
    """Return a failure that others can do without; raises PolicyError where the policy is at fault."""
    if failure.raised == PolicyError.__name__:
        raise PolicyError(f"replication {failure.task.replication}, {failure.error}")
    return failure
