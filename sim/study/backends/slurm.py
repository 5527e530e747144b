"""Tasks as jobs of SLURM, many a job."""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sim.model.units import HOUR_S, MINUTE_S
from sim.study.backends.attempts import FATAL, died, limited
from sim.study.backends.backend import (
    BackendError,
    Ended,
    Perform,
    Stream,
    WorkerError,
    Workers,
    extra,
    required,
)
from sim.study.backends.crew import Crew, Waiting, keep_busy
from sim.study.tasks import Task

EVERY_S = 0.5
"""How often it is looked whether a job has ended."""

JOBS = 100
"""How many jobs are under way at a time, unless ``workers`` says so."""

FOLDER = ".slurm"
"""What jobs are given and write themselves, beside the folders of results."""


@dataclass(frozen=True)
class Slurm(Workers):
    """Jobs of SLURM, ``workers`` of them at a time, by default 100, each with ``chunk`` tasks; see Workers.

    A job takes one core of ``partition``, for at most ``job_time_s``; the tasks of one that ends before them
    are tried again, each alone. ``sbatch`` is what else sbatch is told, such as ("account=me", "mem=4G").
    The files of jobs lie in a folder ``.slurm`` beside those of results, on a file system that all nodes
    share. With ``cluster`` "local", jobs are processes of this machine: a trial without SLURM. Raises
    BackendError for a number out of range.
    """

    partition: str | None = None
    job_time_s: float = HOUR_S
    chunk: int = 20
    sbatch: tuple[str, ...] = ()
    cluster: str = "slurm"

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        super().__post_init__()
        required(self.chunk >= 1, "chunk", "at least 1", self.chunk)
        required(self.job_time_s >= MINUTE_S, "job_time_s", "at least 60 s", self.job_time_s)
        for each in self.sbatch:
            required("=" in each, "sbatch", "a key and a value, such as account=me", each)

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task as it ends; see Backend."""
        coming = iter(tasks)
        first = next(coming, None)
        if first is None:
            return
        crew = _Queue(self, self._executor(Path(first.folder).parent / FOLDER), perform)
        try:
            yield from keep_busy(crew, Waiting(chain([first], coming)), self.retries)
        finally:
            crew.give_up()

    def _executor(self, folder: Path) -> Any:
        submitit = extra("submitit", "slurm")
        try:
            executor = submitit.AutoExecutor(folder=folder, cluster=self.cluster)
        except RuntimeError as error:
            raise BackendError(f"there is no SLURM on this machine: {error}") from None
        more = dict(each.split("=", 1) for each in self.sbatch)
        told = {"slurm_partition": self.partition} if self.partition else {}
        executor.update_parameters(
            name="tocsin",
            timeout_min=round(self.job_time_s / MINUTE_S),
            cpus_per_task=1,
            slurm_additional_parameters=more,
            **told,
        )
        return executor


class _Queue(Crew[Any]):
    """Jobs that wait for, or have, a core each."""

    def __init__(self, told: Slurm, executor: Any, perform: Perform) -> None:
        self.chunk, self._most = told.chunk, told.workers or JOBS
        self._executor, self._perform, self._limit_s = executor, perform, told.time_limit_s
        self._under_way: list[Any] = []

    def places(self) -> int:
        return self._most

    def begin(self, tasks: Sequence[Task]) -> Any:
        job = self._executor.submit(_do, self._perform, list(tasks), self._limit_s)
        self._under_way.append(job)
        return job

    def first(self, jobs: Collection[Any]) -> Iterable[Any]:
        while not (done := [job for job in jobs if job.done()]):
            time.sleep(EVERY_S)
        return done

    def ended(self, job: Any, tasks: Sequence[Task]) -> Sequence[Ended]:
        """Return how a job's tasks ended; see Crew."""
        submitit = extra("submitit", "slurm")
        self._under_way.remove(job)
        try:
            found: Sequence[Ended] | Exception = job.result()
        except submitit.core.utils.FailedJobError as error:
            raise WorkerError(f"job {job.job_id} cannot do its tasks: {error}") from None
        except submitit.core.utils.UncompletedJobError:
            return [died(task, f"job {job.job_id} ended before it; see {job.paths.stderr}") for task in tasks]
        if isinstance(found, Exception):
            raise found
        return found

    def give_up(self) -> None:
        """Have SLURM end what is under way."""
        for job in self._under_way:
            job.cancel(check=False)


def _do(perform: Perform, tasks: Iterable[Task], limit_s: float | None) -> list[Ended] | Exception:
    """Do the tasks of a job; return what is fatal to all rather than raise it: submitit keeps only words."""
    try:
        return [limited(perform, task, limit_s) for task in tasks]
    except FATAL as error:
        return error
