"""The best point of a sweep, or the cheapest that meets its targets, in a table."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report.cells import COLOURS, level_of
from sim.study.selecting import MORE, Best, Candidate, Cheapest
from sim.study.swept import PointAnswer


def best_point(found: Best) -> RenderableType:
    """Return what KN found, a row a point."""
    level = level_of(found.unit)
    table = _table(found.points[0].labels, found.measure, "", *(["next"] if found.more else []))
    for i, point in enumerate(found.points):
        gone = found.selection.left_out[i]
        fate = f"left out after {gone} replications" if gone else "may be the best"
        fate = "the best" if found.selection.best == i else fate
        more = [f"+{found.more[i]}"] if found.more else []
        table.add_row(*map(str, point.labels.values()), level(found.means[i]), fate, *more)
    sure = f"{1 - found.alpha:.0%}"
    if found.selection.best is not None:
        told = f"The best with a confidence of {sure}, or within {level(found.delta)} of it (KN)."
    else:
        told = (
            f"Not known yet after {found.selection.replications} replications: it takes "
            f"{found.selection.needed:,} at most (KN, {sure}, {level(found.delta)}). "
            f"The next {MORE} tell most if divided as in the last column (OCBA)."
        )
    return Group(table, Text(), Text(told))


def cheapest_point(found: Cheapest) -> RenderableType:
    """Return the points by cost, a row each."""
    table = _table(found.points[0].point.labels, "cost", "targets", "")
    for each in found.points:
        style = COLOURS[each.verdict]
        labels = map(str, each.point.labels.values())
        table.add_row(*labels, f"{each.cost:,.4g}", Text(each.verdict, style), ", ".join(each.by))
    chosen, cheaper = found.chosen, found.cheaper_undecided
    told = "No point is known to meet all targets."
    if chosen:
        told = f"The cheapest that meets {', '.join(found.targets)}: {_named(chosen)}."
    if cheaper:
        told += f" Undecided, and cheaper: {'; '.join(map(_named, cheaper))}: run more replications."
    sure = f"All verdicts together have a confidence of {1 - found.alpha:.0%} (Bonferroni)."
    return Group(table, Text(), Text(told), Text(sure, "dim"))


def _table(labels: dict[str, object], *more: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in labels:
        table.add_column(name.rpartition(".")[2])
    for name in more:
        table.add_column(name, justify="right" if name in ("cost", "next") else "left")
    return table


def _named(each: Candidate | PointAnswer) -> str:
    point = each.point if isinstance(each, Candidate) else each
    return ", ".join(f"{name}={value}" for name, value in point.labels.items()) or point.study
