"""Studies that have run, in a table; and the rows of a query."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from sim.report.printing import aligned, show
from sim.study.catalogue import Entry

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.swept import SweepResults

WIDTH = 160
"""Characters a line, where nobody reads along."""


def listing(entries: Sequence[Entry], sweeps: "Mapping[str, SweepResults]") -> None:
    """Print a row a sweep, and a row a study: when it was written, how far it is, and its verdicts."""
    if not entries:
        print("no studies here yet; try: tocsin run")
        return
    if sweeps:
        show(_of_sweeps(sweeps), WIDTH)
        print()
    print("\n".join(aligned(_of_studies(entries), right={3})))


def _of_sweeps(sweeps: "Mapping[str, SweepResults]") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("sweep", "points", "title", "over"):
        table.add_column(heading, justify="right" if heading == "points" else "left")
    for name, found in sweeps.items():
        done = sum(point.state == "complete" for point in found.points)
        over = ", ".join(f"{key} ({len(values)})" for key, values in found.axes.items())
        table.add_row(name, f"{done} of {len(found.points)}", found.title, over)
    return table


def _of_studies(entries: Sequence[Entry]) -> Iterator[tuple[str, ...]]:
    yield "study", "written (UTC)", "state", "replications", "targets"
    for entry in entries:
        when = str(entry.manifest.get("written", ""))[:16].replace("T", " ")
        state = entry.state + (", other code" if entry.stale else "")
        counts = f"{entry.finished} of {entry.replications}"
        yield entry.path.name, when, state, counts, _verdicts(entry.manifest.get("verdicts", {}))


def print_rows(frame: "pd.DataFrame", *, as_csv: bool) -> None:
    """Print the rows that a query gave: as a table, or as CSV."""
    if as_csv:
        frame.to_csv(sys.stdout, index=False)
        return
    numbers = {i for i, kind in enumerate(frame.dtypes) if kind.kind in "iuf"}
    rows = (tuple(map(_cell, row)) for row in frame.itertuples(index=False))
    print("\n".join(aligned([tuple(map(str, frame)), *rows], numbers)))


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:,.6g}"
    return str(value)


def _verdicts(by_target: dict[str, str]) -> str:
    counts = {word: list(by_target.values()).count(word) for word in ("met", "missed", "undecided")}
    return ", ".join(f"{n} {word}" for word, n in counts.items() if n)
