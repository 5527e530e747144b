"""The command that picks a point of a sweep."""

import json
from typing import Annotated, Any

import typer

from sim.cli.commands import DEFAULT, AsJson, app
from sim.cli.results import Root, sweep_below


@app.command()
def select(
    sweep: Annotated[str, typer.Argument(help="A sweep: its folder, or the start of its hash.")],
    best: Annotated[str, typer.Option(help="The best by: a target's share, mean_s, or p90_s.")] = "",
    within: Annotated[str, typer.Option(help="With --best: what does not matter, as 1% or '5 s'.")] = "",
    cost: Annotated[str, typer.Option(help="The cheapest, by a formula of swept keys and numbers.")] = "",
    target: Annotated[list[str] | None, typer.Option(help="With --cost: only these targets.")] = None,
    as_json: AsJson = False,
    root: Root = DEFAULT,
) -> None:
    """Pick the best point of a sweep, or the cheapest one that meets the targets, with 95 % confidence."""
    if bool(best) == bool(cost) or bool(best) != bool(within):
        raise typer.BadParameter("expected either --best and --within, or --cost")
    if target and not cost:
        raise typer.BadParameter("--target goes with --cost")
    from sim.report.printing import show
    from sim.report.progress import bar
    from sim.report.select import best_point, cheapest_point
    from sim.report.sweep import WIDTH
    from sim.study import selecting

    swept = sweep_below(root, sweep)
    found: Any
    with bar("reading", lambda: len(swept.points)) as progress:
        if best:
            found = selecting.best(swept, best, _delta(within, best), progress=progress)
        else:
            found = selecting.cheapest(swept, cost, targets=target or [], progress=progress)
    if as_json:
        print(json.dumps(_told(found), ensure_ascii=False), flush=True)
        return
    show(best_point(found) if best else cheapest_point(found), WIDTH)


def _delta(text: str, measure: str) -> float:
    """Return what does not matter in a measure, as a share or in seconds. Raises BadParameter."""
    from typing import get_args

    from sim.model.units import PositiveSeconds, PositiveShare

    _, unit = get_args(PositiveSeconds if measure.endswith("_s") else PositiveShare)
    try:
        return float(unit.parse(text))
    except ValueError as error:
        raise typer.BadParameter(f"--within {text!r}: {error}") from None


def _told(found: Any) -> dict[str, Any]:
    """Return what JSON tells of a selection."""
    from dataclasses import asdict

    told: dict[str, Any] = asdict(found)
    chosen = getattr(found, "chosen", None)
    return {**told, "chosen": asdict(chosen) if chosen else None} if hasattr(found, "chosen") else told
