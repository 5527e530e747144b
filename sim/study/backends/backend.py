"""What a backend does."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable
from typing import NamedTuple

from sim.study.results import Outcome
from sim.study.tasks import Failure, Task

Ended = Outcome | Failure
"""What becomes of a task."""

Stream = Generator[tuple[Task, Ended], None, None]
"""Tasks as they end; closed when nobody asks any more."""

Perform = Callable[[Task], Outcome]


class WorkerError(RuntimeError):
    """Worker processes cannot be started, or die whatever they are given."""


class Attempt(NamedTuple):
    """A task, and how often it has been tried before."""

    task: Task
    before: int = 0


class Backend(ABC):
    """Does tasks, in whatever order, so many at a time, and says of each how it ended."""

    @abstractmethod
    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task with its outcome, or its failure, as it ends.

        Tasks are taken from ``tasks`` only as they are begun. When the caller stops asking, what is under
        way is given up and nothing is left behind. Raises WorkerError when nobody can do any task.
        """
