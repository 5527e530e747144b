"""A sweep that runs: many studies, as one flat list of tasks."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.compose import Point, Sweep, points
from sim.config import ConfigError
from sim.study import store
from sim.study import tables as stored
from sim.study.backends import Backend
from sim.study.ledger import Ledger
from sim.study.runner import Progress, default_backend
from sim.study.swept import FILE, SCHEMA_VERSION, PointAnswer, SweepResults
from sim.study.tasks import Task
from sim.study.work import perform

EVERY_S = 2.0
"""How often the file of a sweep is written anew while it runs."""


def sweep(
    *overrides: str,
    config_dir: str | Path | None = None,
    results: str | Path = "results",
    progress: Progress | None = None,
    backend: Backend | None = None,
) -> SweepResults:
    """Run every point of a sweep in Hydra's grammar; see ``points`` and ``run``.

    All replications of all points are one list of tasks, so that processes are never idle at the end of a
    point; one with a rule ``until`` stops by itself. A point that cannot run, and a replication that fails,
    leave the others alone. Raises ConfigError when the sweep is wrong, DiskError when results cannot be
    written, BusyError when the same sweep runs already.
    """
    return run_sweep(
        points(*overrides, config_dir=config_dir), results=results, progress=progress, backend=backend
    )


def run_sweep(
    chosen: Sweep,
    *,
    results: str | Path = "results",
    progress: Progress | None = None,
    backend: Backend | None = None,
) -> SweepResults:
    """Run a sweep that has been composed; see ``sweep``."""
    running = _Running(chosen, Path(results), progress)
    with store.claimed(running.answers.path), running:
        doing = backend or default_backend(chosen.prepare(chosen.points[0]))
        with closing(doing.carry_out(running.tasks(), perform)) as ending:
            for task, ended in ending:
                running.add(task, ended)
    return running.answers


class _Running(ExitStack):
    """A sweep that runs: the ledgers that are open, and the answers so far."""

    def __init__(self, chosen: Sweep, results: Path, progress: Progress | None) -> None:
        super().__init__()
        self._sweep, self._results, self._progress = chosen, results, progress
        self._open: dict[str, Ledger] = {}
        self._answers: dict[str, list[PointAnswer]] = {}
        self._closed = Counter[str](done=0, failed=0)
        self._written_s = 0.0
        axes = {name: list(values) for name, values in chosen.axes.items()}
        answers = [PointAnswer(dict(point.labels)) for point in chosen.points]
        self.answers = SweepResults(results / _name(chosen), chosen.title, axes, answers, chosen.design)
        self.callback(self._write)
        self.push(self._close_all)

    def tasks(self) -> Iterator[Task]:
        """Yield what is not done yet, point by point; each is looked at only once its turn has come."""
        for i, point in enumerate(self._sweep.points):
            ledger = self._begin(point, i)
            if ledger is None:
                continue
            if ledger.complete:
                self._close(ledger)
            else:
                yield from ledger.tasks()
            self._tell()

    def _begin(self, point: Point, i: int) -> Ledger | None:
        """Open the study of a point; None where it cannot run, or another point has opened it."""
        answer = self.answers.points[i]
        try:
            study = self._sweep.prepare(point)
            folder = str(store.folder_of(study, self._results).absolute())
            if folder in self._answers:
                vars(answer).update(vars(self._answers[folder][0]) | {"labels": answer.labels})
                self._answers[folder].append(answer)
                self._closed["done"] += study.replications  # as the bar counts them
                return None
            ledger = Ledger(study, self._results, labels=answer.labels)
            ledger.__enter__()
        except (ConfigError, store.BusyError) as error:
            answer.state = "wrong" if isinstance(error, ConfigError) else "busy"
            answer.error = str(error)
            return None
        answer.study, answer.state, answer.replications = ledger.folder.name, "running", study.replications
        self._open[folder], self._answers[folder] = ledger, [answer]
        return ledger

    def add(self, task: Task, ended: Any) -> None:
        """Take down how a task ended, and close its study with the last of them."""
        ledger = self._open[task.folder]
        ledger.add(ended)
        if ledger.settled:
            self._close(ledger)
        self._tell()

    def _close(self, ledger: Ledger) -> None:
        del self._open[str(ledger.folder)]
        ledger.__exit__(None, None, None)
        self._answer(ledger, "incomplete" if ledger.failures else "complete")

    def _close_all(self, kind: Any, error: Any, trace: Any) -> None:
        for ledger in self._open.values():
            ledger.__exit__(kind, error, trace)
            self._answer(ledger, "interrupted")

    def _answer(self, ledger: Ledger, state: str) -> None:
        found, done, failed = ledger.found, len(ledger.outcomes), len(ledger.failures)
        self._closed.update(done=done, failed=failed)
        told = {"state": state, "finished": done, "failed": failed}
        told["replications"] = found.stop or ledger.study.replications
        told["targets"] = [verdict.summary() for verdict in found.verdicts]
        for answer in self._answers[str(ledger.folder)]:
            vars(answer).update(told)

    def _tell(self) -> None:
        done = self._closed["done"] + sum(len(ledger.outcomes) for ledger in self._open.values())
        failed = self._closed["failed"] + sum(len(ledger.failures) for ledger in self._open.values())
        if self._progress is not None:
            self._progress(done, failed)
        if time.monotonic() - self._written_s > EVERY_S:
            self._write()

    def _write(self) -> None:
        """Write the answers so far, that they can be read while the sweep runs."""
        told = self.answers
        content = {
            "schema_version": SCHEMA_VERSION,
            "title": told.title,
            "axes": told.axes,
            "design": asdict(told.design) if told.design else None,
            "points": [vars(answer) for answer in told.points],
        }
        text = json.dumps(content, indent=1, ensure_ascii=False)
        stored.atomically(told.path / FILE, lambda path: path.write_text(text, encoding="utf-8"))
        self._written_s = time.monotonic()


def _name(chosen: Sweep) -> str:
    """Return the name of a sweep's folder: the same for the same points and code."""
    marks = "".join(chosen.fingerprint(point) for point in chosen.points)
    return f"sweep-{sha256(marks.encode()).hexdigest()[:12]}"


def total_of(chosen: Sweep) -> int:
    """Return how many replications a sweep has in all."""
    if "replications" in chosen.axes:
        return sum(_replications(chosen, point) for point in chosen.points)
    return len(chosen.points) * _replications(chosen, chosen.points[0])


def _replications(chosen: Sweep, point: Point) -> int:
    return chosen.prepare(point).replications
