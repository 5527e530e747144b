"""The command about uncertain inputs, and the options that sweep over them."""

import json
from collections.abc import Sequence
from enum import StrEnum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.commands import DEFAULT, AsJson, app
from sim.cli.results import Root, sweep_below

if TYPE_CHECKING:
    from sim.study.sensitivity import Sensitivity
    from sim.study.swept import SweepResults


class Kind(StrEnum):
    """The kinds of designs, as DesignConfig has them: that takes too long to import for ``--help``."""

    latin_hypercube = auto()
    sobol = auto()
    morris = auto()
    saltelli = auto()


Uncertain = Annotated[
    Kind | None,
    typer.Option(
        help="Sweep over all numbers that are said to be uncertain: latin_hypercube or sobol (their spread), "
        "morris (which count), saltelli (Sobol indices)."
    ),
]
Points = Annotated[int | None, typer.Option(min=1, help="With --uncertain: the points spread evenly (16).")]

POINTS = 16
"""As many points are spread evenly, where nothing else is asked for."""


def design_override(kind: Kind | None, points: int | None, overrides: Sequence[str]) -> list[str]:
    """Return the override that the options are short for.

    Raises BadParameter for an option that stands alone, or beside an override that says the same.
    """
    if kind is None:
        if points is not None:
            raise typer.BadParameter("--points goes with --uncertain")
        return []
    if any(text.lstrip("+").startswith("design=") for text in overrides):
        raise typer.BadParameter("--uncertain goes with no design= of your own, which says the same and more")
    return [f"design={{kind: '{kind}', points: {POINTS if points is None else points}}}"]


def inputs_of(found: "SweepResults", measures: list[str]) -> "Sensitivity":
    """Return what inputs do to the measures of a sweep, with a bar while its studies are read."""
    from sim.report.progress import bar
    from sim.study.sensitivity import sensitivity

    with bar("reading", lambda: len(found.points)) as progress:
        return sensitivity(found, measures, progress=progress)


def _draw(found: "Sensitivity", file: Path) -> None:
    """Write the figure of inputs. Raises SelectionError where there is none, or by its name no figure."""
    from sim.report.plot_inputs import plot_sensitivity
    from sim.study.costs import SelectionError

    figure = plot_sensitivity(found)
    if figure is None:
        raise SelectionError(f"a design of {found.design.kind} tells nothing of single inputs to draw")
    try:
        figure.savefig(file, dpi=150)
    except ValueError as error:
        raise SelectionError(f"--plot {file}: {error}") from None


@app.command()
def sensitivity(
    sweep: Annotated[str, typer.Argument(help="A sweep over a design: its folder, or its hash's start.")],
    of: Annotated[list[str] | None, typer.Option(help="Only of this: a target, mean_s or p90_s.")] = None,
    as_json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw what each input does, to a PNG, SVG or PDF.")
    ] = None,
    root: Root = DEFAULT,
) -> None:
    """Say what uncertain inputs do to each target, apart from chance, and which of them do it."""
    from sim.report.sensitivity import say_sensitivity, summary

    found = inputs_of(sweep_below(root, sweep), of or [])
    if plot is not None:
        _draw(found, plot)
    if as_json:
        print(json.dumps(summary(found), ensure_ascii=False), flush=True)
    else:
        say_sensitivity(found)
