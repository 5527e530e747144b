"""The differences of two studies, in a table."""

from math import isinf, isnan

from rich.console import Group, RenderableType
from rich.text import Text

from sim.model.units import duration
from sim.report.cells import level_of, table_of
from sim.report.printing import show
from sim.study.comparing import Compared, Comparison

WIDTH = 160
"""Characters a line, where nobody reads along."""


def say_comparison(found: Comparison) -> None:
    """Print the differences on stdout."""
    show(_answer(found), WIDTH)


def _answer(found: Comparison) -> RenderableType:
    head = Text.assemble(
        (f"A {found.a.path.name}, B {found.b.path.name}", "bold"),
        f"\n{found.replications:,} pairs of replications that met the same days, seed {found.a.study.seed}",
    )
    for note in found.notes:
        head.append(f"\nnote: {note}", "yellow")
    shares = [row for row in found.rows if row.unit == "share"]
    times = [row for row in found.rows if row.unit == "s"]
    parts: list[RenderableType] = [head]
    parts += [Text(), _table("Share of target", shares, found)] if shares else []
    parts += [Text(), _table("Report until first unit on scene", times, found)] if times else []
    told = "Paired: the part of the variance of B - A that the same days took away. In bold: certain."
    return Group(*parts, Text(told, "dim"))


def _table(heading: str, rows: list[Compared], found: Comparison) -> RenderableType:
    table = table_of(heading, "A", "B", "B - A", f"{found.confidence_level:.0%} interval", "Paired")
    for row in rows:
        a, b, difference, lower, upper, removed = row.found
        level = level_of(row.unit)
        bounds = f"{_signed(lower, row.unit)} to {_signed(upper, row.unit)}"
        bounds = "-" if isinf(lower) else "none seen" if lower == upper == 0 else bounds
        cells = [level(a), level(b), _signed(difference, row.unit), bounds, _removed(removed)]
        table.add_row(Text(row.title), *cells, style="bold" if row.certain else "")
    return table


def _signed(value: float, unit: str) -> str:
    """Return a difference with its sign: in points of a percentage, or as a duration."""
    if unit == "share":
        return f"{100 * value:+.2f} points"
    return f"{'-' if value < 0 else '+'}{duration(abs(value))}"


def _removed(share: float) -> str:
    return "-" if isnan(share) else f"{share:.0%}"
