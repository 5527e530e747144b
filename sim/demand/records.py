"""Records of incidents, read from CSV or Parquet in chunks: what is in them, and what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean
from sim.model.units import LENGTH, TIME
from sim.sheets import Fault, FileError, UnreadableError, canonical, read_rows

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 100_000
"""Rows at a time."""

PLACES = ("x", "y", "lat", "lon", "zone")
TIMES = ("call_handling", "scene", "handover")
NUMBERS = ("priority", "magnitude")
WORDS = ("id", "at", "type", *("level", "transport", "hospital", "needs"))
KNOWN = (*WORDS, *PLACES, *TIMES, *NUMBERS)

UNITS = {
    name: {unit: float(size) for unit, size in scales}
    for names, scales in (((*TIMES, "at"), TIME), (("x", "y"), LENGTH))
    for name in names
}
"""The units that a column's heading may say, and their sizes in SI."""


@dataclass
class Chunk:
    """Some rows: their columns by their known names, and their numbers in the file (header: row 1)."""

    columns: "Mapping[str, pd.Series[Any]]"
    rows: list[int]
    file: str
    faults: list[Fault] = field(default_factory=list)
    plain: bool = False
    """Whether all columns are texts without space around them."""
    scales: Mapping[str, float] = field(default_factory=dict)
    """The sizes in SI of the units that headings say."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """Each column's heading as written."""

    def __len__(self) -> int:
        return len(self.rows)

    def fault(self, wrong: NDArray[np.bool_], name: str, expected: str) -> None:
        """Tell each of the wrong cells of a column."""
        for i in np.flatnonzero(wrong).tolist():
            found = repr(str(self.columns[name].iloc[i]))
            self.faults.append(Fault(self.where(i, name), found, expected))

    def where(self, i: int, name: str) -> str:
        """Say where a cell is."""
        return f"{self.file}, row {self.rows[i]}, column {self.headings.get(name, name)}"

    def texts(self, name: str) -> "pd.Series[str]":
        """Return a column of words, empty for what is not said."""
        column = self.columns[name]
        return (
            column if self.plain else column.astype(object).where(column.notna(), "").astype(str).str.strip()
        )

    def numbers(self, name: str, least: float = -np.inf, most: float = np.inf) -> FloatArray:
        """Return a column of numbers, NaN for what is not said; tell those that are none, or out of range."""
        import pandas as pd

        column = self.columns[name]
        if pd.api.types.is_numeric_dtype(column):
            values, said = column.to_numpy(float), column.notna().to_numpy()
        else:
            values = pd.to_numeric(self.texts(name), errors="coerce").to_numpy(float)
            said = (self.texts(name) != "").to_numpy()
        values = values * self.scales.get(name, 1.0)
        wrong = said & (~np.isfinite(values) | (values < least) | (values > most))
        self.fault(wrong, name, _range(least, most))
        return np.where(wrong, np.nan, values)

    def indices(self, name: str, known: Sequence[str], what: str) -> NDArray[np.int64]:
        """Return a column of names as indices into ``known``, -1 for what is not said; tell unknown ones."""
        texts = self.texts(name)
        found = texts.map({word: i for i, word in enumerate(known)})
        wrong = (found.isna() & (texts != "")).to_numpy()
        for i in np.flatnonzero(wrong).tolist():
            hint = did_you_mean(texts.iloc[i], known)
            self.faults.append(Fault(self.where(i, name), repr(texts.iloc[i]), f"a known {what}{hint}"))
        return np.asarray(found.fillna(-1), np.int64)

    def require(self, *names: str) -> None:
        """Tell the empty cells of columns that must not have any."""
        for name in names:
            self.fault((self.texts(name) == "").to_numpy(), name, "a value")


def _range(least: float, most: float) -> str:
    low = "" if np.isinf(least) else f" of at least {least:g}"
    high = "" if np.isinf(most) else f"{' and' if low else ' of'} at most {most:g}"
    return f"a number{low}{high}"


