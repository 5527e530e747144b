"""Work that goes wrong, by the number of the replication; importable where workers are."""

import os
import signal
import time
from pathlib import Path

import psutil

from sim.study.results import Outcome
from sim.study.tasks import Task


def nothing(task: Task) -> Outcome:
    """The outcome of a replication in which nothing happens."""
    return Outcome(task.replication, 0, (), 0, 0, 0, *({} for _ in Outcome._fields[6:]))


def faulty(task: Task) -> Outcome:
    """The work of a task, but for the replications whose numbers tell what goes wrong."""
    if task.replication == 1:
        raise ValueError("one is odd")
    if task.replication == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    if task.replication == 3:
        time.sleep(600)
    return nothing(task)


def first_time(task: Task) -> Outcome:
    """Work that fails the first time that it is tried."""
    mark = Path(task.folder) / str(task.replication)
    if not mark.exists():
        mark.touch()
        raise ValueError("not yet")
    return nothing(task)


def murderous(task: Task) -> Outcome:
    """Work that now and then kills the workers beside its own, whatever they do at that moment."""
    time.sleep(0.001)
    if task.replication % 600 == 300:
        for each in psutil.Process(os.getppid()).children():
            if each.pid != os.getpid() and "spawn_main" in str(each.cmdline()):
                each.kill()
    return nothing(task)


def unspeakable(task: Task) -> Outcome:
    """Work whose outcome cannot be handed back."""
    return nothing(task)._replace(**{Outcome._fields[-1]: {"a": lambda: None}})
