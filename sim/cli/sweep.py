"""The command about many studies."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.backends import Make, runs_tasks
from sim.cli.commands import DEFAULT, FAILED, AsJson, Below, ConfigDir, app
from sim.cli.sensitivity import Points, Uncertain, design_override
from sim.cli.until import Most, Precision, UntilDecided, until_override

if TYPE_CHECKING:
    from sim.study.swept import SweepResults

Swept = Annotated[
    list[str] | None,
    typer.Argument(
        help="Hydra overrides, some with several values, such as place=zhoucun,shanting seed=range(3), or "
        "experiment=engines_grid"
    ),
]


@app.command()
@runs_tasks
def sweep(
    overrides: Swept = None,
    config_dir: ConfigDir = None,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a row for each point and target.")] = False,
    results: Below = DEFAULT,
    until_decided: UntilDecided = False,
    precision: Precision = None,
    most: Most = None,
    uncertain: Uncertain = None,
    points: Points = None,
    *,
    backend: Make,
) -> None:
    """Run a study for every combination of values, and say which targets each meets."""
    from sim.report.sweep import frame, say_sweep, summary

    if as_json and as_csv:
        raise typer.BadParameter("expected --json or --csv, not both")
    asked = overrides or []
    rule = [*until_override(until_decided, precision, most), *design_override(uncertain, points, asked)]
    found = _run([*asked, *rule], config_dir, results, backend, alone=bool(uncertain))
    if as_json:
        print(json.dumps(summary(found), ensure_ascii=False), flush=True)
    elif as_csv:
        frame(found).to_csv(sys.stdout, index=False)
    elif uncertain or (found.design and found.design.kind in ("morris", "saltelli")):
        _say_inputs(found)
    else:
        say_sweep(found)
    if found.failed:
        print(f"tocsin: {found.failed} failed; the same command tries them again", file=sys.stderr)
        raise typer.Exit(FAILED)


def _say_inputs(found: "SweepResults") -> None:
    """Print what the inputs of a design do; where that cannot be told, the points, and why."""
    from sim.cli.sensitivity import inputs_of
    from sim.report.sensitivity import say_sensitivity
    from sim.report.sweep import say_sweep
    from sim.study.costs import SelectionError

    try:
        say_sensitivity(inputs_of(found, []))
    except SelectionError as error:
        say_sweep(found)
        print(f"tocsin: {error}", file=sys.stderr)


def _run(
    overrides: list[str], config_dir: Path | None, results: Path, backend: Make, *, alone: bool
) -> "SweepResults":
    from sim.compose import points
    from sim.report.progress import bar
    from sim.study.sweeps import run_sweep, total_of

    chosen = points(*overrides, config_dir=config_dir)
    if alone and chosen.design is None:
        raise typer.BadParameter(
            f"--uncertain goes with no other sweep; this is one over {', '.join(chosen.axes)}"
        )
    doing = backend(chosen.prepare(chosen.points[0]).workers)
    with bar(chosen.title or f"{len(chosen.points)} points", lambda: total_of(chosen)) as progress:
        return run_sweep(chosen, results=results, progress=progress, backend=doing)
