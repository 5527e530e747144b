"""The work of a study: a replication a task, done anywhere that sees the folder of results."""

import pickle
from functools import lru_cache
from pathlib import Path

from sim.engine import simulate
from sim.measure.tables import tabulate
from sim.scenario import Study
from sim.study import tables as stored
from sim.study.results import Outcome, outcome_of
from sim.study.tasks import Task

JOB = ".job.pickle"
"""The study itself, in the folder of its results, for as long as it runs."""


def hand_over(study: Study, folder: Path) -> None:
    """Put a study where those who do its tasks find it."""
    content = pickle.dumps(study)
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
    found: Study = pickle.loads((Path(folder) / JOB).read_bytes())
    return found
