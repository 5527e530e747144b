"""What of a study is done, and what has failed."""

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from sim.scenario import Study
from sim.study import store
from sim.study import tables as stored
from sim.study.backends import Ended
from sim.study.results import Outcome, Results, judged, outcomes_in
from sim.study.sequential import Looks
from sim.study.tasks import Failure, Task
from sim.study.work import JOB, hand_over


class Ledger(AbstractContextManager["Ledger"]):
    """A study that runs, and its folder, which is kept to it meanwhile.

    ``labels`` are what tells a point of a sweep from the others. Raises BusyError where another run writes to
    the folder, DiskError where nobody can.
    """

    def __init__(self, study: Study, results: Path, labels: dict[str, Any] | None = None) -> None:
        self.study, self.folder = study, store.folder_of(study, results).absolute()
        self._labels = {"labels": labels} if labels else {}
        self.outcomes: list[Outcome] = []
        self.failures: list[Failure] = []
        self._looks, self._under_way = Looks(study), set[int]()
        self._claim = store.claimed(self.folder)

    def __enter__(self) -> "Ledger":
        """Write what the study is, and look at what is there of it."""
        self._begun = time.perf_counter()
        self._claim.__enter__()
        try:
            self._open()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def _open(self) -> None:
        store.sweep(self.folder)
        store.write_config(self.folder, self.study.config)
        store.keep_inputs(self.folder, self.study)
        for outcome in outcomes_in(self.folder, self.study.scenario):
            self.add(outcome)
        if not self.complete:
            self._write("running")
            hand_over(self.study, self.folder)

    @property
    def complete(self) -> bool:
        """Whether all replications that it takes are there."""
        return len(self.outcomes) == self._looks.stop

    @property
    def settled(self) -> bool:
        """Whether all replications that it takes are there, or have failed, and none is under way."""
        return self.answered and not self._under_way

    @property
    def answered(self) -> bool:
        """Whether all replications that it takes are there, or have failed."""
        return len(self.outcomes) + len(self.failures) == self._looks.stop

    def tasks(self) -> Iterator[Task]:
        """Yield what is not done yet, for as long as more is asked for."""
        done = {outcome.replication for outcome in self.outcomes}
        for replication in range(self.study.replications):
            if self._looks.stop is not None and replication >= self._looks.stop:
                return
            if replication not in done:
                self._under_way.add(replication)
                yield Task(str(self.folder), replication)

    def add(self, ended: Ended) -> None:
        """Take down how a task ended; what was begun before it was known that it is not needed is dropped."""
        if isinstance(ended, Failure):
            self.failures.append(ended)
            replication, tallies = ended.task.replication, None
        else:
            self.outcomes.append(ended)
            replication, tallies = ended.replication, ended.tallies
        self._under_way.discard(replication)
        self._looks.add(replication, tallies)
        if self.study.until is not None and (stop := self._looks.stop) is not None:
            self.outcomes = [each for each in self.outcomes if each.replication < stop]
            self.failures = [each for each in self.failures if each.task.replication < stop]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write how it ended, gather the tables if it is complete, and let others have the folder."""
        try:
            (self.folder / JOB).unlink(missing_ok=True)
            store.write_failures(self.folder, self.failures)
            if self._looks.stop is not None:
                stored.drop_from(self.folder, self._looks.stop)
            if self.complete:
                stored.wait_for(self.folder, [outcome.replication for outcome in self.outcomes])
                stored.compact(self.folder)
            store.sweep(self.folder)
            self._write(self._state(kind))
        finally:
            self._claim.__exit__(None, None, None)

    def _state(self, kind: type[BaseException] | None) -> str:
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            return "interrupted"
        if self.complete:
            return "complete"
        return "incomplete" if kind is None and self.answered else "failed"

    @property
    def found(self) -> Results:
        """The results so far."""
        wall_s = time.perf_counter() - self._begun
        return judged(self.study, self.folder, self.outcomes, wall_s, self.failures, self._looks.stop)

    def _write(self, state: str) -> None:
        facts: dict[str, Any] = {"plugin_folder": self.study.plugin_folder, "folders": self.study.folders}
        facts["replications"] = self._looks.stop or self.study.replications
        facts |= {"until": asdict(self.study.until)} if self.study.until else {}
        if state != "running":
            wall_s = round(time.perf_counter() - self._begun, 3)
            verdicts = {verdict.target.name: verdict.verdict for verdict in self.found.verdicts}
            done = stored.finished(self.folder)
            facts |= {"finished": done, "failed": len(self.failures), "wall_s": wall_s, "verdicts": verdicts}
        store.write_manifest(self.folder, self.study, state=state, **self._labels, **facts)
