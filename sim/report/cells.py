"""Small tables and what stands in their cells."""

from collections.abc import Callable
from math import isnan

from rich.table import Table

from sim.model.units import duration

COLOURS = {"met": "green", "missed": "red", "undecided": "yellow"}
"""By verdict."""


def percent(share: float) -> str:
    """Return a share as a percentage, a dash for none; never rounded up to 100 % or down to 0 %."""
    if isnan(share):
        return "-"
    if share > 1 - 1e-9:  # what rounding leaves of a whole
        return "100.0 %"
    text = f"{share:.1%}"
    if (text == "100.0%" and share < 1) or (text == "0.0%" and share > 0):
        text = f"{share:.3%}"
    return text.replace("%", " %")


def level_of(unit: str) -> Callable[[float], str]:
    """Return how a measure in a unit, share or s, is told."""
    return percent if unit == "share" else duration


def counted(n: int, noun: str) -> str:
    """Return a number of things in words, such as ``1 unit`` or ``1,200 units``."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def interval(lower: float, upper: float) -> str:
    """Return two bounds as one short text."""
    return "-" if isnan(lower) else f"{percent(lower).removesuffix(' %')} - {percent(upper)}"


def permille(share: float) -> str:
    """Return a small share in thousandths, a dash for none."""
    return "-" if isnan(share) else f"{share * 1000:.3g} ‰"


def table_of(first: str, *numbers: str) -> Table:
    """Return an empty table with words in its first column and numbers in the others."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first, no_wrap=True)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table
