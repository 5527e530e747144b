"""Tasks on processes of this machine."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.connection import wait as wait_for

from pebble import ProcessExpired, ProcessPool

from sim.study.backends.backend import Attempt, Backend, Ended, Perform, Stream, WorkerError
from sim.study.results import Outcome
from sim.study.tables import DiskError
from sim.study.tasks import Failure, Task

AHEAD = 2
"""Tasks that are handed out at a time, for each worker: one to do and one to go on with."""

MOST_BROKEN = 3
"""Pools that may break one after the other without a single task ended between them."""

NO_WORKERS = (
    "no worker process stays alive: out of memory, killed, or the script that calls sim.run cannot be "
    'imported anew. In a script, call it below `if __name__ == "__main__":`; from standard input, use '
    "workers=1"
)


@dataclass(frozen=True)
class Local(Backend):
    """``workers`` processes, by default one a core.

    A task that raises, takes longer than ``time_limit_s``, or kills its process is tried again ``retries``
    times, and is then a failure; the others go on.
    """

    workers: int | None = None
    time_limit_s: float | None = None
    retries: int = 1

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task as it ends; see Backend."""
        waiting, broken = _Waiting(iter(tasks)), 0
        while broken < MOST_BROKEN:
            try:
                for ended in self._on_a_pool(waiting, perform):
                    broken = 0
                    yield ended
                return
            except BrokenProcessPool:
                broken += 1
        raise WorkerError(NO_WORKERS)

    def _on_a_pool(self, waiting: "_Waiting", perform: Perform) -> Stream:
        workers = self.workers or os.cpu_count() or 1
        context = multiprocessing.get_context("spawn")
        pool = ProcessPool(max_workers=workers, context=context, initializer=_begin)
        under_way: dict[Future[Outcome], Attempt] = {}
        try:
            while True:
                while len(under_way) < AHEAD * workers and (attempt := waiting.next()):
                    under_way[self._schedule(pool, perform, attempt)] = attempt
                if not under_way:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    attempt = under_way[future]
                    ended = _ended(future, attempt.task)
                    del under_way[future]
                    if isinstance(ended, Failure) and attempt.before < self.retries:
                        waiting.again(attempt)
                    else:
                        yield attempt.task, ended
        finally:
            waiting.put_back(under_way.values())
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()

    def _schedule(self, pool: ProcessPool, perform: Perform, attempt: Attempt) -> "Future[Outcome]":
        try:
            found: Future[Outcome] = pool.schedule(perform, args=(attempt.task,), timeout=self.time_limit_s)
        except RuntimeError as error:  # what a broken pool says
            raise BrokenProcessPool from error
        return found


@dataclass
class _Waiting:
    """Tasks that are to be done: those that were given out before, and then new ones."""

    new: Iterator[Task]
    back: list[Attempt] = field(default_factory=list)

    def next(self) -> Attempt | None:
        if self.back:
            return self.back.pop(0)
        return next(map(Attempt, self.new), None)

    def again(self, attempt: Attempt) -> None:
        """Have a task be tried once more, after those that wait."""
        self.back.append(Attempt(attempt.task, attempt.before + 1))

    def put_back(self, attempts: Iterable[Attempt]) -> None:
        self.back = [*attempts, *self.back]


def _ended(future: "Future[Outcome]", task: Task) -> Ended:
    """Return how a task ended. Raises BrokenProcessPool where that is not known, OSError for a full disk."""
    try:
        return future.result()
    except (BrokenProcessPool, DiskError):
        raise
    except ProcessExpired as error:
        return Failure(task, "worker died", f"its process ended with exit code {error.exitcode}")
    except Exception as error:
        told = getattr(
            error, "traceback", ""
        )  # of the worker: without it the pool itself has given up waiting
        if isinstance(error, TimeoutError) and not told:
            return Failure(task, "timed out", "it took longer than its time limit")
        return Failure(task, "raised", str(error), type(error).__name__, told)


def _begin() -> None:
    """Leave Ctrl-C to the parent, and leave with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    """End this worker when the process that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
