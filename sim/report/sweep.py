"""The answer of a sweep: a row a point, with the share of each target and its verdict."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.measure.targets import NOT_MODELLED
from sim.report.cells import COLOURS, counted
from sim.report.printing import show
from sim.study.swept import PointAnswer, SweepResults

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 200
"""Characters a line, where nobody reads along: points may have many targets."""


def say_sweep(found: SweepResults) -> None:
    """Print the answer on stdout."""
    show(_answer(found), WIDTH)


def frame(found: SweepResults) -> "pd.DataFrame":
    """Return a row for each point and target: the labels, the share with its interval, and the verdict."""
    import pandas as pd

    rows = [
        {**point.labels, **target, "study": point.study, "replications": point.finished}
        for point in found.points
        for target in point.targets
        if target["verdict"] != NOT_MODELLED
    ]
    return pd.DataFrame(rows).rename(columns={"name": "target"})


def summary(found: SweepResults) -> dict[str, Any]:
    """Return what ``sweep --json`` prints."""
    return {
        "results": str(found.path),
        "title": found.title,
        "axes": found.axes,
        "design": asdict(found.design) if found.design else None,
        "points": [vars(point) for point in found.points],
    }


def _answer(found: SweepResults) -> RenderableType:
    head = f"{found.title or 'Sweep'}: {counted(len(found.points), 'point')}"
    head += f", {counted(found.finished, 'replication')}"
    names = list(dict.fromkeys(target["name"] for target in _counted(found.points)))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in found.axes:
        table.add_column(_short(name, found.axes))
    for name in names:
        table.add_column(name, justify="right")
    for point in found.points:
        by_name = {target["name"]: target for target in point.targets}
        labels = [str(point.labels.get(name, "")) for name in found.axes]
        none = Text("-" if point.targets else point.state, "dim")
        cells = [_cell(by_name[name]) if name in by_name else none for name in names]
        table.add_row(*labels, *cells)
    told = "The share of each target, its verdict by the interval at the target's confidence. Results: "
    wrong = [Text(f"{_named(point)}: {point.error}", "red") for point in found.points if point.error]
    return Group(Text(head, "bold"), Text(), table, *wrong, Text(), Text(f"{told}{found.path}", "dim"))


def _counted(points: Sequence[PointAnswer]) -> list[dict[str, Any]]:
    """Return the targets of all points that anything was counted for."""
    return [t for point in points for t in point.targets if t["verdict"] != NOT_MODELLED and t["n"]]


def _cell(target: dict[str, Any]) -> Text:
    verdict = str(target["verdict"])
    share = target["share"]
    told = "nothing counted" if share is None else f"{share:.1%} {verdict}"
    return Text(told, COLOURS.get(verdict, ""))


def _short(name: str, axes: dict[str, list[Any]]) -> str:
    """Return the last part of a key, or all of it where two end alike."""
    last = name.rpartition(".")[2]
    return last if [other.rpartition(".")[2] for other in axes].count(last) == 1 else name


def _named(point: PointAnswer) -> str:
    return ", ".join(f"{name}={value}" for name, value in point.labels.items()) or "the only point"
