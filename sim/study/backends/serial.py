"""Tasks one after the other, in this process."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.study.backends.attempts import attempted
from sim.study.backends.backend import Backend, Perform, Stream
from sim.study.tasks import Task


@dataclass(frozen=True)
class Serial(Backend):
    """One task at a time, here: easy to debug, and nothing can hang or die but this process itself."""

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task as it ends; see Backend."""
        for task in tasks:
            yield task, attempted(perform, task)
