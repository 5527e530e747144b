"""Origin-destination tables as files: square or long CSV, Parquet, NPZ."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from math import inf, isnan, nan
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean
from sim.model.units import HOUR_S, MINUTE_S
from sim.sheets import Fault, FileError, UnreadableError, canonical, form_of, read_rows

UNITS = {"s": 1.0, "min": MINUTE_S, "h": HOUR_S}
"""The units that a table's times may be in, and their sizes in seconds."""

MOST = 1000
"""Faults of one sort that are looked at; a file may have millions."""

MUCH = 100
"""How many times as large as its file a table that lacks pairs may be, to be looked at for other faults."""


Ints = NDArray[np.integer[Any]]


class Table(NamedTuple):
    """Labels (n,), and seconds from each to each, shape (n, n); inf for what cannot be reached."""

    labels: tuple[str, ...]
    seconds: FloatArray


def read_table(file: FilePath, column: str, unit: str | None) -> Table:
    """Return the table of one mode of travel, which a long file has in ``column``, an NPZ in that array.

    ``unit`` is that of the times where no heading says it. Raises FileError with what is wrong.
    """
    faults: list[Fault] = []
    try:
        if file.suffix == ".npz":
            labels, times = _npz(file, column)
        elif file.suffix == ".parquet":
            labels, times, unit = _parquet(file, column, unit, faults)
        else:
            labels, times, unit = _csv(file, column, unit, faults)
    except UnreadableError as error:
        where = file.name if error.row is None else f"{file.name}, row {error.row}"
        raise FileError([Fault(where, error.found, error.expected)]) from None
    if unit is None:
        faults.append(Fault(file.name, "times without a unit", f"unit: {' or '.join(UNITS)}"))
    faults += _values(file.name, labels, times)
    if faults:
        raise FileError(faults)
    return Table(labels, times * UNITS[unit or "s"])


def _values(file: str, labels: Sequence[str], times: FloatArray) -> Iterator[Fault]:
    """Yield what is wrong with times, whatever file they are from; NaN is told where it was read."""
    for i, j in np.argwhere(times < 0)[:MOST].tolist():
        yield Fault(f"{file}, {labels[i]} to {labels[j]}", f"{times[i, j]:g}", "a time of at least 0")
    for i in np.flatnonzero(np.diagonal(times) > 0).tolist():
        found = f"{times[i, i]:g}"
        yield Fault(f"{file}, {labels[i]} to {labels[i]}", found, "0, from a place to itself")


def _npz(file: FilePath, column: str) -> tuple[tuple[str, ...], FloatArray]:
    """Read arrays by mode and their ``names``."""
    try:
        with np.load(file, allow_pickle=False) as arrays:
            wanted = {"names": "the labels", column: "seconds from each name to each"}
            missing = [name for name in wanted if name not in arrays]
            if missing:
                hint = did_you_mean(missing[0], arrays)
                where = [Fault(file.name, f"no array {name}", f"{wanted[name]}{hint}") for name in missing]
                raise FileError(where)
            names, times = arrays["names"], arrays[column]
    except FileError:
        raise
    except Exception as error:
        raise FileError([Fault(file.name, " ".join(str(error).split()), "an NPZ file")]) from None
    labels = tuple(map(str, names.ravel().tolist()))
    n = len(labels)
    if times.shape != (n, n) or times.dtype.kind not in "iuf":
        found = f"{column} of shape {times.shape} and type {times.dtype}"
        raise FileError([Fault(file.name, found, f"numbers of shape ({n}, {n}), as there are {n} names")])
    times = times.astype(float)
    faults = [*_twice(file.name, labels, "array names")]
    for i, j in np.argwhere(np.isnan(times))[:MOST].tolist():
        faults.append(Fault(f"{file.name}, {labels[i]} to {labels[j]}", "NaN", "a time, or inf"))
    if faults:
        raise FileError(faults)
    return labels, times


