"""Tasks on a Dask cluster, or on one that is started here for the purpose."""

import asyncio
import logging
import math
import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sim.study.backends.attempts import attempted, died, timed_out
from sim.study.backends.backend import BackendError, Ended, Perform, Remote, Stream, WorkerError, extra
from sim.study.backends.crew import AHEAD, Crew, Waiting, keep_busy
from sim.study.tasks import Task

PATIENCE_S = 60.0
"""How long nobody may be there to do a task."""

EVERY_S = 2.0
"""How often workers are counted: they come and go."""

LOCAL = {"distributed.scheduler.allowed-failures": 0, "distributed.deploy.lost-worker-timeout": "365 d"}
"""How a cluster is set that is started here: a task whose worker dies is given back at once, and workers that
die may always come back."""


@dataclass(frozen=True)
class Dask(Remote):
    """Workers of the Dask scheduler at ``address``, such as tcp://127.0.0.1:8786; see Remote.

    Without an address, a cluster of ``workers`` processes, by default one a core, is started on this machine,
    where nobody from outside can reach it. Results must lie on a file system that all workers share. An
    address of TLS takes its certificates from Dask's own config.
    """

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        """Yield each task as it ends; see Backend."""
        with self._client() as client:
            crew = _Cluster(client, perform, self.time_limit_s)
            yield from keep_busy(crew, Waiting(iter(tasks)), self.retries)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        distributed = extra("distributed", "dask")
        if self.address is None:
            with (
                _cluster(self.workers or os.cpu_count() or 1) as cluster,
                distributed.Client(cluster) as client,
            ):
                yield client
            return
        try:
            client = distributed.Client(self.address, timeout=10)
        except (OSError, TimeoutError):
            raise WorkerError(f"no Dask scheduler answers at {self.address}") from None
        except (ValueError, TypeError) as error:
            raise BackendError(f"address: {error}") from None
        with client:
            yield client


@contextmanager
def _cluster(workers: int) -> Iterator[Any]:
    """Start a cluster on this machine alone; a task that kills its worker is given back at once."""
    import dask

    distributed = extra("distributed", "dask")
    with (
        dask.config.set(LOCAL),
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster


class _Cluster(Crew[Any]):
    """The workers of a scheduler, each thread of theirs a worker."""

    apart = False

    def __init__(self, client: Any, perform: Perform, limit_s: float | None) -> None:
        self._client, self._perform, self._limit_s = client, perform, limit_s
        self._done: SimpleQueue[Any] = SimpleQueue()
        self._threads, self._counted_s = 0, -math.inf
        try:
            client.wait_for_workers(1, timeout=PATIENCE_S)
        except TimeoutError:
            raise self._nobody() from None

    def places(self) -> int:
        if time.monotonic() - self._counted_s > EVERY_S:
            self._threads, self._counted_s = sum(self._client.nthreads().values()), time.monotonic()
        return max(1, AHEAD * self._threads)

    def begin(self, tasks: Sequence[Task]) -> Any:
        (task,) = tasks
        future = self._client.submit(_do, self._perform, task, self._limit_s, pure=False)
        future.add_done_callback(self._done.put)
        return future

    def first(self, jobs: Collection[Any]) -> Iterable[Any]:
        while True:
            try:
                return [self._done.get(timeout=PATIENCE_S)]
            except Empty:
                if not self._client.nthreads():
                    raise self._nobody() from None

    def ended(self, job: Any, tasks: Sequence[Task]) -> Sequence[Ended]:
        """Return how a job's task ended; see Crew."""
        (task,) = tasks
        try:
            found: Ended = job.result()
        except extra("distributed", "dask").KilledWorker as error:
            return [died(task, f"the Dask worker {error.last_worker.address} ended while it did it")]
        except CancelledError:
            raise WorkerError("the Dask scheduler is gone") from None
        job.release()
        return [found]

    def _nobody(self) -> WorkerError:
        address = self._client.scheduler.address
        return WorkerError(
            f"the Dask scheduler at {address} has no workers: start some, "
            f"`dask worker {address} --nthreads 1`"
        )


def _do(perform: Perform, task: Task, limit_s: float | None) -> Ended:
    """Do a task on a worker, which leaves, and is started anew, when the task takes too long.

    Dask runs tasks in threads, and a thread cannot be stopped, but with its process.
    """
    if limit_s is None:
        return attempted(perform, task)
    doing: Future[Ended] = Future()
    Thread(target=_fulfil, args=(doing, perform, task), daemon=True).start()
    try:
        return doing.result(limit_s)
    except TimeoutError:
        worker = extra("distributed", "dask").get_worker()
        worker.loop.add_callback(_leave, worker, worker.get_current_task())
        return timed_out(task)


async def _leave(worker: Any, key: str) -> None:
    """End a worker, and have it started anew, once its last answer has been taken."""
    while key in worker.state.tasks:
        await asyncio.sleep(0.1)
    await worker.close_gracefully(restart=True)


def _fulfil(doing: "Future[Ended]", perform: Perform, task: Task) -> None:
    try:
        doing.set_result(attempted(perform, task))
    except BaseException as error:
        doing.set_exception(error)
