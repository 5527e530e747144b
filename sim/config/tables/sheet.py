"""One file of rows becomes the mapping of one section, and every value knows its row and column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from sim.config.problems import Problem, short, shown
from sim.config.provenance import Path
from sim.config.tables.headings import Fault, Heading, Headings, headings_of
from sim.config.tables.specs import PROVENANCE, Table
from sim.sheets.files import Row, UnreadableError, read_rows

_SAYS = {column.name for column in PROVENANCE}


@dataclass(frozen=True)
class Sheet:
    """A section's rows by name, where each path was written, and what is wrong; filled row by row.

    ``row`` and ``column`` are what the file's own are called.
    """

    path: Path
    table: Table
    file: str
    rows: dict[str, Any] = field(default_factory=dict)
    where: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    numbers: dict[Path, int] = field(default_factory=dict)
    row: str = "row"
    column: str = "column"

    def add(self, path: Path, found: str, expected: str, *spot: str) -> None:
        """Add a problem at a spot such as ``"row 5", "column people"``."""
        self.problems.append(Problem(path, found, expected, ", ".join((self.file, *spot))))

    def tell(self, path: Path, fault: Fault, number: int) -> None:
        """Add what is wrong in a row, or in the whole file where the number is 0."""
        spot = [f"{self.row} {number}"] if number else []
        spot += [f"{self.column} {fault.column}"] if fault.column else []
        self.add(path, fault.found, fault.expected, *spot)


def read_sheet(path: Path, table: Table, file: FilePath) -> Sheet:
    """Return what a file says for the section at ``path``; never raises.

    Rows with problems are left out, and all rows where the header has one.
    """
    sheet = Sheet(path, table, str(short(file)))
    try:
        fill(sheet, read_rows(file))
    except UnreadableError as error:
        sheet.tell(path, Fault(error.found, error.expected), error.row or 0)
    return sheet


def fill(sheet: Sheet, rows: Iterator[Row]) -> None:
    """Add rows, the header first; its number is 0 where it is no row of the file."""
    number, header = next(rows, (0, []))
    headings, faults = headings_of(sheet.table, header, sheet.column) if header else ({}, [])
    for fault in faults:
        sheet.tell(sheet.path, fault, number)
    for number, row in rows:
        _add_row(sheet, headings, number, row, wanted=not faults)
    if not sheet.numbers and not sheet.problems:
        found = "no rows" if header else "an empty file"
        sheet.add(sheet.path, found, "a header, and at least one row below it")


def _add_row(sheet: Sheet, headings: Headings, number: int, row: Sequence[str], wanted: bool) -> None:
    """Add what is wrong with a row; where nothing is and it is wanted, add it to the mapping."""
    before = len(sheet.problems)
    said = {
        heading.column.name: (heading, row[i] if i < len(row) else "")
        for i, heading in headings.items()
        if heading
    }
    values, faults = _values(said)
    keys = sheet.table.keys
    names = tuple(values[key] for key in keys if key in values)
    path = (*sheet.path, *names) if len(names) == len(keys) else sheet.path
    for column, fault in faults:
        below = path if column in keys or path == sheet.path else (*path, column)
        sheet.tell(below, fault, number)
    _check(sheet, headings, path, names, number, row)
    if wanted and len(sheet.problems) == before:
        _keep(
            sheet, names, values, {column: heading.written for column, (heading, _) in said.items()}, number
        )


def _check(
    sheet: Sheet, headings: Headings, path: Path, names: Path, number: int, row: Sequence[str]
) -> None:
    """Add a problem for each cell without a heading, and for a row with the names of an earlier one."""
    for i, cell in enumerate(row):
        if cell and i not in headings:
            expected = "no cell here, because the column has no heading"
            sheet.tell(path, Fault(repr(cell), expected, str(i + 1)), number)
    if path != sheet.path and (first := sheet.numbers.setdefault(path, number)) != number:
        found = f"{sheet.row}s {first} and {number} for {' and '.join(names)}"
        sheet.tell(path, Fault(found, f"one {sheet.row} for each"), number)


def _values(said: Mapping[str, tuple[Heading, str]]) -> tuple[dict[str, Any], list[tuple[str, Fault]]]:
    """Return the values of a row by column, and its faults, each with its column."""
    values: dict[str, Any] = {}
    faults: list[tuple[str, Fault]] = []
    for column, (heading, cell) in said.items():
        if not cell and heading.column.required:
            faults.append((column, heading.fault("nothing", "a value, which cannot be left out")))
        elif cell:
            try:
                values[column] = heading.read(cell)
            except ValueError as error:
                faults.append((column, heading.fault(shown(cell), str(error).removeprefix("expected "))))
    return values, faults


def _keep(
    sheet: Sheet, names: Path, values: Mapping[str, Any], written: Mapping[str, str], number: int
) -> None:
    """Add a sound row to the mapping, and where each part of it was written."""
    table, spot = sheet.table, f"{sheet.file}, {sheet.row} {number}"
    row = {column: value for column, value in values.items() if column not in table.keys}
    path = (*sheet.path, *names)
    for column in row:
        sheet.where[*path, column] = f"{spot}, {sheet.column} {written[column]}"
    sheet.where[path] = spot
    node: Any = row
    if table.value and row.keys() <= {table.value, *_SAYS}:
        sheet.where[path] = f"{spot}, columns {written[table.keys[-1]]} and {written[table.value]}"
        node = row.pop(table.value)
        node = {"value": node} | row if row else node
    rows = sheet.rows
    for above, key in zip(names[:-1], table.keys, strict=False):
        sheet.where.setdefault((*sheet.path, above), f"{spot}, {sheet.column} {written[key]}")
        rows = rows.setdefault(above, {})
    rows[names[-1]] = node
