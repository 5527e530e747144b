"""Tasks on processes of this machine."""

import multiprocessing
import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from time import monotonic

from sim.study.backends.attempts import died, timed_out
from sim.study.backends.backend import Ended, Perform, Stream, WorkerError, Workers
from sim.study.backends.crew import AHEAD, Crew, Waiting, keep_busy
from sim.study.backends.worker import Ready, Worker
from sim.study.tasks import Task

MOST_BROKEN = 3
"""Workers that may end one after the other without any of them having begun."""

NO_WORKERS = (
    "no worker process stays alive: out of memory, killed, or the script that calls sim.run cannot be "
    'imported anew. In a script, call it below `if __name__ == "__main__":`; from standard input, use '
    "workers=1"
)


@dataclass(frozen=True)
class Local(Workers):
    """Processes of this machine, by default one a core; see Workers."""

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task as it ends; see Backend."""
        with closing(_Processes(self.workers or os.cpu_count() or 1, perform, self.time_limit_s)) as crew:
            yield from keep_busy(crew, Waiting(iter(tasks)), self.retries)


@dataclass(eq=False)
class _Job:
    """A task that a worker has been given, and how it ended."""

    task: Task
    answer: Ended | None = None


@dataclass(eq=False)
class _Place:
    """A worker and what it has been given: the first job it does, the others wait at its door."""

    worker: Worker
    jobs: list[_Job] = field(default_factory=list)
    since_s: float | None = None
    """When it began with the first job; None until it is ready, or while it has nothing to do."""

    def give(self, job: _Job) -> None:
        """Hand a job over, to be done after those that are there."""
        self.jobs.append(job)
        if len(self.jobs) == 1 and self.worker.ready:
            self.since_s = monotonic()
        self.worker.give(job.task)

    def next(self) -> _Job:
        """Take the first job off: the worker goes on with the next."""
        job = self.jobs.pop(0)
        self.since_s = monotonic() if self.jobs else None
        return job


class _Processes(Crew[_Job]):
    """Worker processes, each with a pipe of its own, so that one that dies takes no other with it."""

    def __init__(self, workers: int, perform: Perform, limit_s: float | None) -> None:
        self._perform, self._limit_s = perform, limit_s
        self._context = multiprocessing.get_context("spawn")
        self._broken = 0
        self._places = [_Place(self._hired()) for _ in range(workers)]

    def close(self) -> None:
        """End all workers, whatever they do."""
        for place in self._places:
            place.worker.end()

    def places(self) -> int:
        return AHEAD * len(self._places)

    def begin(self, tasks: Sequence[Task]) -> _Job:
        (task,) = tasks
        job = _Job(task)
        min(self._places, key=lambda place: len(place.jobs)).give(job)
        return job

    def first(self, jobs: Collection[_Job]) -> Iterable[_Job]:
        """Wait for what workers say, and replace those that die or take too long; see Crew."""
        found: list[_Job] = []
        while not found:
            heard = wait([place.worker.pipe for place in self._places], self._patience_s())
            for place in self._places:
                if place.worker.pipe in heard:
                    found += self._heard(place)
                elif self._overdue_s(place) >= 0:
                    found += self._replaced(place, timed_out(place.jobs[0].task))
        return found

    def ended(self, job: _Job, tasks: Sequence[Task]) -> Sequence[Ended]:
        assert job.answer is not None
        return [job.answer]

    def _heard(self, place: _Place) -> list[_Job]:
        """Return what ended with what a worker says. Raises what is fatal, and WorkerError."""
        try:
            answer = place.worker.answer()
        except EOFError:
            return self._lost(place)
        if isinstance(answer, Ready):
            self._broken = 0
            place.since_s = monotonic() if place.jobs else None
            return []
        if isinstance(answer, Exception):
            raise answer
        job = place.next()
        job.answer = answer
        return [job]

    def _lost(self, place: _Place) -> list[_Job]:
        """Replace a worker that has died, and return the job that it died of, if any."""
        how = f"its process ended with exit code {place.worker.exit_code()}"
        if place.worker.ready:
            return self._replaced(place, died(place.jobs[0].task, how) if place.jobs else None)
        self._broken += 1
        if self._broken == MOST_BROKEN:
            raise WorkerError(NO_WORKERS)
        return self._replaced(place, None)

    def _replaced(self, place: _Place, answer: Ended | None) -> list[_Job]:
        """Have another worker do what waits; with an answer, what the first job of the old one came to."""
        done = [] if answer is None else [place.next()]
        for job in done:
            job.answer = answer
        place.worker.end()
        place.worker, waiting = self._hired(), place.jobs
        place.jobs, place.since_s = [], None
        for job in waiting:
            place.give(job)
        return done

    def _hired(self) -> Worker:
        return Worker(self._context, self._perform)

    def _overdue_s(self, place: _Place) -> float:
        """Return for how long a job has been under way beyond its limit, s; below 0 while it has time."""
        if self._limit_s is None or place.since_s is None:
            return float("-inf")
        return monotonic() - place.since_s - self._limit_s

    def _patience_s(self) -> float | None:
        """Return for how long nobody exceeds the limit, s; None for any time."""
        left_s = -max(map(self._overdue_s, self._places))
        return None if left_s == float("inf") else max(left_s, 0)
