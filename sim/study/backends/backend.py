"""What a backend does."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sim.study.results import Outcome
from sim.study.tasks import Failure, Task

Ended = Outcome | Failure
"""What becomes of a task."""

Stream = Generator[tuple[Task, Ended], None, None]
"""Tasks as they end; closed when nobody asks any more."""

Perform = Callable[[Task], Outcome]


class WorkerError(RuntimeError):
    """Worker processes cannot be started, die whatever they are given, or cannot do any task."""


class BackendError(ValueError):
    """A backend is asked for that is not installed, or with settings that it does not take."""


class Backend(ABC):
    """Does tasks, in whatever order, so many at a time, and says of each how it ended."""

    @abstractmethod
    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task with its outcome, or its failure, as it ends.

        Tasks are taken from ``tasks`` only as they are begun. When the caller stops asking, what is under
        way is given up and nothing is left behind. Raises WorkerError when nobody can do any task.
        """


@dataclass(frozen=True)
class Workers(Backend):
    """A backend whose tasks are done by ``workers`` processes of their own.

    A task that raises, takes longer than ``time_limit_s``, or kills its process is tried again ``retries``
    times, and is then a failure; the others go on. Raises BackendError for a number out of range.
    """

    workers: int | None = None
    time_limit_s: float | None = None
    retries: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        required(self.workers is None or self.workers >= 1, "workers", "at least 1", self.workers)
        limit_s = self.time_limit_s
        required(limit_s is None or limit_s > 0, "time_limit_s", "above 0 s", limit_s)
        required(self.retries >= 0, "retries", "at least 0", self.retries)


@dataclass(frozen=True)
class Remote(Workers):
    """A backend that may have its workers elsewhere, at an ``address``; these are as many as they are.

    Raises BackendError for an address with ``workers``.
    """

    address: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        super().__post_init__()
        nobody = self.address is None or self.workers is None
        required(nobody, "workers", f"none beside an address, {self.address} has its own", self.workers)


def required(right: bool, name: str, expected: str, found: object) -> None:
    """Raise BackendError unless a setting is right."""
    if not right:
        raise BackendError(f"{name}: expected {expected}, found {found!r}")


def extra(module: str, name: str) -> Any:
    """Import a module that comes with one of tocsin's extras. Raises BackendError where it is not there."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise BackendError(
            f"the backend {name} needs the extra {name} for {error.name}: pip install 'tocsin[{name}]'"
        ) from None
