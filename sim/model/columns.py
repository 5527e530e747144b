"""Tables of many rows, read from CSV or Parquet in chunks: what is in their columns, and what is wrong."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model import units
from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean, did_you_mean_column
from sim.sheets import NO, YES, Fault, FileError, UnreadableError, canonical, read_rows, short

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 100_000
"""Rows at a time."""

TIME = {unit: float(size) for unit, size in units.TIME if unit != "year"}
LENGTH = {unit: float(size) for unit, size in units.LENGTH}
"""Units that a heading may say, and their sizes in SI."""


@dataclass(frozen=True)
class Headings:
    """The columns that a table may have.

    ``units`` are those that the heading of a column may say. The headings of columns in ``stated`` must
    say one. The columns in ``needed`` must be there; of ``pairs``, both or neither. With ``times``, any
    other word is a column too whose heading says a unit of time, such as ``engine_s``.
    """

    known: Collection[str]
    needed: Sequence[str]
    units: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    stated: Collection[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    times: bool = False

    def read(self, header: str) -> tuple[str, str | None]:
        """Return the column that a heading means, and its unit; ``engine_s`` for other words' times."""
        name, unit = canonical(header, self.known)
        if self.times and name not in self.known:
            word, _, said = name.rpartition("_") if unit is None else (name, "", unit)
            if word and said in TIME:
                return f"{word}_s", said
        return name, unit

    def knows(self, name: str) -> bool:
        """Whether a name that ``read`` returned is a column."""
        return name in self.known or (self.times and name.endswith("_s"))

    def units_of(self, name: str) -> Mapping[str, float]:
        """Return the units that the heading of a column may say."""
        return self.units.get(name, {} if name in self.known else TIME)


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

    def tell(self, found: str, expected: str) -> None:
        """Tell what is wrong with the header."""
        self.faults.append(Fault(f"{self.file}, row 1", found, expected))

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

    def choices(self, name: str, groups: Sequence[Sequence[str]], what: str) -> NDArray[np.int64]:
        """Return a column of words as the indices of the groups that they are in, -1 for what is not said."""
        texts = self.texts(name).str.casefold()
        found = texts.map({word: i for i, group in enumerate(groups) for word in group})
        self.fault((found.isna() & (texts != "")).to_numpy(), name, what)
        return np.asarray(found.fillna(-1), np.int64)

    def answers(self, name: str) -> NDArray[np.int64]:
        """Return a column of yes (1) and no (0), -1 for what is not said."""
        return self.choices(name, (NO, YES), "yes or no")

    def require(self, *names: str) -> None:
        """Tell the empty cells of columns that must not have any."""
        for name in names:
            self.fault((self.texts(name) == "").to_numpy(), name, "a value")


def _range(least: float, most: float) -> str:
    low = "" if np.isinf(least) else f" of at least {least:g}"
    high = "" if np.isinf(most) else f"{' and' if low else ' of'} at most {most:g}"
    return f"a number{low}{high}"


def chunks(file: Path, wanted: Headings) -> Iterator[Chunk]:
    """Yield the rows of a CSV or Parquet file; what is wrong with columns is among the first one's faults.

    Columns that are wrong are passed over. Raises FileError when the file's form is wrong, or columns are
    missing.
    """
    names: dict[str, tuple[int, float]] | None = None
    for headers, columns, rows, faults in _parquet(file) if file.suffix == ".parquet" else _csv(file):
        if names is None:
            names, wrong = _names(headers, wanted, str(short(file)))
            faults = [*wrong, *faults]
        yield Chunk(
            columns={name: columns[i] for name, (i, _) in names.items()},
            rows=rows,
            file=str(short(file)),
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
        raise FileError([Fault(str(short(file)), " ".join(str(error).split()), "a Parquet file")]) from None


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
                    where = f"{short(file)}, row {number}"
                    faults.append(Fault(where, repr(cells[n]), "no cells beyond the header"))
                elif len(cells) < n:
                    cells.extend([""] * (n - len(cells)))
            columns = [pd.Series(list(map(itemgetter(i), map(itemgetter(1), part)))) for i in range(n)]
            yield headers, columns, [number for number, _ in part], faults
    except UnreadableError as error:
        where = str(short(file)) if error.row is None else f"{short(file)}, row {error.row}"
        raise FileError([Fault(where, error.found, error.expected)]) from None


def _names(
    headers: list[str], wanted: Headings, file: str
) -> tuple[dict[str, tuple[int, float]], list[Fault]]:
    """Return the columns by their known names: where each is, and the size of its unit in SI.

    Beside them, what is wrong with others. Raises FileError with all of it where columns are missing.
    """
    found: dict[str, tuple[int, float]] = {}
    faults = []
    for i, header in enumerate(headers):
        name, unit = wanted.read(header)
        where, units = f"{file}, row 1, column {header}", wanted.units_of(name)
        if not wanted.knows(name):
            expected = f"a known column{did_you_mean_column(name, wanted.known)}"
            faults.append(Fault(where, repr(header), expected))
        elif name in found:
            faults.append(Fault(where, repr(header), f"one column for {name}"))
        elif unit is not None and unit not in units:
            known = ", ".join(units) or "no unit"
            faults.append(Fault(where, repr(header), f"{known} in the heading of {name}"))
        elif name in wanted.stated and unit is None:
            faults.append(Fault(where, repr(header), f"a unit in the header, such as {name}_s"))
        else:
            found[name] = (i, units[unit] if unit else 1.0)
    if missing := [*_missing(found, wanted, file)]:
        raise FileError([*faults, *missing])
    return found, faults


def _missing(found: Collection[str], wanted: Headings, file: str) -> Iterator[Fault]:
    """Yield the columns without which the others say nothing."""
    for name in wanted.needed:
        if name not in found:
            expected = f"the columns {' and '.join(wanted.needed)}"
            yield Fault(f"{file}, row 1", f"no column {name}", expected)
    for pair in wanted.pairs:
        for one, other in (pair, pair[::-1]):
            if one in found and other not in found:
                yield Fault(f"{file}, row 1", f"{one} without {other}", "both, or neither")
