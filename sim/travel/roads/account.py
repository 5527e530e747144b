"""What was read of a road network, in words: how much, what nobody drives on, what looks misspelt."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.hints import did_you_mean
from sim.model.place import Place
from sim.travel.roads.highways import ON_FOOT, VEHICLES
from sim.travel.roads.roads import Roads
from sim.travel.roads.snap import Snap
from sim.travel.roads.speeds import ModeSpeeds
from sim.travel.roads.survey import Survey

MOST_CLASSES = 4
"""Classes of road whose lengths are told by themselves."""


@dataclass(frozen=True)
class Account:
    """What was read, in a line, and what looks unintended about it."""

    summary: str
    notes: tuple[str, ...]


def account(
    file: str,
    survey: Survey,
    roads: Roads,
    speeds: Mapping[str, ModeSpeeds],
    modes: Collection[str],
    keep: str,
) -> Account:
    """Return the account of a network; ``modes`` are those that units go by. A two-way road counts once."""
    once = _once(survey)
    km = survey.length_m * once / 1000
    driven = np.any([roads.ticks[mode] >= 0 for mode in modes], axis=0)
    told = [f"{file}: {len(survey.names):,} nodes, {_by_class(survey, km)}"]
    if (left := km[~driven].sum()) > 0:
        told.append(f"{left:,.1f} km that nobody drives on ({_classes(survey, ~driven, km)})")
    apart = {mode: _apart(roads, mode, km) for mode in modes} if keep == "largest" else {}
    if (most := max(apart, key=lambda mode: apart[mode], default="")) and apart[most] > 0:
        told.append(
            f"{apart[most]:,.1f} km left out, as no road joins them to the rest for {most} (see keep)"
        )
    if survey.cut:
        told.append(f"{survey.cut:,} way{'' if survey.cut == 1 else 's'} cut at the edge of the file")
    notes = (*survey.doubts, *_without_speed(survey, once, speeds, modes), *_without_road(survey, speeds))
    return Account("; ".join(told), notes)


def largest(roads: Roads, mode: str) -> NDArray[np.bool_]:
    """Return which nodes are in the largest part in which a mode gets from anywhere to anywhere."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    able, n = np.flatnonzero(roads.ticks[mode] >= 0), len(roads.x_m)
    start, end = roads.start[able], roads.end[able]
    _, part = connected_components(coo_array((np.ones(len(able)), (start, end)), (n, n)), connection="strong")
    on_road = np.zeros(n, np.bool_)
    on_road[start] = on_road[end] = True
    return np.asarray(on_road & (part == np.bincount(part[on_road]).argmax() if on_road.any() else False))


def far_zones(place: Place, snaps: Mapping[str, Snap], farthest_m: float) -> Iterator[str]:
    """Yield, for each mode's nearest nodes, how many zones and people are far from all of them."""
    for mode, snap in snaps.items():
        _, away_m = snap.many(place.centres)
        far = away_m > farthest_m
        if far.any():
            worst = int(away_m.argmax())
            people = f"{place.people[far].sum():,.0f} people in {far.sum():,} of {len(far):,} zones are"
            yield (
                f"{people} more than {farthest_m / 1000:g} km from the nearest road that {mode} takes, "
                f"{place.zones[worst].name} {away_m[worst] / 1000:.1f} km (see farthest and off_road)"
            )
            return


def _once(survey: Survey) -> FloatArray:
    """Return the share that each arc is of its road: a half where the way back is another arc."""
    n = len(survey.names)
    both = np.isin(survey.start * n + survey.end, survey.end * n + survey.start)
    return np.where(both, 0.5, 1.0)


def _by_class(survey: Survey, km: FloatArray) -> str:
    return f"{km.sum():,.1f} km of road ({_classes(survey, np.ones(len(km), np.bool_), km)})"


def _classes(survey: Survey, chosen: NDArray[np.bool_], km: FloatArray) -> str:
    """Return the kilometres of the longest classes among the chosen arcs, and of the others."""
    names, of = np.unique(survey.classes[chosen].astype(str), return_inverse=True)
    sums = np.bincount(of, km[chosen], len(names))
    order = np.argsort(-sums, kind="stable").tolist()
    told = [f"{names[i] or 'no class'} {sums[i]:,.1f}" for i in order[:MOST_CLASSES]]
    rest = sums[order[MOST_CLASSES:]].sum()
    return ", ".join([*told, *([f"others {rest:,.1f}"] if rest > 0 else [])])


def _apart(roads: Roads, mode: str, km: FloatArray) -> float:
    """Return the kilometres that a mode could drive on but that are not in the largest part."""
    inside = largest(roads, mode)
    able = roads.ticks[mode] >= 0
    return float(km[able & ~(inside[roads.start] & inside[roads.end])].sum())


def _without_speed(
    survey: Survey, once: FloatArray, speeds: Mapping[str, ModeSpeeds], modes: Collection[str]
) -> Iterator[str]:
    """Yield the classes of road that modes have no speed for, but for those that are meant to have none."""
    slow = [mode for mode in modes if mode not in survey.seconds and speeds[mode].default is None]
    for name in sorted(set(survey.classes.tolist())):
        lacking = [mode for mode in slow if name not in speeds[mode].speeds]
        if not lacking or name in ON_FOOT or (name in VEHICLES and len(lacking) < len(modes)):
            continue
        of = survey.classes == name
        n, km = round(once[of].sum()), (survey.length_m * once)[of].sum() / 1000
        what = f"class {name!r} has" if name else "what has no class has"
        hint = did_you_mean(name, {known for mode in lacking for known in speeds[mode].speeds})
        yield (
            f"{what} no speed for {', '.join(lacking)}: {n:,} arc{'' if n == 1 else 's'}, {km:,.1f} km, "
            f"not driven{hint if hint.startswith(';') else ''}"
        )


def _without_road(survey: Survey, speeds: Mapping[str, ModeSpeeds]) -> Iterator[str]:
    """Yield the classes that have speeds but no road, unless OpenStreetMap has them."""
    there = set(survey.classes.tolist())
    having = {mode: each.speeds.keys() - there - {*VEHICLES, *ON_FOOT} for mode, each in speeds.items()}
    for name in sorted(set().union(*having.values())):
        modes = ", ".join(mode for mode, names in having.items() if name in names)
        hint = did_you_mean(name, {*VEHICLES, *there})
        yield f"class {name!r} has a speed for {modes}, but no road is of it{hint if hint[:1] == ';' else ''}"
