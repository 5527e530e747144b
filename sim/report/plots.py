"""Figures: response times against their target, and who is in reach of a station."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.measure.coverage import reach_s
from sim.measure.tallies import BINS, Tally
from sim.measure.targets import Verdict
from sim.model.targets import CoverageTarget, ResponseTarget
from sim.model.units import HOUR_S, MINUTE_S
from sim.report.letters import legible
from sim.scenario import Scenario
from sim.study.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MISS, HIT, SOFT = "#1f2933", "#c0392b", "#1d7874", "#9aa5b1"


def write_all(results: Results) -> list[Path]:
    """Write every figure of a study as PNG into its folder, and return their paths."""
    written = []
    for name, figure in (
        ("response_times", plot_response_times(results)),
        ("coverage", plot_coverage(results)),
    ):
        if figure is not None:
            path = results.path / f"{name}.png"
            figure.savefig(path, dpi=150)
            written.append(path)
    return written


def new_figure(width: float, height: float, columns: int = 1) -> "tuple[Figure, list[Axes]]":
    """Return a figure with so many axes side by side, each of that size in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width * columns, height), layout="constrained")
    axes = figure.subplots(1, columns, squeeze=False)[0]
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(colors=INK)
    return figure, list(axes)


def plot_response_times(results: Results) -> "Figure | None":
    """Return the distribution of times against each response target; None without such targets."""
    judged = [v for v in results.verdicts if isinstance(v.target, ResponseTarget) and v.n]
    if not judged:
        return None
    figure, axes = new_figure(5.6, 4.2, len(judged))
    for ax, verdict in zip(axes, judged, strict=True):
        tallies = [outcome.tallies[verdict.target.name] for outcome in results.outcomes]
        counts = np.array([each.histogram for each in tallies if isinstance(each, Tally)])
        _ecdf(ax, counts, verdict)
    return legible(figure)


def _ecdf(ax: "Axes", counts: Any, verdict: Any) -> None:
    target = verdict.target
    scale, unit = (HOUR_S, "h") if target.limit_s >= 2 * HOUR_S else (MINUTE_S, "min")
    edges = np.arange(BINS + 1) / BINS * 3 * target.limit_s / scale
    total = counts.sum(axis=0)
    shares = np.concatenate([[0], np.cumsum(total)[:-1] / total.sum()])
    each = np.cumsum(counts, axis=1)[:, :-1] / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    if len(counts) > 1 and counts.sum(axis=1).min() >= 20:
        low, high = np.percentile(each, [5, 95], axis=0)
        ax.fill_between(edges[1:], low, high, color=HIT, alpha=0.2, lw=0, label="replications, 5 to 95 %")
    ax.step(edges, shares, where="post", color=HIT, lw=1.8, label=f"all incidents (n = {verdict.n:,})")
    limit = target.limit_s / scale
    ax.axvline(limit, color=MISS, lw=1.2)
    ax.axhline(target.share, color=SOFT, lw=1, ls="--", label=f"{target.share:.0%} required")
    ax.plot([limit], [verdict.share], "o", color=MISS, ms=5, zorder=5)
    end = edges[min(max(int(np.searchsorted(shares, 0.9995)), int(BINS / 3 * 1.25)), BINS)]
    left = limit > end / 2
    ax.annotate(
        f"{verdict.share:.1%} within {limit:g} {unit}\n"
        f"interval {verdict.lower:.1%} to {verdict.upper:.1%}: {verdict.verdict}",
        (limit, verdict.share),
        xytext=(-10 if left else 10, -40),
        ha="right" if left else "left",
        textcoords="offset points",
        color=MISS,
        fontsize=9,
        bbox={"fc": "white", "ec": "none", "alpha": 0.8, "pad": 1},
    )
    ax.set(
        xlim=(0, end),
        ylim=(0, 1.02),
        xlabel=f"{target.start.replace('_', ' ')} to {target.stop.replace('_', ' ')}, {unit}",
        ylabel="share of incidents",
    )
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set_title(target.title, fontsize=11, color=INK, loc="left")
    ax.legend(framealpha=0.9, edgecolor="none", fontsize=8, loc="lower right")


