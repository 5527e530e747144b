"""Replications over a pool of processes, judged as they finish."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from sim.engine import simulate
from sim.measure.tables import tabulate
from sim.scenario import Study
from sim.study import store
from sim.study.results import Outcome, Results, judged, outcome_of

Progress = Callable[[int], None]
"""Called with the number of replications done."""


class WorkerError(RuntimeError):
    """A worker process died."""


def run(study: Study, *, results: str | Path = "results", progress: Progress | None = None) -> Results:
    """Run every replication of a study, write its tables below ``results``, and judge its targets.

    Replications run on ``study.workers`` processes, or one a core. When interrupted, what has
    finished stays readable with ``load``, and no process is left behind.
    """
    begun = time.perf_counter()
    folder = store.folder_of(study, Path(results)).absolute()
    store.write_config(folder, study.config)
    store.keep_inputs(folder, study.files)
    facts: dict[str, Any] = {"plugin_folder": study.plugin_folder, "folders": study.folders}
    store.write_manifest(folder, study, state="running", **facts)
    outcomes: list[Outcome] = []
    state = "failed"
    try:
        for outcome in _outcomes(study, folder):
            outcomes.append(outcome)
            if progress:
                progress(len(outcomes))
        state = "complete"
    except KeyboardInterrupt:
        state = "interrupted"
        raise
    finally:
        wall_s = time.perf_counter() - begun
        store.sweep(folder)
        done = store.finished(folder)
        facts |= {"finished": done, "wall_s": round(wall_s, 3)}
        store.write_manifest(folder, study, state=state, **facts)
    return judged(study, folder, outcomes, wall_s)


def _outcomes(study: Study, folder: Path) -> Iterator[Outcome]:
    """Yield each replication's outcome as it finishes."""
    workers = min(study.workers or os.cpu_count() or 1, study.replications)
    if workers == 1:
        for replication in range(study.replications):
            yield replicate(study, folder, replication)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(study, folder))
    try:
        tasks: list[Future[Outcome]] = [pool.submit(_work, i) for i in range(study.replications)]
        for task in as_completed(tasks):
            yield task.result()
    except BrokenProcessPool:
        raise WorkerError(
            "a worker process died: out of memory, killed, or the script that calls sim.run cannot be "
            'imported anew. In a script, call it below `if __name__ == "__main__":`; from standard '
            "input, use workers=1"
        ) from None
    except BaseException:
        processes = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        raise
    pool.shutdown()


def replicate(study: Study, folder: Path, replication: int) -> Outcome:
    """Run one replication and write its tables."""
    tables = tabulate(simulate(study.scenario, seed=study.seed, replication=replication), study.scenario)
    store.write_tables(folder, replication, tables)
    return outcome_of(study.scenario, replication, tables)


_job: dict[str, Any] = {}
"""The study and folder of this worker process."""


def _begin(study: Study, folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _job.update(study=study, folder=folder)


def _leave_with_parent() -> None:
    """End this worker when the process that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _work(replication: int) -> Outcome:
    return replicate(_job["study"], _job["folder"], replication)
