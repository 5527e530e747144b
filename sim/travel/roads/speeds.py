"""How fast each mode of travel is on each class of road, and so a network with times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Annotated

import numpy as np

from sim.model.distributions import FloatArray
from sim.model.units import Unit
from sim.travel.roads.roads import NO_WAY, Ints, Roads, ticks_of
from sim.travel.roads.survey import Survey

_KMH = Fraction(5, 18)

RoadSpeed = Annotated[
    float,
    Unit(
        "a speed",
        "41 km/h",
        (("km/h", _KMH), ("m/s", Fraction(1)), ("m/min", Fraction(1, 60))),
        least=float(_KMH),
        most=float(300 * _KMH),
    ),
]
"""From 1 to 300 km/h."""


@dataclass(frozen=True)
class ModeSpeeds:
    """Speeds of one mode of travel: by class of road, of other classes (none: it may not go there), and off
    the road, from a point to the nearest node."""

    off_road: RoadSpeed
    speeds: Mapping[str, RoadSpeed] = field(default_factory=dict)
    default: RoadSpeed | None = None


def timed(survey: Survey, modes: Mapping[str, ModeSpeeds]) -> Roads:
    """Return a network with the times of each mode: those of its file, else length by speed.

    Where roads have several names, with ``;`` between them, each is a label of its own. Raises ValueError
    with all the modes that could go nowhere.
    """
    classes, of = np.unique(survey.classes, return_inverse=True)
    seconds = {mode: _seconds(survey, mode, speeds, classes.tolist(), of) for mode, speeds in modes.items()}
    stuck = [mode for mode, times in seconds.items() if np.isnan(times).all()]
    if stuck:
        there = ", ".join(repr(name) for name in classes[:20].tolist())
        text = "expected a default speed, or that of a class of road in the network ({}), for {}"
        raise ValueError(text.format(there, " and ".join(stuck)))
    return Roads(
        x_m=survey.x_m,
        y_m=survey.y_m,
        access=survey.access,
        start=survey.start,
        end=survey.end,
        ticks={mode: _ticks(times) for mode, times in seconds.items()},
        names=survey.names,
        labels=_labels(survey),
        untaken=tuple(name for name in survey.seconds if name not in modes),
    )


def _ticks(seconds: FloatArray) -> Ints:
    return np.where(np.isnan(seconds), NO_WAY, ticks_of(np.nan_to_num(seconds)))


def _seconds(survey: Survey, mode: str, speeds: ModeSpeeds, classes: list[str], of: Ints) -> FloatArray:
    """Return the times of a mode, NaN where it may not go."""
    if mode in survey.seconds:
        return survey.seconds[mode]
    other = np.nan if speeds.default is None else speeds.default
    by_class = np.array([speeds.speeds.get(name, other) for name in classes])
    return np.asarray(survey.length_m / by_class[of])


def _labels(survey: Survey) -> dict[str, Ints]:
    """Return the arcs of each label."""
    texts, of = np.unique(survey.labels, return_inverse=True)
    by_text = np.split(np.argsort(of, kind="stable"), np.cumsum(np.bincount(of, minlength=len(texts)))[:-1])
    found: dict[str, list[Ints]] = {}
    for text, arcs in zip(texts.tolist(), by_text, strict=True):
        for label in dict.fromkeys(part.strip() for part in text.split(";")):
            if label:
                found.setdefault(label, []).append(arcs)
    return {label: np.sort(np.concatenate(parts)) for label, parts in found.items()}
