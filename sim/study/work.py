"""The work of a study: a replication a task, done anywhere that sees the folder of results."""

import pickle
import platform
import sys
from functools import lru_cache
from pathlib import Path

from sim.engine import simulate
from sim.measure.tables import tabulate
from sim.model.code import code_hash
from sim.scenario import Study
from sim.study import tables as stored
from sim.study.backends import WorkerError
from sim.study.results import Outcome, outcome_of
from sim.study.tasks import Task

JOB = ".job.pickle"
"""The study itself, in the folder of its results, for as long as it runs."""


def hand_over(study: Study, folder: Path) -> None:
    """Put a study where those who do its tasks find it, after what they must know to read it."""
    content = pickle.dumps((code_hash(), study.plugin_folder)) + pickle.dumps(study)
    stored.atomically(folder / JOB, lambda path: path.write_bytes(content))


def perform(task: Task) -> Outcome:
    """Do a task: run a replication, write its tables, and return what is kept of it in memory."""
    folder = Path(task.folder)
    return replicate(_study(task.folder), folder, task.replication)


def replicate(study: Study, folder: Path, replication: int) -> Outcome:
    """Run one replication and write its tables."""
    tables = tabulate(simulate(study.scenario, seed=study.seed, replication=replication), study.scenario)
    stored.write_part(folder, replication, tables)
    return outcome_of(study.scenario, replication, tables)


@lru_cache(maxsize=2)
def _study(folder: str) -> Study:
    """Read the study whose results go to a folder. Raises WorkerError where that cannot be done here."""
    try:
        with (Path(folder) / JOB).open("rb") as file:
            code, plugins = pickle.load(file)
            _make_sure(code, plugins)
            found: Study = pickle.load(file)
    except FileNotFoundError:
        raise WorkerError(
            f"{platform.node()} does not see {folder}: results must lie on a file system that all workers "
            "share, under the same path; choose such a folder with --results"
        ) from None
    return found


def _make_sure(code: str, plugins: str | None) -> None:
    """Have this process find the user's plug-ins, and be of the same code as the one that asks."""
    if code != code_hash():
        raise WorkerError(
            f"{platform.node()} has another version of tocsin: install the same on all workers, and start "
            "them anew"
        )
    if plugins and plugins not in sys.path:
        sys.path.insert(0, plugins)
