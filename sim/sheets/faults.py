"""What is wrong in a file of rows."""

from collections.abc import Sequence
from typing import NamedTuple

MOST_TOLD = 20
"""Of the faults of one file."""


class Fault(NamedTuple):
    """One thing wrong: where in the file, what is there, and what was expected.

    Of what stands in a config rather than a file of its own, ``path`` is the path below the plug-in, and
    ``where`` is empty. ``expected`` is empty where nothing is left to say.
    """

    where: str
    found: str
    expected: str
    path: tuple[str, ...] = ()


class FileError(ValueError):
    """Everything that is wrong with a file, the first `MOST_TOLD` in full."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        left = len(faults) - MOST_TOLD
        more = [_more(faults[-1], left)] if left > 0 else []
        self.faults = (*faults[:MOST_TOLD], *more)
        super().__init__("; ".join(map(_words, self.faults)))


def _words(fault: Fault) -> str:
    expected = f", expected {fault.expected}" if fault.expected else ""
    return f"{fault.where or '.'.join(fault.path)}: {fault.found}{expected}"


def _more(last: Fault, left: int) -> Fault:
    """Return what stands for the faults that are left, somewhere in the file of the last."""
    file = last.where.partition(", row ")[0]
    return last._replace(where=file, found=f"{left:,} more like these", expected="")
