"""A study cut into tasks, and those that fail."""

from typing import NamedTuple


class Task(NamedTuple):
    """One replication of the study whose results go to a folder."""

    folder: str
    replication: int


class Failure(NamedTuple):
    """A task that failed for good: ``how`` (raised, timed out, worker died), and in words.

    ``raised`` is the class of what it raised, ``traceback`` where; both empty where it raised nothing.
    """

    task: Task
    how: str
    error: str
    raised: str = ""
    traceback: str = ""
