"""The modes of an origin-destination matrix, and the tables that they are read from."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.model.distributions import FloatArray
from sim.model.files import found_among
from sim.model.hints import did_you_mean
from sim.sheets import Fault, FileError
from sim.travel.od_files import Table, read_table

MatrixFile = Annotated[Path, found_among(".csv", ".parquet", ".npz")]


class MatrixMode(BaseModel):
    """The times of one mode: those of a ``file``, or those ``of`` another mode times ``factor``.

    ``column`` is what the file calls them, by default as the mode is called; ``unit`` the unit of its times
    where no heading says it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    file: MatrixFile | None = None
    column: str | None = None
    unit: Literal["s", "min", "h"] | None = None
    of: str | None = None
    factor: Annotated[float, Field(strict=True, gt=0, le=100)] = 1.0

    @model_validator(mode="after")
    def _one_way(self) -> "MatrixMode":
        if (self.file is None) == (self.of is None):
            raise ValueError("expected either file, or of with a factor")
        if self.of is not None and (self.column or self.unit):
            raise ValueError("expected column and unit only with file")
        return self


class Times(NamedTuple):
    """What the n nodes are called, and by mode a table of seconds (n, n) and what to multiply it with."""

    labels: tuple[str, ...]
    by_mode: dict[str, tuple[FloatArray, float]]


def read_times(modes: Mapping[str, MatrixMode]) -> Times:
    """Return the times of all modes, in the order of the first table. Raises FileError with all faults."""
    tables = _tables(modes)
    labels = next(iter(tables.values())).labels
    seconds = _in_order(tables, labels)

    def follow(name: str) -> tuple[FloatArray, float]:
        mode = modes[name]
        if mode.of is None:
            return seconds[name], mode.factor
        table, factor = follow(mode.of)
        return table, factor * mode.factor

    return Times(labels, {name: follow(name) for name in modes})


def _tables(modes: Mapping[str, MatrixMode]) -> dict[str, Table]:
    """Return the tables of the modes that have a file."""
    found: dict[str, Table] = {}
    faults: list[Fault] = []
    for name, mode in modes.items():
        if mode.file is not None:
            try:
                found[name] = read_table(mode.file, mode.column or name, mode.unit)
            except FileError as error:
                faults += error.faults
    if faults:
        raise FileError(faults)
    return found


def _in_order(tables: Mapping[str, Table], labels: tuple[str, ...]) -> dict[str, FloatArray]:
    """Return the seconds of each table in the order of ``labels``; these must be its own."""
    found: dict[str, FloatArray] = {}
    faults: list[Fault] = []
    for name, table in tables.items():
        own = {label: i for i, label in enumerate(table.labels)}
        if differ := sorted(own.keys() ^ set(labels)):
            expected = f"the labels of {next(iter(tables))}"
            faults.append(Fault("", f"{', '.join(differ[:5])} in one of them", expected, ("modes", name)))
        elif table.labels == labels:
            found[name] = table.seconds
        else:
            order = [own[label] for label in labels]
            found[name] = table.seconds[np.ix_(order, order)]
    if faults:
        raise FileError(faults)
    return found


def unknown_modes(modes: Mapping[str, MatrixMode]) -> Iterator[Fault]:
    """Yield the modes that are of one that there is not, or of themselves in the end."""
    for name, mode in modes.items():
        seen, of = [name], mode.of
        while of is not None and of in modes and of not in seen:
            seen.append(of)
            of = modes[of].of
        if mode.of is not None and mode.of not in modes:
            expected = f"another mode{did_you_mean(mode.of, modes)}"
            yield Fault("", repr(mode.of), expected, ("modes", name, "of"))
        elif of in seen:
            found = " of ".join([*seen, str(of)])
            yield Fault("", found, "a mode with a file in the end", ("modes", name, "of"))
