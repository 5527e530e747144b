"""A figure of what uncertain inputs do: a bar an input, those that count most on top."""

from typing import TYPE_CHECKING

from sim.report.cells import level_of
from sim.report.letters import legible
from sim.report.plots import HIT, INK, MISS, SOFT, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.sensitivity import Influence, Sensitivity

MOST = 12
"""Inputs that are drawn of each measure, at most."""


def plot_sensitivity(found: "Sensitivity") -> "Figure | None":
    """Return what each input does to each measure: effects (Morris) or total indices (Saltelli).

    Bars are mean elementary effects with two standard errors, without inputs that do nothing; or total
    indices with their 95 % intervals, and a mark at those of first order. None for a design that tells
    nothing of single inputs.
    """
    drawn = [each for each in found.influences if each.effects or each.indices]
    if not drawn:
        return None
    rows = max(4, min(MOST, len(found.design.inputs)))
    figure, axes = new_figure(5.6, 1.4 + 0.32 * rows, len(drawn))
    for ax, each in zip(axes, drawn, strict=True):
        (_effects if each.effects else _indices)(ax, each)
        ax.set_title(f"{each.measure}: {_told(each)}", loc="left", fontsize=10, color=INK)
        ax.tick_params(axis="y", labelsize=8)
    return legible(figure)


def _told(each: "Influence") -> str:
    level, spread = level_of(each.unit), each.spread
    return f"{level(spread.low)} to {level(spread.high)}" if spread.told else level(spread.mean)


def _effects(ax: "Axes", each: "Influence") -> None:
    found = [item for item in each.effects.items() if item[1].size] or list(each.effects.items())
    ranked = sorted(found, key=lambda item: item[1].size)[-MOST:]
    scale = 100 if each.unit == "share" else 1
    means = [scale * effect.mean for _, effect in ranked]
    colours = [HIT if mean > 0 else MISS for mean in means]
    errors = [2 * scale * effect.mean_error for _, effect in ranked]
    ax.barh([name for name, _ in ranked], means, color=colours, xerr=errors, ecolor=SOFT, height=0.6)
    ax.axvline(0, color=INK, lw=0.8)
    unit = "points" if each.unit == "share" else "s"
    ax.set_xlabel(f"change by half of its range, {unit}", color=INK)


def _indices(ax: "Axes", each: "Influence") -> None:
    ranked = sorted(each.indices.items(), key=lambda item: item[1].total.value)[-MOST:]
    names = [name for name, _ in ranked]
    totals = [found.total for _, found in ranked]
    ends = [[t.value - t.low for t in totals], [t.high - t.value for t in totals]]
    whiskers = [[max(0.0, end) for end in side] for side in ends]
    ax.barh(names, [t.value for t in totals], color=HIT, xerr=whiskers, ecolor=SOFT, height=0.6)
    ax.plot([found.first.value for _, found in ranked], names, "D", color=MISS, ms=4, label="alone")
    ax.set_xlabel("share of the variance from inputs", color=INK)
    ax.set_xlim(left=min(0.0, *(found.first.value for _, found in ranked)), right=1.1)
    ax.legend(frameon=False, fontsize=8, loc="lower right")
