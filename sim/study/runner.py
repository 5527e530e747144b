"""Studies from their first replication to their verdicts, as one list of tasks."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from sim.engine import PolicyError
from sim.model.until import Decided
from sim.scenario import Study
from sim.study.backends import Backend, Ended, Local, Serial, WorkerError
from sim.study.ledger import Ledger
from sim.study.results import Results
from sim.study.sequential import repeated
from sim.study.tasks import Failure
from sim.study.work import perform

__all__ = ["Progress", "WorkerError", "default_backend", "run"]


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
    until: Decided | None = None,
) -> Results:
    """Run every replication of a study, write its tables below ``results``, and judge its targets.

    With ``until`` as many replications as it takes, in place of the study's number (see study.sequential).
    What an earlier run of the same config and code has left there is not done again. Replications run on
    ``backend``, by default on ``study.workers`` processes of this machine, or one a core. One that fails is
    told of in ``failures.jsonl``, and the others go on. When interrupted, what has finished stays readable
    with ``load``, the same call goes on from there, and no process is left behind. Raises DiskError when
    results cannot be written, BusyError when another run writes to the same folder, PolicyError when the
    policy gives an order that cannot be carried out.
    """
    study = study if until is None else repeated(study, until)
    with Ledger(study, Path(results)) as ledger:
        for _ in _settle(ledger, backend or default_backend(study)):
            if progress is not None:
                progress(len(ledger.outcomes), len(ledger.failures))
    return ledger.found


def _settle(ledger: Ledger, backend: Backend) -> Iterator[None]:
    """Do what is not done of a study; yield before the first task, and after each."""
    yield
    if not ledger.complete:
        with closing(backend.carry_out(ledger.tasks(), perform)) as ending:
            for _task, ended in ending:
                ledger.add(_bearable(ended))
                yield
                if ledger.answered:
                    break


def _bearable(ended: Ended) -> Ended:
    """Return how a task ended. Raises PolicyError where the policy is at fault: it is so for all tasks."""
    if isinstance(ended, Failure) and ended.raised == PolicyError.__name__:
        raise PolicyError(f"replication {ended.task.replication}, {ended.error}")
    return ended


def default_backend(study: Study) -> Backend:
    """Return processes of this machine, or this process alone where one is enough."""
    return Serial() if study.workers == 1 or study.replications == 1 else Local(study.workers)
