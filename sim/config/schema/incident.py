"""Types of incident, composed of primitives: rate, where, severity, needs, work, spawns, and effects."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.schema.base import (
    Capability,
    Count,
    Equipment,
    LevelName,
    Located,
    Positive,
    Strict,
    TypeName,
    WeatherName,
    ZoneKindName,
)
from sim.config.schema.chain import MagnitudeConfig, ShakingConfig, Spawn
from sim.config.schema.effects import CasualtiesConfig, Effects
from sim.config.schema.work import WorkConfig
from sim.model.distributions import Distribution
from sim.model.rates import Rate
from sim.model.resources import Urgency
from sim.model.types import LEVELS
from sim.model.units import Metres, PositiveSeconds, Share, TimeOfDay

Weight = Annotated[float, Field(strict=True, ge=0, le=1000)]


class ProfileConfig(Strict):
    """How a rate goes over the day, the week, the year, and the weather, around a mean of 1.

    ``monthly`` are relative rates from January on. ``weather`` multiplies the rate on days of that
    weather.
    """

    peak: TimeOfDay = 0.0
    swing: Share = 0.0
    weekly: Annotated[list[Weight], Field(min_length=7, max_length=7)] = [1.0] * 7
    monthly: Annotated[list[Weight], Field(min_length=12, max_length=12)] = [1.0] * 12
    weather: dict[WeatherName, Weight] = {}

    @model_validator(mode="after")
    def _some_day(self) -> "ProfileConfig":
        for name in ("weekly", "monthly"):
            if sum(getattr(self, name)) == 0:
                raise ValueError(f"expected at least one above 0 in {name}")
        return self


class OverdispersionConfig(Strict):
    """The rate of each ``block`` of time is multiplied by a gamma of mean 1 and this deviation."""

    block: PositiveSeconds
    deviation: Annotated[float, Field(strict=True, gt=0, le=10)]


class WhereConfig(Strict):
    """Where a type happens: in zones, at sites, along lines, or at a point.

    ``sites`` and ``along`` take names or kinds. ``within`` is how far from the site, line or point.
    """

    zones: list[ZoneKindName] = []
    by: Literal["people", "area"] | None = None
    sites: list[str] = []
    along: list[str] = []
    at: Located | None = None
    within: Metres = 0.0

    @model_validator(mode="after")
    def _one_way(self) -> "WhereConfig":
        ways = [name for name in ("sites", "along", "at") if getattr(self, name)]
        if len(ways) > 1 or (ways and (self.zones or self.by)):
            raise ValueError("expected one of zones (with by), sites, along and at")
        if self.within and not ways:
            raise ValueError("expected within only with sites, along or at")
        return self


class Asks(Strict):
    """What a level asks for: units by capability, people by capability, equipment, supplies."""

    needs: dict[Capability, Count] = {}
    crew: dict[Capability, Count] = {}
    equipment: dict[Equipment, Positive] = {}
    supplies: dict[str, Positive] = {}


class LateConfig(Strict):
    """An incident whose card has not assembled ``after`` it was taken to be of its level is raised."""

    after: PositiveSeconds
    level: LevelName


class BecomesConfig(Strict):
    """What an incident that is reported at a level turns out to be.

    ``found`` gives the share of each other level that it is found to be of when it is sized up. It is then
    raised to the level that ``casualties`` have for so many people hurt, or more. It is raised when it is
    ``late``, and to the level that it has when its task ``escapes``.
    """

    found: dict[LevelName, Share] = {}
    casualties: dict[Annotated[int, Field(ge=1, le=1_000_000)], LevelName] = {}
    late: LateConfig | None = None
    escapes: LevelName | None = None

    @model_validator(mode="after")
    def _shares(self) -> "BecomesConfig":
        if sum(self.found.values()) > 1 + 1e-9:
            raise ValueError("expected the shares of found to add up to at most 100 %")
        return self

    @model_validator(mode="after")
    def _rising(self) -> "BecomesConfig":
        levels = [LEVELS.index(level) for _, level in sorted(self.casualties.items())]
        if any(graver >= level for level, graver in pairwise(levels)):
            raise ValueError("expected a graver level in casualties for each greater number")
        return self

    @property
    def graver(self) -> list[LevelName]:
        """The levels to which it can only be raised."""
        late = [] if self.late is None else [self.late.level]
        return [*self.casualties.values(), *late, *([] if self.escapes is None else [self.escapes])]

    @property
    def levels(self) -> list[LevelName]:
        """All the levels that it names."""
        return [*self.found, *self.graver]


class LevelConfig(Asks, Effects):
    """What one severity level means; ``work``, ``transport`` and effects fall back on the type's.

    What it asks for is sent at once; what it asks for ``later`` follows when the first unit has sized the
    incident up.
    ``probability`` is its share of the incidents; a type with magnitudes says ``magnitude`` instead,
    the least of the level. ``urgency`` says by which of their modes units travel.
    """

    probability: Share | None = None
    magnitude: Annotated[float, Field(strict=True, ge=0, le=9.5)] | None = None
    priority: Annotated[int, Field(strict=True, ge=1, le=1000)]
    urgency: Urgency = "urgent"
    work: WorkConfig = WorkConfig()
    transport: Share | None = None
    later: Asks = Asks()
    becomes: BecomesConfig = BecomesConfig()


class IncidentConfig(Effects):
    """A type of incident. Without a rate it happens only as a child, by drill or by trace.

    ``size_up`` is how long the first unit takes to tell what it has found; until then a share of the
    incidents is taken for what they are ``reported_as``: other types, at the level of the same name, or else
    the next milder one that these have, or else the next graver.
    """

    title: str = ""
    rate: Rate | None = None
    where: WhereConfig = WhereConfig()
    profile: ProfileConfig = ProfileConfig()
    overdispersion: OverdispersionConfig | None = None
    magnitude: MagnitudeConfig | None = None
    shaking: ShakingConfig | None = None
    detection: Distribution
    reporting: Distribution
    handling: Distribution
    size_up: Distribution | None = None
    work: WorkConfig = WorkConfig()
    transport: Share = 0.0
    levels: Annotated[dict[LevelName, LevelConfig], Field(min_length=1)]
    spawns: dict[TypeName, Spawn] = {}
    reported_as: dict[TypeName, Share] = {}

    @model_validator(mode="after")
    def _mistaken(self) -> "IncidentConfig":
        if sum(self.reported_as.values()) > 1 + 1e-9:
            raise ValueError("expected the shares of reported_as to add up to at most 100 %")
        if self.reported_as and self.size_up is None:
            raise ValueError("expected size_up, after which it is known what was reported_as another type")
        return self

    @model_validator(mode="after")
    def _levels(self) -> "IncidentConfig":
        wanted = "probability" if self.magnitude is None else "magnitude"
        for name, level in self.levels.items():
            if getattr(level, wanted) is None:
                raise ValueError(f"expected levels.{name}.{wanted}")
        if self.magnitude is None:
            total = sum(level.probability or 0.0 for level in self.levels.values())
            if abs(total - 1) > 1e-9:
                raise ValueError(f"expected the levels' probabilities to add up to 100 %, not {total:.6%}")
        return self

    @model_validator(mode="after")
    def _commanded(self) -> "IncidentConfig":
        for name, level in self.levels.items():
            wrong = [each for each in level.becomes.levels if each not in self.levels or each == name]
            if wrong:
                raise ValueError(f"expected other levels of the type in levels.{name}.becomes: {wrong[0]}")
            for each in level.becomes.graver:
                if LEVELS.index(each) > LEVELS.index(name):
                    raise ValueError(f"expected a graver level in levels.{name}.becomes, not {each}")
            if level.becomes.casualties and not self.hurts(level):
                raise ValueError(f"expected casualties, by whose number levels.{name} becomes another")
            asks_later = level.later != Asks() or level.becomes.found or level.becomes.casualties
            if asks_later and self.size_up is None:
                raise ValueError(f"expected size_up, after which levels.{name} asks for more or less")
        return self

    @model_validator(mode="after")
    def _countable(self) -> "IncidentConfig":
        per = self.rate.per if self.rate else None
        if per == "site" and not self.where.sites:
            raise ValueError("expected where.sites, because the rate is per site")
        if per == "length" and not self.where.along:
            raise ValueError("expected where.along, because the rate is per length")
        return self

    @model_validator(mode="after")
    def _shaken(self) -> "IncidentConfig":
        if self.shaking is not None and self.magnitude is None:
            raise ValueError("expected magnitude, because shaking depends on it")
        for child, spawn in self.spawns.items():
            if spawn.law in ("ignitions", "damage") and self.shaking is None:
                raise ValueError(f"expected shaking, because spawns.{child} is by shaking")
            if spawn.law == "omori" and self.magnitude is None:
                raise ValueError(f"expected magnitude, because spawns.{child} depends on it")
        return self

    def hurts(self, level: LevelConfig) -> CasualtiesConfig | None:
        """Return whom incidents of a level hurt."""
        return level.casualties or self.casualties

    def works(self, level: LevelConfig) -> WorkConfig:
        """Return how units work at a level."""
        return WorkConfig(times=self.work.times | level.work.times, task=level.work.task or self.work.task)
