"""Types of incident: how often, where, when, how severe, what they take, and what they set off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.model.calendar import MONTH_DAYS, Calendar
from sim.model.casualties import Casualties
from sim.model.chain import Magnitudes, Shaking, Spawn
from sim.model.distributions import Distribution, FloatArray
from sim.model.resources import Card, Urgency
from sim.model.units import DAY_S
from sim.model.where import Where
from sim.model.work import Task

LEVELS = ("I", "II", "III", "IV")
"""Severity, from especially major (I, red) to ordinary (IV, blue); a level's number is its index + 1."""


@dataclass(frozen=True)
class Profile:
    """How a rate goes up and down, around a mean of 1.

    One sinusoid a day with its ``peak_s`` after midnight and ``swing`` from 0 to 1; the seven
    relative rates of a week from Monday on; the twelve of a year from January on, each for all days of its
    month; and factors by weather, which come on top (see model.weather).
    """

    peak_s: float = 0.0
    swing: float = 0.0
    weekly: tuple[float, ...] = (1.0,) * 7
    monthly: tuple[float, ...] = (1.0,) * 12
    weather: Mapping[str, float] = field(default_factory=dict)

    @property
    def most(self) -> float:
        """An upper bound of the factor, weather left out."""
        return (1 + self.swing) * float(self._week.max() * self._year.max())

    def factor(self, at_s: FloatArray, calendar: Calendar) -> FloatArray:
        """Return the factor at each time, shape of ``at_s``, weather left out."""
        found = 1 + self.swing * np.cos(2 * np.pi * (at_s - self.peak_s) / DAY_S)
        found = found * self._week[calendar.weekdays(at_s)]
        if self._year.min() < self._year.max():
            found = found * self._year[calendar.months(at_s)]
        return np.asarray(found)

    @property
    def _week(self) -> FloatArray:
        """The factors of the weekdays, shape (7,), with a mean of 1."""
        return np.asarray(np.array(self.weekly) / np.mean(self.weekly))

    @property
    def _year(self) -> FloatArray:
        """The factors of the months, shape (12,), with a mean of 1 over the days of a year."""
        return np.asarray(np.array(self.monthly) / np.average(self.monthly, weights=MONTH_DAYS))


@dataclass(frozen=True)
class Overdispersion:
    """Each block of time has its rate multiplied by a gamma of mean 1 and this standard deviation."""

    block_s: float
    deviation: float


class Late(NamedTuple):
    """An incident whose card has not assembled so long after its opening is raised to a level (index)."""

    after_s: float
    level: int


@dataclass(frozen=True)
class Becomes:
    """What an incident that was reported at a level turns out to be, levels as indices.

    ``found`` holds the chance of each level, I to IV, when it is sized up; the rest stay what they were. With
    as many people hurt as ``casualties`` say, it is then raised: pairs of a number, rising, and a level.
    """

    found: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    casualties: tuple[tuple[int, int], ...] = ()
    late: Late | None = None
    escapes: int | None = None

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels that it may become, whatever is found."""
        late = () if self.late is None else (self.late.level,)
        return (*late, *(() if self.escapes is None else (self.escapes,)))


@dataclass(frozen=True)
class Level:
    """What one severity level of a type means.

    ``card`` is the response card, sent at once, and ``later`` what follows once the first unit has sized the
    incident up; ``slots`` are the most units of each kind that both can take. ``times`` are the times on
    scene of each of the fleet's kinds (None: unknown, or until the ``task`` is done). ``transport`` is the
    chance that a transporting unit leaves with a patient, ``casualties`` how many are hurt, where that
    decides anything. A lower ``priority`` is served first. A type with
    magnitudes has the least ``magnitude`` of the level instead of a probability. ``urgency`` says by which
    of their modes units travel, ``becomes`` what else the incident may turn out to be.
    """

    probability: float
    priority: int
    card: Card
    slots: tuple[tuple[int, int], ...]
    times: tuple[Distribution | None, ...]
    transport: float = 0.0
    task: Task | None = None
    supplies: tuple[tuple[str, float], ...] = ()
    magnitude: float = 0.0
    urgency: Urgency = "urgent"
    later: Card = ()
    becomes: Becomes = Becomes()
    casualties: Casualties | None = None

    @property
    def whole(self) -> dict[int, float]:
        """All that it takes of each resource, at once and later."""
        found: dict[int, float] = {}
        for r, amount in (*self.card, *self.later):
            found[r] = found.get(r, 0.0) + amount
        return found

    def keeps(self, kind: int) -> bool:
        """Whether it is known how long a kind (index) stays: its own time, or for the common task."""
        return self.times[kind] is not None or bool(self.task and self.task.rates[kind])

    @property
    def defined(self) -> bool:
        """Whether the type has this level at all."""
        return bool(self.times)


@dataclass(frozen=True)
class IncidentType:
    """One type of incident. ``rate_per_s`` is for the whole place; ``levels`` holds I to IV in this order.

    ``size_up`` runs from the first arrival until the level is known. ``spawns`` are (index of the child's
    type, law). ``not_modelled`` names primitives that do not act, ``childless`` children that are not among
    the types. ``reported_as`` says for what other types it is taken until it is sized up, ``unreported``
    for which it would be that are not among the types.
    """

    name: str
    title: str
    rate_per_s: float
    where: Where | None
    profile: Profile
    detection: Distribution
    reporting: Distribution
    handling: Distribution
    levels: tuple[Level, Level, Level, Level]
    size_up: Distribution | None = None
    overdispersion: Overdispersion | None = None
    magnitudes: Magnitudes | None = None
    shaking: Shaking | None = None
    spawns: tuple[tuple[int, Spawn], ...] = ()
    not_modelled: tuple[str, ...] = ()
    childless: tuple[str, ...] = ()
    reported_as: tuple["Mistaken", ...] = ()
    unreported: tuple[str, ...] = ()

    @property
    def is_commanded(self) -> bool:
        """Whether what its incidents ask for may change once units are there, or are late."""
        return bool(self.reported_as) or any(
            level.later or level.becomes != Becomes() for level in self.levels
        )

    @property
    def counts_casualties(self) -> bool:
        """Whether the level of its incidents may go by how many they hurt."""
        return any(level.casualties for level in self.levels)

    def counterpart(self, level: int) -> int:
        """Return its own level (index) for one of another type: the same, or the next milder, or graver."""
        known = (i for i, each in enumerate(self.levels) if each.defined)
        return min(known, key=lambda i: (i < level, abs(i - level)))

    def may_become(self, level: int, found: int) -> tuple[int, ...]:
        """Return the levels (indices) that an incident may become beside its own, when so many are found."""
        known, ahead = [level], [level, found]
        while ahead:
            each = ahead.pop(0)
            if each not in known:
                known.append(each)
            ahead += [more for more in self.levels[each].becomes.levels if more not in (*known, *ahead)]
        return tuple(known[1:])


class Mistaken(NamedTuple):
    """A share of a type's incidents is reported as another type ``kind``, the scenario's ``type``-th.

    Where a drill or a record says what each was reported as, the share may be 0.
    """

    type: int
    kind: IncidentType
    share: float
