"""Measures what a task costs beside its work, and what a second process gains, side by side on this machine.

    uv run python benchmarks/studies.py            # about five minutes
    uv run python benchmarks/studies.py --quick    # a smaller work, for a first look

A task that does next to nothing is an hour of one rare type of incident. Its cost holds all of it: the run
itself, its tables on disk, and the way to a worker and back; but not that workers start.
"""

import argparse
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from statistics import median

import sim
from sim.study.backends import Backend, Dask, Local, Serial, Workers
from sim.study.backends.backend import Perform, Stream
from sim.study.results import Outcome
from sim.study.tasks import Task

NOTHING = ("horizon=1 h", "incident=[structure_fire]")
REAL = ("horizon=365 d",)


def backends() -> dict[str, Backend]:
    """Return what is compared."""
    return {"serial": Serial(), "local, 2": Local(2), "dask, 2": Dask(workers=2)}


class Timed(Backend):
    """Times a backend from its first task that ended to its last."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.times: list[float] = []

    def carry_out(self, tasks: Iterable[Task], perform: Perform) -> Stream:
        with closing(self.backend.carry_out(tasks, perform)) as ending:
            for each in ending:
                self.times.append(time.perf_counter())
                yield each

    def task_s(self) -> float:
        """Return seconds a task, all workers together, once each has ended its first."""
        workers = getattr(self.backend, "workers", 1)
        return (self.times[-1] - self.times[workers - 1]) / (len(self.times) - workers)


def task_s(backend: Backend, replications: int, *overrides: str) -> float:
    """Return the seconds a task of a study takes on a backend, once its workers are there."""
    timed = Timed(backend)
    with tempfile.TemporaryDirectory() as folder:
        study = sim.prepare(*overrides, f"replications={replications}")
        sim.run(study, results=folder, backend=timed)
    return timed.task_s()


def alone_s(backend: Backend, tasks: int) -> float:
    """Return the seconds that an empty task takes: the way to a worker and back alone."""
    timed = Timed(backend)
    with closing(timed.carry_out([Task("nowhere", n) for n in range(tasks)], nothing)) as ending:
        for _ in ending:
            pass
    return timed.task_s()


def nothing(task: Task) -> Outcome:
    """Return the outcome of a replication in which nothing happens."""
    return Outcome(task.replication, 0, (), 0, 0, 0, *({} for _ in Outcome._fields[6:]))


def main() -> None:
    """Print milliseconds a task on each backend, and the gain of two processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    tasks, rounds, real = (300, 1, 8) if quick else (2000, 3, 24)
    print(f"{tasks:,} tasks, {rounds} rounds in turn, ms a task")
    print(f"{'':10} {'an empty task':>24} {'an hour of nothing':>24}")
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in backends()}
    for _ in range(rounds):
        for name, backend in backends().items():
            found[name].append((1000 * alone_s(backend, tasks), 1000 * task_s(backend, tasks, *NOTHING)))
    for name, each in found.items():
        print(f"{name:10} {' '.join(told(list(column)) for column in zip(*each, strict=True))}")
    print(f"{real} years of Zhoucun, {rounds} rounds in turn, two workers in times of one:")
    for name, kind in (("local", Local), ("dask", Dask)):
        print(f"{name:10} {told([gain(kind, real) for _ in range(rounds)])}")


def told(values: list[float]) -> str:
    """Return the median of some values, and their range."""
    return f"{median(values):8.2f} ({min(values):5.2f}-{max(values):5.2f})".rjust(24)


def gain(kind: type[Workers], replications: int) -> float:
    """Return how many times as fast two workers are as one."""
    one, two = (task_s(kind(workers=n), replications, *REAL) for n in (1, 2))
    return one / two


if __name__ == "__main__":
    main()