def _csv(
    file: FilePath, column: str, unit: str | None, faults: list[Fault]
) -> tuple[tuple[str, ...], FloatArray, str | None]:
    """Read a square or a long table, by its header."""
    import pandas as pd

    rows = read_rows(file)
    number, header = next(rows, (0, []))
    if [canonical(cell, ("from", "to"))[0] for cell in header[:2]] == ["from", "to"]:
        at, told = _column(file.name, header, column)
        pairs = [(row, cells) for row, cells in rows]
        cells = [[each[i] if i < len(each) else "" for _, each in pairs] for i in (0, 1, at)]
        times = [_number(cell) for cell in cells[2]]
        where = _rows_of(file.name, header[at], [row for row, _ in pairs])
        pair = [(codes, list(names)) for codes, names in map(pd.factorize, np.array(cells[:2], object))]
        return *_long(file.name, pair, times, cells[2], where, faults), told or unit
    labels = tuple(header[1:])
    quick = _quickly(file, labels)
    if quick is not None:
        return labels, quick, unit
    faults += _twice(file.name, labels, f"row {number}")
    return labels, _square(file.name, labels, list(rows), faults), unit


def _quickly(file: FilePath, labels: Sequence[str]) -> FloatArray | None:
    """Return the numbers of a large square table in which nothing is missing or wrong; else None."""
    n, form = len(labels), form_of(file)
    if n < 500 or len(set(labels)) < n:
        return None
    found = np.empty((n, n))
    with file.open(encoding=form.encoding, newline="") as lines, warnings.catch_warnings():
        warnings.simplefilter("error")  # NumPy warns of text that is no number
        for i, line in enumerate(islice(lines, 1, None)):
            label, _, rest = line.partition(form.delimiter)
            if i >= n or label.strip() != labels[i]:
                return None
            try:
                times = np.fromstring(rest, sep=form.delimiter)
            except (ValueError, DeprecationWarning):
                return None
            if len(times) != n:  # NumPy would repeat a single one
                return None
            found[i] = times
    return None if i != n - 1 or np.isnan(found).any() else found


def _square(
    file: str, labels: Sequence[str], rows: Sequence[tuple[int, list[str]]], faults: list[Fault]
) -> FloatArray:
    """Return the times of a square table, telling what is wrong with it."""
    n, own = len(labels), tuple(cells[0] for _, cells in rows)
    faults += _twice(file, own, "the first column")
    if set(own) != set(labels):
        for one, other, names in (
            ("row", "column", set(labels) - set(own)),
            ("column", "row", set(own) - set(labels)),
        ):
            faults += [
                Fault(file, f"no {one} {name!r}", f"one, as there is a {other}") for name in sorted(names)
            ]
        return np.zeros((0, 0))
    place = {label: i for i, label in enumerate(labels)}
    times = np.full((n, n), inf)
    np.fill_diagonal(times, 0)
    for row, cells in rows:
        if len(cells) != n + 1:
            faults.append(Fault(f"{file}, row {row}", f"{len(cells) - 1} times", f"{n}, one a column"))
            continue
        values = [_number(cell) for cell in cells[1:]]
        for j in (j for j, value in enumerate(values) if isnan(value)):
            faults.append(Fault(f"{file}, row {row}, column {labels[j]}", repr(cells[j + 1]), _TIME))
        times[place[cells[0]]] = [0.0 if isnan(value) else value for value in values]
    return times


_TIME = "a time, or inf or nothing for what cannot be reached"


def _number(cell: str) -> float:
    """Return a cell's number, inf for an empty one, NaN for what is none."""
    try:
        return float(cell) if cell else inf
    except ValueError:
        return nan


