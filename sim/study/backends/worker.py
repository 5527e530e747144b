"""A process that does one task after the other, and the pipe by which it is told and answers."""

import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext

from sim.study.backends.attempts import FATAL, attempted
from sim.study.backends.backend import Ended, Perform
from sim.study.tasks import Failure, Task


@dataclass(frozen=True)
class Ready:
    """What a worker says first, once it has imported what it needs."""


Answer = Ended | Exception | Ready
"""What a worker says: how a task ended, or what says that no task can be done."""


class Worker:
    """A process of its own."""

    def __init__(self, context: SpawnContext, perform: Perform) -> None:
        self.ready = False
        self.pipe, there = context.Pipe()
        self._process = context.Process(target=_work, args=(there, perform), name="tocsin worker")
        self._process.start()
        there.close()

    def give(self, task: Task) -> None:
        """Hand a task over. A worker that has died is heard of by ``answer``."""
        with suppress(OSError):
            self.pipe.send(task)

    def answer(self) -> Answer:
        """Return what the worker says. Raises EOFError where it has died."""
        try:
            said: Answer = self.pipe.recv()
        except OSError as error:  # it died while it spoke
            raise EOFError from error
        self.ready = True
        return said

    def exit_code(self) -> int | None:
        """Wait for the end of a worker that has died, and return its exit code."""
        self._process.join()
        return self._process.exitcode

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


def _work(pipe: "Connection[Answer, Task]", perform: Perform) -> None:
    """Do what comes down the pipe, until nothing can come any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # nobody is there any more
        pipe.send(Ready())
        while True:
            task = pipe.recv()
            _say(pipe, task, _tried(perform, task))


def _tried(perform: Perform, task: Task) -> Answer:
    try:
        return attempted(perform, task)
    except FATAL as error:
        return error


def _say(pipe: "Connection[Answer, Task]", task: Task, answer: Answer) -> None:
    """Hand an answer back; where it cannot be, say so instead."""
    try:
        pipe.send(answer)
    except OSError:
        raise
    except Exception as error:  # whatever pickling raises
        pipe.send(Failure(task, "raised", str(error), type(error).__name__, ""))


def _leave_with_parent() -> None:
    """End this worker when the process that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
