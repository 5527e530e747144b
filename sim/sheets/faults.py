"""What is wrong in a file of rows."""

from collections.abc import Sequence
from typing import NamedTuple

MOST_TOLD = 20
"""Of the faults of one file."""


class Fault(NamedTuple):
    """One thing wrong: where in the file, what is there, and what was expected.

    Of what stands in a config rather than a file of its own, ``path`` is the path below the plug-in, and
    ``where`` is empty.
    """

    where: str
    found: str
    expected: str
    path: tuple[str, ...] = ()


class FileError(ValueError):
    """Everything that is wrong with a file, the first `MOST_TOLD` in full."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        left = len(faults) - MOST_TOLD
        more = [faults[-1]._replace(found=f"{left} more like these", expected="none")] if left > 0 else []
        self.faults = (*faults[:MOST_TOLD], *more)
        super().__init__(
            "; ".join(f"{f.where or '.'.join(f.path)}: {f.found}, expected {f.expected}" for f in self.faults)
        )
