"""A composed config for people: every value with how sure it is and where it comes from."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.config import split
from sim.config.provenance import basis

if TYPE_CHECKING:
    from sim.compose import Composed
    from sim.config.provenance import Sourced

LONGEST = 300
"""Characters of a value that are shown."""

_COLOURS = {"exact": "green", "approx": "cyan", "estimated": "yellow", "assumed": "red"}


def rows(composed: "Composed") -> list[tuple[str, str, str, str, str]]:
    """Return path, value, how it is known, confidence and source of every value."""
    sourced: Sourced = split(composed.mapping)
    found = []
    for path, value in sourced.leaves().items():
        said = sourced.of(path)
        source = "; ".join(filter(None, (said.source, said.note, _may_be(sourced.uncertain.get(path)))))
        if len(path) == 1 and (override := composed.override(path)):
            source = f"the override {override}"
        if path[0] == "closures":  # a scenario, whose rows say where they stand
            source = composed.tables.locate(path) or source
        found.append((".".join(path), _shown(value), basis(said), said.confidence or "", source))
    return found


def _may_be(said: Mapping[str, object] | None) -> str:
    """Return in words what else a number may be; nothing where that is not said."""
    return f"uncertain: {', '.join(f'{key} {value}' for key, value in said.items())}" if said else ""


def _shown(value: object) -> str:
    """Return a value as text, a long one such as a boundary by its beginning."""
    text = "null" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def listing(composed: "Composed") -> None:
    """Print the rows: as a table on a terminal, as tab-separated lines in a pipe."""
    console = Console()
    if not console.is_terminal:
        for row in rows(composed):
            print("\t".join(row))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("Key", "Value", "Known", "Confidence", "Source"):
        table.add_column(name, overflow="fold")
    above = ""
    for key, value, known, confidence, source in rows(composed):
        said = "as above" if source and source == above else source
        table.add_row(
            Text(key),
            Text(value),
            Text(known),
            Text(confidence, _COLOURS.get(confidence, "")),
            Text(said, "dim"),
        )
        above = source
    console.print(table)
