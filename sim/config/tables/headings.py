"""The header of one table: what each of its columns means, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.config.tables import cells
from sim.config.tables.specs import Column, Table
from sim.model.hints import did_you_mean_column
from sim.sheets.files import is_error
from sim.sheets.words import canonical


class Fault(NamedTuple):
    """What was found and expected in a column; ``column`` says which, or is empty for none."""

    found: str
    expected: str
    column: str = ""


@dataclass(frozen=True)
class Heading:
    """A column of a file: what it means, its heading as written, and the unit that says or None."""

    column: Column
    written: str
    unit: str | None

    def read(self, cell: str) -> Any:
        """Return what a cell means. Raises ValueError with what was expected."""
        if is_error(cell):
            raise ValueError("expected a value, not a formula's error")
        return cells.measured(cell, self.unit) if self.unit else self.column.read(cell)

    def fault(self, found: str, expected: str) -> Fault:
        """Return a fault of this column."""
        return Fault(found, expected, self.written)


Headings = dict[int, Heading | None]
"""By the column's index; None where the heading is wrong and its cells are passed over."""


def headings_of(table: Table, header: Sequence[str], noun: str = "column") -> tuple[Headings, list[Fault]]:
    """Return what the columns of a header mean, and what is wrong with them; ``noun`` is what they are."""
    headings, faults = Headings(), list[Fault]()
    first: dict[str, str] = {}
    for i, cell in enumerate(header):
        if not cell:
            continue
        written = " ".join(cell.split())
        name, unit = canonical(written, table.columns)
        wrong = _wrong(name, unit, table, first.get(name), noun)
        if wrong:
            faults.append(Fault(repr(written), wrong, written))
        first.setdefault(name, written)
        headings[i] = None if wrong else Heading(table.columns[name], written, unit)
    needed = (name for name, column in table.columns.items() if column.required and name not in first)
    faults += [Fault(f"no {noun} {name}", f"a {noun} {name}") for name in needed]
    return headings, faults


def _wrong(name: str, unit: str | None, table: Table, earlier: str | None, noun: str) -> str:
    """Return what was expected instead of a heading, "" when it is right."""
    if name not in table.columns:
        return f"a known {noun}{did_you_mean_column(name, table.columns)}"
    if earlier is not None:
        return f"each {noun} once; the {noun} {earlier} says the same"
    units = table.columns[name].units
    if unit is not None and unit not in units:
        return f"a heading with one of the units {', '.join(units)}" if units else "a heading without a unit"
    return ""
