"""Rows of times that are kept within a limit; those used least recently go first."""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


class Rows:
    """Rows by junction, worked out when asked for, and at most ``most`` of them kept (but two).

    While none has had to go they are also ``at_hand``, in a plain dictionary, which is quicker to ask; from
    then on it is empty.
    """

    def __init__(self, work_out: Callable[[int], NDArray[np.int64]], most: int) -> None:
        self._work_out, self._most = work_out, max(2, most)
        self._kept: OrderedDict[int, memoryview] = OrderedDict()
        self._crowded = False
        self.at_hand: dict[int, memoryview] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, junction: int) -> bool:
        return junction in self._kept

    def row(self, junction: int) -> memoryview:
        """Return the row of a junction."""
        found = self._kept.get(junction)
        if found is not None:
            self._kept.move_to_end(junction)
            return found
        found = self._kept[junction] = self._work_out(junction).data
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
            self._crowded = True
            self.at_hand.clear()
        if not self._crowded:
            self.at_hand[junction] = found
        return found
