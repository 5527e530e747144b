"""Types of incident, composed of primitives: rate, where, severity, needs, work, spawns, and effects."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.problems import Below, BelowError
from sim.config.provenance import Path
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
    def _consistent(self) -> "BecomesConfig":
        faults: list[Below] = []
        if sum(self.found.values()) > 1 + 1e-9:
            faults.append((("found",), "shares that add up to at most 100 %"))
        levels = [LEVELS.index(level) for _, level in sorted(self.casualties.items())]
        if any(graver >= level for level, graver in pairwise(levels)):
            faults.append((("casualties",), "a graver level for each greater number"))
        if faults:
            raise BelowError(*faults)
        return self

    @property
    def named(self) -> list[tuple[Path, LevelName]]:
        """The levels that it names, each with where."""
        found: list[tuple[Path, LevelName]] = [(("found", level), level) for level in self.found]
        found += [(("casualties", str(least)), level) for least, level in self.casualties.items()]
        found += [] if self.late is None else [(("late", "level"), self.late.level)]
        return found + ([] if self.escapes is None else [(("escapes",), self.escapes)])


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
    def _consistent(self) -> "IncidentConfig":
        checks = self._shares(), self._commanded(), self._countable(), self._shaken()
        if found := [fault for check in checks for fault in check]:
            raise BelowError(*found)
        return self

    def _shares(self) -> Iterator[Below]:
        """Yield the shares that are missing, or add up to something else than all."""
        wanted = "probability" if self.magnitude is None else "magnitude"
        missing = [name for name, level in self.levels.items() if getattr(level, wanted) is None]
        for name in missing:
            yield ("levels", name, wanted), "a value; this key is required"
        total = sum(level.probability or 0.0 for level in self.levels.values())
        if self.magnitude is None and not missing and abs(total - 1) > 1e-9:
            yield ("levels",), f"probabilities that add up to 100 %, not {total:.6%}"
        if sum(self.reported_as.values()) > 1 + 1e-9:
            yield ("reported_as",), "shares that add up to at most 100 %"

    def _commanded(self) -> Iterator[Below]:
        """Yield what levels cannot become, and what is missing to find out."""
        for name, level in self.levels.items():
            for path, each in level.becomes.named:
                here = ("levels", name, "becomes", *path)
                others = [each for each in self.levels if each != name]
                if each not in others:
                    yield here, f"another level of the type: {', '.join(others) or 'it has none'}"
                elif path[0] != "found" and LEVELS.index(each) > LEVELS.index(name):
                    yield here, f"a graver level than {name}"
            if level.becomes.escapes in self.levels and self.works(level).task is None:
                yield ("levels", name, "becomes", "escapes"), "it only beside a task, which may escape"
            if level.becomes.casualties and not self.hurts(level):
                yield ("casualties",), f"how many it hurts, by which levels.{name} becomes another"
        if self.size_up is None and (whys := self._found_out()):
            yield ("size_up",), f"how long it takes to find out, because of {' and '.join(whys)}"

    def _found_out(self) -> list[str]:
        """Return what only the first unit can find out."""
        found = ["reported_as"] if self.reported_as else []
        for name, level in self.levels.items():
            found += [f"levels.{name}.later"] if level.later != Asks() else []
            asked = [key for key in ("found", "casualties") if getattr(level.becomes, key)]
            found += [f"levels.{name}.becomes.{key}" for key in asked]
        return found

    def _countable(self) -> Iterator[Below]:
        """Yield what is missing of what a rate is per."""
        per = self.rate.per if self.rate else None
        if per == "site" and not self.where.sites:
            yield ("where", "sites"), "some, because the rate is per site"
        if per == "length" and not self.where.along:
            yield ("where", "along"), "some lines, because the rate is per length"

    def _shaken(self) -> Iterator[Below]:
        """Yield what is missing of what shaking and children depend on."""
        if self.magnitude is None:
            whys = ["shaking"] if self.shaking is not None else []
            whys += [f"spawns.{child}" for child, spawn in self.spawns.items() if spawn.law == "omori"]
            if whys:
                yield ("magnitude",), f"one, because {' and '.join(whys)} depend on it"
        shaken = [name for name, spawn in self.spawns.items() if spawn.law in ("ignitions", "damage")]
        if self.shaking is None and shaken:
            yield ("shaking",), f"some, because {' and '.join(f'spawns.{name}' for name in shaken)} go by it"

    def hurts(self, level: LevelConfig) -> CasualtiesConfig | None:
        """Return whom incidents of a level hurt."""
        return level.casualties or self.casualties

    def works(self, level: LevelConfig) -> WorkConfig:
        """Return how units work at a level."""
        return WorkConfig(times=self.work.times | level.work.times, task=level.work.task or self.work.task)
