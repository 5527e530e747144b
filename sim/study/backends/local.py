"""Tasks on processes of this machine."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for

from pebble import ProcessExpired, ProcessPool

from sim.study.backends.attempts import FATAL, attempted, died, timed_out
from sim.study.backends.backend import Ended, Perform, Stream, WorkerError, Workers
from sim.study.backends.crew import AHEAD, Crew, Waiting, keep_busy
from sim.study.tasks import Failure, Task

MOST_BROKEN = 3
"""Pools that may break one after the other without a single task ended between them."""

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
        waiting, broken = Waiting(iter(tasks)), 0
        while broken < MOST_BROKEN:
            try:
                for ended in self._on_a_pool(waiting, perform):
                    broken = 0
                    yield ended
                return
            except BrokenProcessPool:
                broken += 1
        raise WorkerError(NO_WORKERS)

    def _on_a_pool(self, waiting: Waiting, perform: Perform) -> Stream:
        workers = self.workers or os.cpu_count() or 1
        context = multiprocessing.get_context("spawn")
        pool = ProcessPool(max_workers=workers, context=context, initializer=_begin)
        try:
            crew = _Pool(pool, AHEAD * workers, perform, self.time_limit_s)
            yield from keep_busy(crew, waiting, self.retries)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


class _Pool(Crew["Future[Ended]"]):
    """A pool of processes. Its methods raise BrokenProcessPool when it is none any more."""

    def __init__(self, pool: ProcessPool, places: int, perform: Perform, limit_s: float | None) -> None:
        self._pool, self._places, self._perform, self._limit_s = pool, places, perform, limit_s

    def places(self) -> int:
        return self._places

    def begin(self, tasks: Sequence[Task]) -> "Future[Ended]":
        (task,) = tasks
        try:
            found: Future[Ended] = self._pool.schedule(
                attempted, args=(self._perform, task), timeout=self._limit_s
            )
        except RuntimeError as error:  # what a broken pool says
            raise BrokenProcessPool from error
        return found

    def first(self, jobs: "Collection[Future[Ended]]") -> "Iterable[Future[Ended]]":
        return wait(jobs, return_when=FIRST_COMPLETED).done

    def ended(self, job: "Future[Ended]", tasks: Sequence[Task]) -> Sequence[Ended]:
        return [_ended(job, task) for task in tasks]


def _ended(future: "Future[Ended]", task: Task) -> Ended:
    """Return how a task ended. Raises BrokenProcessPool where that is not known, and what is fatal."""
    try:
        return future.result()
    except (BrokenProcessPool, *FATAL):
        raise
    except ProcessExpired as error:
        return died(task, f"its process ended with exit code {error.exitcode}")
    except TimeoutError:
        return timed_out(task)
    except Exception as error:  # an outcome that cannot be handed back
        return Failure(task, "raised", str(error), type(error).__name__, getattr(error, "traceback", ""))


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
