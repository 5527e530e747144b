"""The data dictionary, for people."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.measure.dictionary import DICTIONARY, Described
from sim.model.hints import did_you_mean
from sim.report.printing import show
from sim.study.catalogue import QueryError


def say_columns(name: str) -> None:
    """Print what the columns of one table mean, or of all. Raises QueryError for a table that is none."""
    if name and name not in DICTIONARY:
        hint = did_you_mean(name, list(DICTIONARY))
        raise QueryError(f"no table {name!r}{hint}; expected one of {', '.join(DICTIONARY)}")
    chosen = {name: DICTIONARY[name]} if name else DICTIONARY
    parts = [part for each in chosen for part in (Text(), *_columns(each, DICTIONARY[each]))]
    show(Group(*parts[1:]))


def _columns(name: str, told: Described) -> list[RenderableType]:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column()
    for column, meaning in told.columns.items():
        table.add_row(f"  {column}", meaning)
    return [Text.assemble((name, "bold"), f": a row is {told.row} ({told.when})"), table]
