"""Tasks one after the other, in this process."""

import traceback
from collections.abc import Iterable
from dataclasses import dataclass

from sim.study.backends.backend import Backend, Ended, Perform, Stream
from sim.study.tables import DiskError
from sim.study.tasks import Failure, Task


@dataclass(frozen=True)
class Serial(Backend):
    """One task at a time, here: easy to debug, and nothing can hang or die but this process itself."""

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task as it ends; see Backend."""
        for task in tasks:
            try:
                ended: Ended = perform(task)
            except DiskError:
                raise
            except Exception as error:
                ended = Failure(task, "raised", str(error), type(error).__name__, traceback.format_exc())
            yield task, ended
