"""What uncertain inputs do to answers, in tables."""

from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.measure.sensitivity import Effect, Index, Indices
from sim.model.units import duration
from sim.report.cells import counted, level_of, table_of
from sim.report.printing import show
from sim.study.sensitivity import Influence, Sensitivity

WIDTH = 160
"""Characters a line, where nobody reads along."""

_INDICES = (
    "Alone: the part of the variance from inputs that goes if this one is known; with others: that which "
    "stays if all others are known (Sobol indices; 95 % over resampled rows)."
)
_EFFECTS = (
    "Up by half of its range, counted in probability: what that changes on average, with the standard error "
    "that replications leave, its mean size (mu*), and how much it depends on the other inputs (sigma)."
)


def say_sensitivity(found: Sensitivity) -> None:
    """Print the answer on stdout."""
    show(answer(found), WIDTH)


def summary(found: Sensitivity) -> dict[str, Any]:
    """Return what JSON tells."""
    return {
        "results": str(found.sweep.path),
        "design": found.design.kind,
        "inputs": list(found.design.inputs),
        "points": len(found.sweep.points),
        "replications": found.replications,
        "measures": [asdict(each) for each in found.influences],
        "left_out": list(found.left_out),
    }


def answer(found: Sensitivity) -> RenderableType:
    """Return the spread of each measure, and the part of each input in those that inputs change."""
    design = found.design
    sizes = f"{counted(len(design.inputs), 'uncertain input')}, {counted(len(found.sweep.points), 'point')}"
    told = f"{sizes} ({design.kind}), {found.replications} replications each"
    head = f"{found.sweep.title}: {told}" if found.sweep.title else told
    parts: list[RenderableType] = [Text(head, "bold"), Text(), _spreads(found)]
    changed = [each for each in found.influences if _is_changed(each)]
    for each in changed:
        parts += [Text(), _indices(each) if each.indices else _effects(each)]
    parts += [Text(), Text(_foot(found), "dim")]
    if changed:
        parts.append(Text(_INDICES if changed[0].indices else _EFFECTS, "dim"))
    return Group(*parts)


def _is_changed(each: Influence) -> bool:
    """Whether there is something to tell of single inputs; an effect may be seen where the spread is not."""
    seen = any(effect.size > 2 * effect.error for effect in each.effects.values())
    return seen or bool(each.spread.told and (each.indices or each.effects))


def _spreads(found: Sensitivity) -> Table:
    table = table_of("", "mean", "from inputs", "90 % between", "noise", "met", "missed", "undecided")
    for each in found.influences:
        level, spread = level_of(each.unit), each.spread
        beyond = spread.told
        verdicts = [str(each.verdicts.get(word, 0)) for word in ("met", "missed", "undecided")]
        table.add_row(
            each.measure,
            level(spread.mean),
            f"± {_size(each, spread.deviation)}" if beyond else "not told",
            f"{level(spread.low)} and {level(spread.high)}" if beyond else "-",
            f"± {_size(each, spread.error)}",
            *(verdicts if each.verdicts else ("", "", "")),
        )
    return table


def _foot(found: Sensitivity) -> str:
    told = (
        "From inputs: the standard deviation that they give, without that of chance; not told: no more than "
        "chance alone gives. Noise: the standard error that replications leave at one point."
    )
    told += f" Results: {found.sweep.path}."
    if found.left_out:
        told += f" A replication counted nothing of {', '.join(found.left_out)}."
    return told


def _indices(each: Influence) -> Table:
    table = table_of(each.measure, "alone", "95 %", "with others", "95 %")
    for name, index in sorted(each.indices.items(), key=lambda item: -item[1].total.value):
        table.add_row(name, *_index(index))
    return table


def _index(found: Indices) -> list[str]:
    def told(index: Index) -> list[str]:
        return [f"{index.value:.0%}".replace("-0%", "0%"), f"{index.low:.0%} to {index.high:.0%}"]

    return [*told(found.first), *told(found.total)]


def _effects(each: Influence) -> Table:
    table = table_of(each.measure, "on average", "noise", "size", "depends")
    for name, effect in sorted(each.effects.items(), key=lambda item: -item[1].size):
        table.add_row(name, *_effect(each, effect))
    return table


def _effect(each: Influence, found: Effect) -> list[str]:
    if not found.size:
        return ["nothing", "", "", ""]
    sign = "-" if found.mean < 0 else "+"
    mean, error, size, deviation = (
        _size(each, value) for value in (abs(found.mean), found.mean_error, found.size, found.deviation)
    )
    return [f"{sign}{mean}", f"± {error}", size, f"± {deviation}"]


def _size(each: Influence, value: float) -> str:
    """Return a difference: in points of a percentage, or as a duration."""
    return f"{100 * value:.2g} points" if each.unit == "share" else duration(value)
