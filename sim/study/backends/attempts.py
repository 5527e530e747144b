"""A task tried once, where it is done."""

import signal
import traceback
from types import FrameType
from typing import NoReturn

from sim.study.backends.backend import Ended, Perform, WorkerError
from sim.study.tables import DiskError
from sim.study.tasks import Failure, Task

FATAL = (DiskError, WorkerError)
"""What says that no task can be done, rather than that this one cannot."""


class TimeLimit(BaseException):
    """A task takes too long; none of what it runs is to catch this."""


def attempted(perform: Perform, task: Task) -> Ended:
    """Do a task, and return its outcome, or its failure where it raises. Raises what is fatal to all."""
    try:
        return perform(task)
    except FATAL:
        raise
    except Exception as error:
        return Failure(task, "raised", str(error), type(error).__name__, traceback.format_exc())


def limited(perform: Perform, task: Task, limit_s: float | None) -> Ended:
    """Do a task within a time limit, in the main thread of a process that does nothing else."""
    if limit_s is None:
        return attempted(perform, task)
    if not hasattr(signal, "setitimer"):
        raise WorkerError("a time limit on this backend needs Linux or macOS on its workers")
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        return attempted(perform, task)
    except TimeLimit:
        return timed_out(task)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> NoReturn:
    raise TimeLimit


def timed_out(task: Task) -> Failure:
    """Return the failure of a task that took too long."""
    return Failure(task, "timed out", "it took longer than its time limit")


def died(task: Task, how: str) -> Failure:
    """Return the failure of a task whose process ended under it."""
    return Failure(task, DIED, how)


DIED = "worker died"
