"""Tasks on a Ray cluster, or on one that is started here for the purpose."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sim.study.backends.attempts import FATAL, died, limited
from sim.study.backends.backend import Ended, Perform, Remote, Stream, WorkerError, extra
from sim.study.backends.crew import AHEAD, Crew, Waiting, keep_busy
from sim.study.tasks import Task

QUIET = ("RAY_USAGE_STATS_ENABLED", "RAY_ENABLE_UV_RUN_RUNTIME_ENV")
"""What Ray is not to do unless asked: report how it is used, and build an environment for each worker."""


@dataclass(frozen=True)
class Ray(Remote):
    """The cores of the Ray cluster whose head is at ``address``, such as 127.0.0.1:6379; see Remote.

    Without an address, ``workers`` processes, by default one a core, are started on this machine, where only
    who has this user's token of Ray's is let in. Where the program has called ``ray.init`` itself, that is
    used. Results must lie on a file system that all workers share. A time limit needs Linux or macOS.
    """

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task as it ends; see Backend."""
        with self._connected() as ray:
            crew = _Cluster(ray, perform, self.time_limit_s)
            try:
                yield from keep_busy(crew, Waiting(iter(tasks)), self.retries)
            finally:
                crew.give_up()

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        for setting in QUIET:
            os.environ.setdefault(setting, "0")
        ray = extra("ray", "ray")
        if ray.is_initialized():
            yield ray
            return
        here = {"address": "local", "num_cpus": self.workers or os.cpu_count(), "include_dashboard": False}
        where = {"address": self.address} if self.address else here
        try:
            ray.init(**where, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise WorkerError(f"Ray does not start, or does not answer at {self.address}: {error}") from None
        try:
            yield ray
        finally:
            ray.shutdown()


class _Cluster(Crew[Any]):
    """The cores of a Ray cluster, each a worker."""

    def __init__(self, ray: Any, perform: Perform, limit_s: float | None) -> None:
        self._ray, self._given = ray, (perform, limit_s)
        self._do = ray.remote(num_cpus=1, max_retries=0)(_do)
        self._under_way: set[Any] = set()

    def places(self) -> int:
        return max(1, AHEAD * int(self._ray.cluster_resources().get("CPU", 0)))

    def begin(self, tasks: Sequence[Task]) -> Any:
        (task,) = tasks
        job = self._do.remote(*self._given, tuple(task))
        self._under_way.add(job)
        return job

    def first(self, jobs: Collection[Any]) -> Iterable[Any]:
        done, _ = self._ray.wait(list(jobs))
        return list(done)

    def ended(self, job: Any, tasks: Sequence[Task]) -> Sequence[Ended]:
        """Return how a job's task ended; see Crew."""
        (task,) = tasks
        self._under_way.discard(job)
        try:
            found: Ended | Exception = self._ray.get(job)
        except self._ray.exceptions.RayTaskError as error:
            raise WorkerError(f"a worker of Ray cannot do its task: {error}") from None
        except self._ray.exceptions.RayError as error:
            return [died(task, str(error).partition("\n")[0])]
        if isinstance(found, Exception):
            raise found
        return [found]

    def give_up(self) -> None:
        """End what is under way, with the processes that do it."""
        for job in self._under_way:
            self._ray.cancel(job, force=True)


def _do(perform: Perform, limit_s: float | None, task: tuple[str, int]) -> Ended | Exception:
    """Do a task; return what is fatal to all rather than raise it: Ray would wrap it."""
    try:
        return limited(perform, Task(*task), limit_s)
    except FATAL as error:
        return error
