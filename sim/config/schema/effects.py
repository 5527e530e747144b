"""Primitives that are declared and checked, but do not act yet."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.schema.base import Strict
from sim.model.distributions import Distribution
from sim.model.units import Metres, Share

Many = Annotated[float, Field(strict=True, gt=0, le=1e8)]


class TriageConfig(Strict):
    """Shares of casualties by triage colour."""

    red: Share
    yellow: Share
    green: Share
    black: Share

    @model_validator(mode="after")
    def _whole(self) -> "TriageConfig":
        total = self.red + self.yellow + self.green + self.black
        if abs(total - 1) > 1e-9:
            raise ValueError(f"expected the shares to add up to 100 %, not {total:.6%}")
        return self


class CasualtiesConfig(Strict):
    """How many are hurt on average, how badly, and what share of them is trapped.

    The number is Poisson, or with a ``dispersion`` k negative binomial, of variance mean + mean² / k.
    """

    mean: Many
    dispersion: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = None
    triage: TriageConfig | None = None
    trapped: Share = 0.0


class CutConfig(Strict):
    """What is cut within a radius, with which chance, and the hours of work of a repair unit."""

    what: Literal["road", "communications", "power", "water", "gas"]
    within: Metres
    chance: Share
    repair: Distribution


class DisplacesConfig(Strict):
    """People who need shelter and relief, on average, and for how long."""

    mean: Many
    lasting: Distribution


class DegradesConfig(Strict):
    """What works at a share of its capacity, within a radius or at sites, for a time."""

    what: Literal["capacity", "speed", "staffing"]
    to: Share
    within: Metres | None = None
    sites: list[str] = []
    lasting: Distribution


class WarnedConfig(Strict):
    """The chance and lead time of a warning, and what it starts."""

    chance: Share
    lead: Distribution
    starts: Annotated[list[Literal["pre_positioning", "evacuation", "closure"]], Field(min_length=1)]


class Effects(Strict):
    """What a type, or one of its levels, does beside asking for units."""

    casualties: CasualtiesConfig | None = None
    cuts: list[CutConfig] = []
    displaces: DisplacesConfig | None = None
    degrades: list[DegradesConfig] = []
    warned: WarnedConfig | None = None


NOT_MODELLED = tuple(Effects.model_fields)
"""Primitives that do not act yet."""
