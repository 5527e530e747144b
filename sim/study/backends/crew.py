"""Tasks that are under way: so many at a time, and tried again where they fail."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from sim.study.backends.attempts import DIED
from sim.study.backends.backend import Ended, Stream
from sim.study.tasks import Failure, Task

Job = TypeVar("Job")
"""What a crew calls tasks that it has begun."""

AHEAD = 2
"""Tasks that are handed out at a time, for each worker: one to do and one to go on with."""


class Crew(ABC, Generic[Job]):
    """Those who do tasks, ``chunk`` of them a job.

    ``apart`` tells whether a worker that dies takes no job with it but the one that it does.
    """

    chunk = 1
    apart = True

    @abstractmethod
    def places(self) -> int:
        """Return how many jobs may be under way now."""

    @abstractmethod
    def begin(self, tasks: Sequence[Task]) -> Job:
        """Have some tasks done."""

    @abstractmethod
    def first(self, jobs: Collection[Job]) -> Iterable[Job]:
        """Wait until at least one of the jobs has ended, and return those that have."""

    @abstractmethod
    def ended(self, job: Job, tasks: Sequence[Task]) -> Sequence[Ended]:
        """Return how each task of a job ended."""


class Attempt(NamedTuple):
    """A task, and how often it has been tried before.

    It is ``suspect`` when a worker died while it was under way, and others were too: from then on it is
    tried where no other can suffer from it.
    """

    task: Task
    before: int = 0
    suspect: bool = False


@dataclass
class Waiting:
    """Tasks that are to be done: those that were given out before, new ones, and then suspects."""

    new: Iterator[Task]
    back: list[Attempt] = field(default_factory=list)
    suspects: list[Attempt] = field(default_factory=list)

    def next(self, most: int) -> list[Attempt]:
        """Return what is to be done next as one job."""
        if self.back:
            return [self.back.pop(0)]
        return [Attempt(task) for task in islice(self.new, most)]

    def put_back(self, attempts: Iterable[Attempt]) -> None:
        """Take attempts back that came to nothing through no fault of theirs."""
        self.back = [*attempts, *self.back]

    def again(self, attempt: Attempt) -> None:
        """Have a task be tried once more, after those that wait."""
        (self.suspects if attempt.suspect else self.back).append(attempt)


def keep_busy(crew: Crew[Job], waiting: Waiting, retries: int) -> Stream:
    """Have a crew do all that waits, and yield each task with how it ended, at last.

    What is under way when anything is raised waits again.
    """
    under_way: dict[Job, list[Attempt]] = {}
    try:
        while True:
            _hand_out(crew, waiting, under_way)
            if not under_way:
                return
            for job in crew.first(under_way):
                attempts = under_way[job]
                answers = crew.ended(job, [attempt.task for attempt in attempts])
                del under_way[job]
                alone = len(attempts) == 1 and (crew.apart or attempts[0].suspect)
                for attempt, ended in zip(attempts, answers, strict=True):
                    if again := _once_more(attempt, ended, alone, retries):
                        waiting.again(again)
                    else:
                        yield attempt.task, ended
    finally:
        waiting.put_back(attempt for attempts in under_way.values() for attempt in attempts)


def _hand_out(crew: Crew[Job], waiting: Waiting, under_way: dict[Job, list[Attempt]]) -> None:
    """Begin as many jobs as there is room for; a suspect where others suffer from it only alone."""
    places = crew.places()

    def begin(attempts: list[Attempt]) -> None:
        try:
            under_way[crew.begin([attempt.task for attempt in attempts])] = attempts
        except BaseException:
            waiting.put_back(attempts)
            raise

    while len(under_way) < places and (attempts := waiting.next(crew.chunk)):
        begin(attempts)
    while waiting.suspects and len(under_way) < (places if crew.apart else 1):
        begin([waiting.suspects.pop(0)])


def _once_more(attempt: Attempt, ended: Ended, alone: bool, retries: int) -> Attempt | None:
    """Return what is to be tried instead of taking this for the end of a task; None where it is."""
    if not isinstance(ended, Failure):
        return None
    if ended.how == DIED and not alone:
        return attempt._replace(suspect=True)
    return attempt._replace(before=attempt.before + 1) if attempt.before < retries else None
