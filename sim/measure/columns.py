"""Columns of tables: numbers, or words by their indices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Words:
    """A column of words: ``codes`` are indices into ``known``, -1 for none."""

    codes: NDArray[np.int32]
    known: tuple[str, ...]

    def isin(self, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return whether each word is among ``wanted``, shape (n,)."""
        return np.isin(self.codes, [i for i, word in enumerate(self.known) if word in wanted])


Table = Mapping[str, NDArray[Any] | Words]


def frame(table: Table) -> "pd.DataFrame":
    """Return a table as a pandas frame, words as categories."""
    import pandas as pd

    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(column.codes, pd.Index(column.known))
            if isinstance(column, Words)
            else column
            for name, column in table.items()
        },
        copy=False,
    )


def column(table: Table, name: str) -> NDArray[Any]:
    """Return a column of numbers."""
    found = table[name]
    assert isinstance(found, np.ndarray)
    return found


def words(table: Table, name: str) -> Words:
    """Return a column of words."""
    found = table[name]
    assert isinstance(found, Words)
    return found