def _parquet(
    file: FilePath, column: str, unit: str | None, faults: list[Fault]
) -> tuple[tuple[str, ...], FloatArray, str | None]:
    """Read a long table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file)
    except (OSError, pa.ArrowException) as error:
        raise FileError([Fault(file.name, " ".join(str(error).split()), "a Parquet file")]) from None
    header = table.column_names
    ends = {canonical(name, ("from", "to"))[0]: i for i, name in enumerate(header)}
    if missing := [name for name in ("from", "to") if name not in ends]:
        raise FileError([Fault(file.name, f"no column {name}", "columns from, to") for name in missing])
    at, told = _column(file.name, header, column)
    values = table.column(at)
    if not (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
        raise FileError([Fault(f"{file.name}, column {header[at]}", str(values.type), "numbers")])
    times = values.cast(pa.float64()).fill_null(inf).to_numpy()
    pair = [_encoded(table.column(ends[name]).cast(pa.string())) for name in ("from", "to")]
    where = _rows_of(file.name, header[at], range(2, len(times) + 2))
    return *_long(file.name, pair, times, times, where, faults), told or unit


def _column(file: str, header: Sequence[str], column: str) -> tuple[int, str | None]:
    """Return which column of a long table has the times of a mode, and the unit that its heading says."""
    found = [canonical(cell, (column,)) for cell in header]
    at = next((i for i, (name, _) in enumerate(found) if name == column), None)
    if at is None:
        known = [name for name, _ in found if name not in ("from", "to")]
        raise FileError([Fault(file, f"no column {column}", f"one of its own{did_you_mean(column, known)}")])
    unit = found[at][1]
    if unit is not None and unit not in UNITS:
        raise FileError([Fault(f"{file}, column {header[at]}", repr(unit), f"one of {', '.join(UNITS)}")])
    return at, unit


def _rows_of(file: str, heading: str, rows: Sequence[int]) -> Callable[[int], str]:
    """Return what says where the i-th time of a long table is."""
    return lambda i: f"{file}, row {rows[i]}, column {heading}"


def _encoded(column: Any) -> tuple[Ints, Sequence[str]]:
    """Return a column of an Arrow table as codes and the words that they stand for."""
    words = column.fill_null("").combine_chunks().dictionary_encode()
    return words.indices.to_numpy(), words.dictionary.to_pylist()


def _long(
    file: str,
    pair: Sequence[tuple[Ints, Sequence[str]]],
    times: Any,
    written: Sequence[Any],
    where: Callable[[int], str],
    faults: list[Fault],
) -> tuple[tuple[str, ...], FloatArray]:
    """Return the labels and times of a long table, telling what is wrong with it.

    ``pair`` holds codes and the words that they stand for, of origins and of destinations.
    """
    labels = tuple(dict.fromkeys(str(word) for _, words in pair for word in words))
    place = {label: i for i, label in enumerate(labels)}
    start, end = (np.array([place[str(word)] for word in words], np.int64)[codes] for codes, words in pair)
    n, seconds = len(labels), np.asarray(times, float)
    for i in np.flatnonzero(np.isnan(seconds))[:MOST].tolist():
        faults.append(Fault(where(i), repr(written[i]), _TIME))
    if "" in labels:
        faults.append(Fault(file, "a row without from or to", "both"))
    at = start * n + end
    pairs, firsts = np.unique(at, return_index=True)
    again = np.ones(len(at), np.bool_)
    again[firsts] = False
    for i in np.flatnonzero(again)[:MOST].tolist():
        faults.append(Fault(where(i), f"{labels[start[i]]} to {labels[end[i]]} again", "each pair once"))
    if missing := list(islice(_missing(pairs, n), MOST)):
        told = (f"no row from {labels[i]} to {labels[j]}" for i, j in missing)
        faults += [Fault(file, found, "one for each pair") for found in told]
        if n * n > MUCH * len(at) + MUCH**2:
            return labels, np.zeros((0, 0))
    table = np.zeros((n, n))
    table.flat[at] = np.nan_to_num(seconds, nan=0.0, posinf=inf)
    return labels, table


def _missing(pairs: Ints, n: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs of two among n that are not in a sorted array of them, each one first * n + second.

    Row by row: a table of all pairs may be far larger than a file that lacks most of them.
    """
    bounds = np.searchsorted(pairs, np.arange(n + 1) * n)
    own = np.bincount(pairs[pairs // n == pairs % n] // n, minlength=n)
    for i in np.flatnonzero(np.diff(bounds) + 1 - own < n).tolist():
        there = np.zeros(n, np.bool_)
        there[pairs[bounds[i] : bounds[i + 1]] - i * n] = there[i] = True
        yield from ((i, j) for j in np.flatnonzero(~there).tolist())


def _twice(file: str, labels: Sequence[str], where: str) -> Iterator[Fault]:
    """Yield the labels that there are more than one of, or that say nothing."""
    seen: set[str] = set()
    for label in labels:
        if not label or label in seen:
            yield Fault(f"{file}, {where}", repr(label), "labels that are all different")
        seen.add(label)
