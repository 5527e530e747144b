"""Types of incident."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.schema.base import Count, LevelName, Strict, UnitKindName, ZoneKindName
from sim.model.distributions import Distribution
from sim.model.units import PerPerson, PerTime, Share, TimeOfDay

Weight = Annotated[float, Field(strict=True, ge=0, le=1000)]


class ProfileConfig(Strict):
    """How a rate goes over the day and the week."""

    peak: TimeOfDay = 0.0
    swing: Share = 0.0
    weekly: Annotated[
        list[Annotated[float, Field(strict=True, ge=0, le=1000)]], Field(min_length=7, max_length=7)
    ] = [1.0] * 7

    @model_validator(mode="after")
    def _some_day(self) -> "ProfileConfig":
        if sum(self.weekly) == 0:
            raise ValueError("expected at least one day above 0 in weekly")
        return self


class WhereConfig(Strict):
    """Which zones a type falls on, in proportion to what."""

    zones: Annotated[list[ZoneKindName], Field(min_length=1)] = ["built_up", "rural"]
    by: Literal["people", "area"] = "people"


class LevelConfig(Strict):
    """What one severity level means; ``scene`` and ``transport`` fall back on the type's."""

    probability: Share
    priority: Annotated[int, Field(strict=True, ge=1, le=1000)]
    card: dict[UnitKindName, Count]
    scene: dict[UnitKindName, Distribution] = {}
    transport: Share | None = None


class IncidentConfig(Strict):
    """A type of incident."""

    title: str = ""
    rate: PerPerson | None = None
    total_rate: PerTime | None = None
    where: WhereConfig = WhereConfig()
    profile: ProfileConfig = ProfileConfig()
    detection: Distribution
    reporting: Distribution
    handling: Distribution
    scene: dict[UnitKindName, Distribution]
    transport: Share = 0.0
    levels: dict[LevelName, LevelConfig]

    @model_validator(mode="after")
    def _whole(self) -> "IncidentConfig":
        if (self.rate is None) == (self.total_rate is None):
            raise ValueError("expected either rate (per person) or total_rate")
        total = sum(level.probability for level in self.levels.values())
        if abs(total - 1) > 1e-9:
            raise ValueError(f"expected the levels' probabilities to add up to 100 %, not {total:.6%}")
        for name, level in self.levels.items():
            for kind, count in level.card.items():
                if count and kind not in self.scene | level.scene:
                    raise ValueError(f"expected scene.{kind}, because the card of level {name} sends it")
        return self
