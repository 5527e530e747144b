"""What is wrong in a file of rows."""

from collections.abc import Sequence
from typing import NamedTuple

MOST_TOLD = 20
"""Of the faults of one file."""


class Fault(NamedTuple):
    """One thing wrong: where in the file, what is there, and what was expected."""

    where: str
    found: str
    expected: str


class FileError(ValueError):
    """Everything that is wrong with a file, the first `MOST_TOLD` in full."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        left = len(faults) - MOST_TOLD
        more = [Fault(faults[-1].where, f"{left} more like these", "none")] if left > 0 else []
        self.faults = (*faults[:MOST_TOLD], *more)
        super().__init__(
            "; ".join(f"{where}: {found}, expected {text}" for where, found, text in self.faults)
        )
