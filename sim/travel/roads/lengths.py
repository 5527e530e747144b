"""Lengths and times of roads that cannot be right, or hardly can, told row by row."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.sheets import Fault
from sim.travel.roads.roads import Ints
from sim.travel.roads.segments import FAR_M, Nodes, Segments

SLOWEST_KMH, FASTEST_KMH = 1.0, 300.0
"""Between which the speed that lengths and times make together must be, or one of the units is wrong."""

LEAST_BEND = 0.5
"""The share of straight distances that lengths must be together, or one of the units is wrong."""

LEAST_SHARE, ROUNDED_M = 0.9, 100.0
"""A road is shorter than the straight line where both say so: roundings of lengths and points do not."""

MOST_BEND, DETOUR_M = 10.0, 10_000.0
"""A road is longer than it is likely to be where both say so."""

MOST_ROWS = 5
"""Rows that are told of those with the same fault."""


def wrong(file: str, roads: Segments, nodes: Nodes, rows: Ints) -> list[Fault]:
    """Return the faults of lengths and times: of whole columns, else of their rows."""
    return [*_odd(file, roads, nodes)] or [
        *_short(file, roads, nodes, rows),
        *_fast(file, roads, nodes, rows),
    ]


def doubtful(file: str, roads: Segments, nodes: Nodes, rows: Ints) -> Iterator[str]:
    """Yield, in words, the lengths that are hardly right: far longer than the straight line."""
    straight_m = roads.straight_m(nodes)
    found = np.flatnonzero(roads.length_m > MOST_BEND * straight_m + DETOUR_M)
    if len(found):
        i, others = found[0], len(found) - 1
        more = f" (and {others:,} other{'' if others == 1 else 's'})" if others else ""
        yield (
            f"{file}, row {rows[i]}: {roads.length_m[i] / 1000:,.1f} km of road between nodes that are "
            f"{straight_m[i] / 1000:,.1f} km apart{more}"
        )


def _odd(file: str, roads: Segments, nodes: Nodes) -> Iterator[Fault]:
    """Yield the faults of lengths and times that only wrong units explain."""
    straight = roads.straight_m(nodes)
    told = ~np.isnan(roads.length_m)
    share = roads.length_m[told].sum() / max(straight[told].sum(), 1e-9)
    if told.any() and share < LEAST_BEND:
        expected = "metres, or another unit in its heading, such as length (km)"
        where = f"{file}, column length"
        yield Fault(where, f"lengths {share:.3g} times the straight distances", expected)
    length_m = np.where(told, roads.length_m, straight)
    for mode, seconds in roads.seconds.items():
        able = ~np.isnan(seconds)
        speed = 3.6 * length_m[able].sum() / max(seconds[able].sum(), 1e-9)
        if able.any() and not SLOWEST_KMH <= speed <= FASTEST_KMH:
            expected = f"times that make {SLOWEST_KMH:g} to {FASTEST_KMH:g} km/h"
            yield Fault(f"{file}, column {mode}_s", f"{speed:,.4g} km/h on average", expected)


def _short(file: str, roads: Segments, nodes: Nodes, rows: Ints) -> Iterator[Fault]:
    """Yield the rows whose road is shorter than the straight line, or longer than any."""
    length_m, straight_m = roads.length_m, roads.straight_m(nodes)
    short = (length_m < LEAST_SHARE * straight_m) & (straight_m - length_m > ROUNDED_M)
    for name, chosen, most in (("least", short, straight_m), ("most", length_m > FAR_M, None)):
        for i, where in _told(file, "length", chosen, rows):
            expected = f"at {name} " + (
                f"{FAR_M / 1000:,.0f} km"
                if most is None
                else f"the {most[i] / 1000:,.4g} km of the straight line between its nodes"
            )
            yield Fault(where, f"{length_m[i] / 1000:,.4g} km", expected)
        yield from _others(file, "length", chosen)


def _fast(file: str, roads: Segments, nodes: Nodes, rows: Ints) -> Iterator[Fault]:
    """Yield the rows whose times nobody can drive, be they rounded to the second, or all to the minute."""
    straight_m = roads.straight_m(nodes)
    length_m = np.where(np.isnan(roads.length_m), straight_m, roads.length_m)
    for mode, seconds in roads.seconds.items():
        said = seconds[~np.isnan(seconds)]
        rounded_s = 60.0 if (said % 60 == 0).all() else 1.0
        chosen = 3.6 * length_m > FASTEST_KMH * (seconds + rounded_s)
        for i, where in _told(file, f"{mode}_s", chosen, rows):
            found = f"{seconds[i]:,.4g} s for {length_m[i] / 1000:,.4g} km"
            yield Fault(where, found, f"a time that makes at most {FASTEST_KMH:g} km/h")
        yield from _others(file, f"{mode}_s", chosen)


def _told(file: str, column: str, chosen: NDArray[np.bool_], rows: Ints) -> Iterator[tuple[int, str]]:
    """Yield the first rows that are chosen: their indices, and where each is."""
    for i in np.flatnonzero(chosen)[:MOST_ROWS].tolist():
        yield i, f"{file}, row {rows[i]}, column {column}"


def _others(file: str, column: str, chosen: NDArray[np.bool_]) -> Iterator[Fault]:
    if (left := int(chosen.sum()) - MOST_ROWS) > 0:
        yield Fault(f"{file}, column {column}", f"{left:,} more like {'it' if left == 1 else 'these'}", "")