def plot_coverage(results: Results) -> "Figure | None":
    """Return a map of the time from the nearest station to each zone; None without coverage targets."""
    targets = [v for v in results.verdicts if isinstance(v.target, CoverageTarget)]
    if not targets:
        return None
    target = targets[0].target
    assert isinstance(target, CoverageTarget)
    scenario = results.study.scenario
    place = scenario.place
    minutes = (target.turnout_s + reach_s(scenario, target.kind, place.centres, target.at_s)) / MINUTE_S
    figure, (ax,) = new_figure(7.4, 7.0)
    limit = target.limit_s / MINUTE_S
    inside = np.array([not target.zone_kinds or zone.kind in target.zone_kinds for zone in place.zones])
    _zones(figure, ax, place, minutes, limit, inside)
    _bases(ax, scenario, target.kind)
    alike = [v for v in targets if _map_key(v) == _map_key(targets[0])]
    covered = [(v.share, v.target.of) for v in alike if isinstance(v.target, CoverageTarget)]
    shares = ", ".join(f"{share:.1%} of {of}" for share, of in covered)
    where = " and ".join(kind.replace("_", "-") for kind in target.zone_kinds) or "all"
    ax.set_title(
        f"{place.title}: minutes from the nearest {target.kind} base, every unit there\n"
        f"Turnout {target.turnout_s:g} s, travel as expected at {target.at_s / HOUR_S:g} h\n"
        f"Within {limit:g} min: {shares} in the {where} zones (outlined)",
        fontsize=10.5,
        color=INK,
        loc="left",
    )
    ax.set(xlabel="km east", ylabel="km north", aspect="equal")
    return legible(figure)


def _bases(ax: "Axes", scenario: Scenario, kind: str) -> None:
    """Mark and name the sites where units of a kind are based."""
    kinds, sites = scenario.fleet.kinds, scenario.place.sites
    for base in sorted({unit.base for unit in scenario.fleet.units if kinds[unit.kind].name == kind}):
        x, y = sites[base].x_m / 1000, sites[base].y_m / 1000
        ax.plot(x, y, "^", color="white", mec=INK, ms=9, mew=1.3, zorder=4)
        ax.annotate(
            sites[base].title,
            (x, y),
            xytext=(7, 5),
            textcoords="offset points",
            fontsize=8,
            color=INK,
            zorder=5,
            bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.75},
        )


def _map_key(verdict: Verdict) -> tuple[object, ...]:
    """Return what two coverage targets must share to be told on one map."""
    target = verdict.target
    assert isinstance(target, CoverageTarget)
    return target.kind, target.limit_s, target.turnout_s, target.at_s, target.zone_kinds


def _zones(figure: "Figure", ax: "Axes", place: Any, minutes: Any, limit: float, counted: Any) -> None:
    """Draw the zones in steps of a minute up to the limit, in other colours beyond it."""
    from matplotlib import colormaps
    from matplotlib.collections import LineCollection, PatchCollection
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Rectangle

    steps = [limit * share for share in (0, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4)]
    near = colormaps["GnBu_r"](np.linspace(0.15, 0.75, 5))
    far = colormaps["YlOrRd"](np.linspace(0.25, 0.95, 6))
    sides = np.sqrt(place.area_m2) / 1000
    shown = np.where(sides > 0, sides, 0.3)
    corners = place.centres / 1000 - shown[:, None] / 2
    squares = [Rectangle((x, y), s, s) for (x, y), s in zip(corners, shown, strict=True)]
    colours = ListedColormap(np.concatenate([near, far]))
    patches = PatchCollection(squares, cmap=colours, norm=BoundaryNorm(steps, 11, extend="max"), lw=0)
    patches.set_array(minutes)
    ax.add_collection(patches)
    outline = _outline(corners[counted], shown[counted])
    ax.add_collection(LineCollection(outline, colors=INK, lw=1.6))
    ax.autoscale_view()
    figure.colorbar(patches, ax=ax, shrink=0.7, label="minutes", ticks=steps, extend="max")


def _outline(corners: Any, sides: Any) -> list[Any]:
    """Return the outer edges of a set of squares: those that only one of them has."""
    edges: dict[Any, int] = {}
    for (x, y), s in zip(corners.round(6).tolist(), sides.tolist(), strict=True):
        a, b, c, d = (x, y), (round(x + s, 6), y), (round(x + s, 6), round(y + s, 6)), (x, round(y + s, 6))
        for edge in ((a, b), (b, c), (d, c), (a, d)):
            edges[edge] = edges.get(edge, 0) + 1
    return [edge for edge, n in edges.items() if n == 1]
