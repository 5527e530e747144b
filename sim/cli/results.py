"""The commands about studies that have run."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.commands import DEFAULT

if TYPE_CHECKING:
    from sim.study.catalogue import Catalogue, Entry
    from sim.study.swept import SweepResults

results = typer.Typer(no_args_is_help=True, help="List, show, query, export, remove studies that have run.")

Root = Annotated[Path, typer.Option("--results", help="The folder that results are below.")]
Chosen = Annotated[
    list[str] | None, typer.Argument(help="Studies or sweeps, by name, hash or folder; all without any.")
]
One = Annotated[
    str, typer.Argument(help="A study: its name (the latest), the start of its hash, or its folder.")
]


def _catalogue(root: Path) -> "Catalogue":
    from sim.study.catalogue import Catalogue

    return Catalogue(root)


def _chosen(root: Path, names: list[str] | None) -> "list[Entry]":
    catalogue = _catalogue(root)
    if not names:
        return catalogue.entries
    found = [entry for name in names for entry in catalogue.all_of(name)]
    return list({entry.path: entry for entry in found}.values())


def sweep_below(root: Path, name: str) -> "SweepResults":
    """Return the sweep that a name means. Raises SelectionError for none."""
    from sim.study.costs import SelectionError

    found = _catalogue(root).sweep(name)
    if found is None:
        raise SelectionError(f"no sweep {name!r} below {root}; see: tocsin results list")
    return found


@results.command("list")
def list_(root: Root = DEFAULT) -> None:
    """List all sweeps, and all studies, the latest first."""
    from sim.report.catalogue import listing

    catalogue = _catalogue(root)
    listing(catalogue.entries, catalogue.sweeps)


@results.command()
def columns(
    table: Annotated[str, typer.Argument(help="A table, such as incidents; all of them without it.")] = "",
) -> None:
    """Say what the tables of a study are, and what their columns mean."""
    from sim.report.dictionary import say_columns

    say_columns(table)


@results.command()
def show(study: One, root: Root = DEFAULT) -> None:
    """Print the answer of a study, judged anew, or of a sweep; of one that runs, by what is there."""
    from sim.report.sweep import say_sweep
    from sim.report.text import say
    from sim.study.results import load
    from sim.study.swept import SweepResults

    meant = _catalogue(root).meant(study)
    if isinstance(meant, SweepResults):
        say_sweep(meant)
        return
    found = load(meant.path)
    if found.outcomes:
        say(found)
    else:
        print(f"{found.path}: no replication has finished")


@results.command()
def query(
    sql: Annotated[
        str, typer.Argument(help="DuckDB's SQL over incidents, responses, unmet, calls, moves, studies.")
    ],
    studies: Chosen = None,
    root: Root = DEFAULT,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Query the tables of some studies, or of all, with SQL."""
    from sim.report.catalogue import print_rows
    from sim.study.catalogue import ask

    print_rows(ask(sql, _chosen(root, studies)), as_csv=as_csv)


@results.command()
def export(
    study: One,
    to: Annotated[Path, typer.Option("--csv", help="The folder that the CSV files go to.")],
    root: Root = DEFAULT,
) -> None:
    """Write the tables of a study as CSV files."""
    from sim.study.catalogue import export as write

    for file in write(_catalogue(root).find(study), to):
        print(file)


@results.command()
def clean(
    studies: Chosen = None,
    root: Root = DEFAULT,
    stale: Annotated[bool, typer.Option(help="Only those that another version of the code made.")] = False,
    unfinished: Annotated[bool, typer.Option(help="Only those that are not complete.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove studies for good: those named, or with --stale or --unfinished all such."""
    if not (studies or stale or unfinished):
        raise typer.BadParameter("name the studies, or say --stale or --unfinished; nothing was removed")
    found = [
        entry
        for entry in _chosen(root, studies)
        if (entry.stale or not stale) and (entry.state != "complete" or not unfinished)
    ]
    for entry in found:
        print(entry.path)
    if not found:
        print("nothing to remove")
    elif yes or (sys.stdin.isatty() and typer.confirm(f"Remove {len(found)} of them for good?")):
        _catalogue(root).clean(found)
    else:
        print("nothing was removed; say --yes to remove these")
