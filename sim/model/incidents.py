"""Types of incident, and the incidents of one replication as columns."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import Distribution, FloatArray
from sim.model.units import DAY_S

LEVELS = ("I", "II", "III", "IV")
"""Severity, from especially major (I, red) to ordinary (IV, blue); a level's number is its index + 1."""


@dataclass(frozen=True)
class Profile:
    """How a rate goes up and down, around a mean of 1.

    One sinusoid a day with its ``peak_s`` after midnight and ``swing`` from 0 to 1; and the seven
    relative rates of a week from Monday on.
    """

    peak_s: float = 0.0
    swing: float = 0.0
    weekly: tuple[float, ...] = (1.0,) * 7

    @property
    def most(self) -> float:
        """An upper bound of the factor."""
        return (1 + self.swing) * max(self.weekly) * 7 / sum(self.weekly)

    def factor(self, at_s: FloatArray, weekday: int) -> FloatArray:
        """Return the factor at each time, shape of ``at_s``; ``weekday`` is that of time 0 (Monday 0)."""
        daily = 1 + self.swing * np.cos(2 * np.pi * (at_s - self.peak_s) / DAY_S)
        days = (np.floor_divide(at_s, DAY_S).astype(np.intp) + weekday) % 7
        week = np.array(self.weekly)
        return np.asarray(daily * (week / week.mean())[days])


@dataclass(frozen=True)
class Level:
    """What one severity level of a type means.

    ``card`` is the response card: unit kinds (index into the fleet's) and how many. ``scene`` holds
    the time on scene per kind of the card; ``transport`` the chance that a transporting unit leaves
    with a patient. A lower ``priority`` is served first.
    """

    probability: float
    priority: int
    card: tuple[tuple[int, int], ...]
    scene: tuple[Distribution, ...]
    transport: float = 0.0


@dataclass(frozen=True)
class IncidentType:
    """One type of incident: how often, where, when, how severe, and what it takes.

    ``rate_per_s`` is for the whole place; it falls on zones of ``zone_kinds`` in proportion to
    their people, or their land when ``by`` is "area". ``levels`` holds I to IV in this order.
    """

    name: str
    title: str
    rate_per_s: float
    zone_kinds: tuple[str, ...]
    by: str
    profile: Profile
    detection: Distribution
    reporting: Distribution
    handling: Distribution
    levels: tuple[Level, Level, Level, Level]


@dataclass(frozen=True, eq=False)
class Incidents:
    """The incidents of one replication with all their random marks, in order of report.

    Incident columns have shape (n,): times in seconds since the start, place in metres, ``type``
    and ``zone`` as indices, ``level`` 1 to 4. Each unit that a response card asks for is a *slot*;
    slot columns have shape (m,), those of incident i are ``first_slot[i]:first_slot[i + 1]``.
    ``noise_*`` multiply the expected travel times out, to hospital, and home.
    """

    occurred_s: FloatArray
    detected_s: FloatArray
    reported_s: FloatArray
    handling_s: FloatArray
    type: NDArray[np.int64]
    level: NDArray[np.int64]
    priority: NDArray[np.int64]
    zone: NDArray[np.int64]
    x_m: FloatArray
    y_m: FloatArray
    first_slot: NDArray[np.int64]
    kind: NDArray[np.int64]
    turnout_s: FloatArray
    noise_out: FloatArray
    access_s: FloatArray
    scene_s: FloatArray
    transport: NDArray[np.bool_]
    noise_hospital: FloatArray
    handover_s: FloatArray
    noise_home: FloatArray

    def __len__(self) -> int:
        return len(self.occurred_s)

    @classmethod
    def merge(cls, parts: Sequence["Incidents"]) -> "Incidents":
        """Return the incidents of all parts in order of report; ties keep the order of the parts."""
        if len(parts) == 1 and np.all(np.diff(parts[0].reported_s) >= 0):
            return parts[0]
        columns: dict[str, NDArray[Any]] = {
            f.name: np.concatenate([getattr(part, f.name) for part in parts])
            for f in fields(cls)
            if f.name != "first_slot"
        }
        slots = np.concatenate([np.diff(part.first_slot) for part in parts])
        order = np.argsort(columns["reported_s"], kind="stable")
        starts = np.cumsum(slots) - slots
        counts = slots[order]
        first_slot = np.concatenate([[0], np.cumsum(counts)])
        by_slot = np.repeat(starts[order] - first_slot[:-1], counts) + np.arange(counts.sum())
        cut = {name: col[order if name in INCIDENT_COLUMNS else by_slot] for name, col in columns.items()}
        return cls(first_slot=first_slot, **cut)


INCIDENT_COLUMNS = tuple(f.name for f in fields(Incidents))[:10]
"""Names of the columns with one row an incident."""