def chunks(file: Path) -> Iterator[Chunk]:
    """Yield the rows of a CSV or Parquet file. Raises FileError when its form or header is wrong."""
    names: dict[str, tuple[int, float]] | None = None
    for headers, columns, rows, faults in _parquet(file) if file.suffix == ".parquet" else _csv(file):
        if names is None:
            names = _names(headers, file.name)
        yield Chunk(
            columns={name: columns[i] for name, (i, _) in names.items()},
            rows=rows,
            file=file.name,
            faults=faults,
            plain=file.suffix != ".parquet",
            scales={name: scale for name, (_, scale) in names.items()},
            headings={name: headers[i] for name, (i, _) in names.items()},
        )


Part = tuple[list[str], "list[pd.Series[Any]]", list[int], list[Fault]]
"""Headers, columns, the rows' numbers in the file, and what is wrong with their form."""


def _parquet(file: Path) -> Iterator[Part]:
    """Yield a Parquet file's rows, numbered as if they had a header."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    first = 2
    try:
        for batch in pq.ParquetFile(file).iter_batches(CHUNK):
            frame = batch.to_pandas()
            columns = [frame.iloc[:, i] for i in range(frame.shape[1])]
            yield list(map(str, frame.columns)), columns, list(range(first, first + len(frame))), []
            first += len(frame)
    except (OSError, pa.ArrowException) as error:
        raise FileError([Fault(file.name, " ".join(str(error).split()), "a Parquet file")]) from None


def _csv(file: Path) -> Iterator[Part]:
    """Yield a CSV file's rows as text, each as long as its header."""
    import pandas as pd

    try:
        rows = read_rows(file)
        _, headers = next(rows, (0, []))
        while part := list(islice(rows, CHUNK)):
            n, faults = len(headers), []
            for number, cells in part:
                if len(cells) > n:
                    where = f"{file.name}, row {number}"
                    faults.append(Fault(where, repr(cells[n]), "no cells beyond the header"))
                elif len(cells) < n:
                    cells.extend([""] * (n - len(cells)))
            columns = [pd.Series(list(map(itemgetter(i), map(itemgetter(1), part)))) for i in range(n)]
            yield headers, columns, [number for number, _ in part], faults
    except UnreadableError as error:
        where = file.name if error.row is None else f"{file.name}, row {error.row}"
        raise FileError([Fault(where, error.found, error.expected)]) from None


def _names(headers: list[str], file: str) -> dict[str, tuple[int, float]]:
    """Return the columns by their known names: where each is, and the size of its unit in SI."""
    found: dict[str, tuple[int, float]] = {}
    faults = []
    for i, header in enumerate(headers):
        name, unit = canonical(header, KNOWN)
        where = f"{file}, row 1, column {header}"
        if name not in KNOWN:
            faults.append(Fault(where, repr(header), f"a known column{did_you_mean(name, KNOWN)}"))
        elif name in found:
            faults.append(Fault(where, repr(header), f"one column for {name}"))
        elif unit is not None and unit not in UNITS.get(name, {}):
            known = ", ".join(UNITS.get(name, {})) or "no unit"
            faults.append(Fault(where, repr(header), f"{known} in the heading of {name}"))
        elif name in TIMES and unit is None:
            faults.append(Fault(where, repr(header), f"a unit in the header, such as {name}_s"))
        else:
            found[name] = (i, UNITS[name][unit] if unit else 1.0)
    for name in ("at", "type"):
        if name not in found:
            faults.append(Fault(f"{file}, row 1", f"no column {name}", "the columns at and type"))
    for one, other in (("x", "y"), ("y", "x"), ("lat", "lon"), ("lon", "lat")):
        if one in found and other not in found:
            faults.append(Fault(f"{file}, row 1", f"{one} without {other}", "both, or neither"))
    if faults:
        raise FileError(faults)
    return found
