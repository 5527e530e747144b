"""What a plan promises."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import (
    ClockName,
    LevelName,
    SiteWord,
    Strict,
    TypeName,
    UnitKindName,
    ZoneKindName,
)
from sim.model.targets import CLOCKS, END_CLOCKS, INCIDENT_CLOCKS
from sim.model.units import ConfidenceLevel, PositiveMetres, PositiveSeconds, Seconds, Share, TimeOfDay


class ClockConfig(Strict):
    """Between which two moments a target measures."""

    start: ClockName
    stop: ClockName

    @model_validator(mode="after")
    def _forwards(self) -> "ClockConfig":
        if CLOCKS.index(self.start) >= CLOCKS.index(self.stop):
            raise BelowError.at("stop", expected=f"a clock after start, in the order {', '.join(CLOCKS)}")
        if self.stop in INCIDENT_CLOCKS:
            raise BelowError.at(
                "stop", expected=f"a clock of units, such as arrived, or {' or '.join(END_CLOCKS)}"
            )
        if self.start in END_CLOCKS:
            raise BelowError.at("start", expected=f"a clock before {' and '.join(END_CLOCKS)}")
        return self


class ResponseTargetConfig(Strict):
    """A share of incidents within a limit."""

    measure: Literal["response"]
    title: str = ""
    clause: str = ""
    clock: ClockConfig
    of: Literal["first", "all"] = "first"
    units: list[UnitKindName] = []
    types: list[TypeName] = []
    levels: list[LevelName] = []
    zones: list[ZoneKindName] = []
    limit: PositiveSeconds
    share: Share
    confidence_level: ConfidenceLevel


class CoverageTargetConfig(Strict):
    """A share of people or land within reach."""

    measure: Literal["coverage"]
    title: str = ""
    clause: str = ""
    unit: UnitKindName
    of: Literal["people", "area"]
    zones: list[ZoneKindName] = []
    turnout: Seconds
    at: TimeOfDay
    limit: PositiveSeconds
    share: Share


class RadiusTargetConfig(Strict):
    """A share of people or land within a straight distance of sites (names or kinds)."""

    measure: Literal["radius"]
    title: str = ""
    clause: str = ""
    sites: Annotated[list[SiteWord], Field(min_length=1)]
    of: Literal["people", "area"]
    zones: list[ZoneKindName] = []
    radius: PositiveMetres
    share: Share


class BurntTargetConfig(Strict):
    """The most that may burn in a year, of the land of these zones."""

    measure: Literal["burnt_area"]
    title: str = ""
    clause: str = ""
    types: list[TypeName] = []
    zones: Annotated[list[ZoneKindName], Field(min_length=1)] = ["forest"]
    share: Share
    confidence_level: ConfidenceLevel


class DeclaredTargetConfig(Strict):
    """What a plan promises and nothing here can test yet: its figures as stated, and what they wait for."""

    measure: Literal["declared"]
    title: str = ""
    clause: str = ""
    waits_for: Annotated[str, Field(min_length=1)]
    states: Annotated[dict[str, str | float], Field(min_length=1)]


TargetConfig = Annotated[
    ResponseTargetConfig
    | CoverageTargetConfig
    | RadiusTargetConfig
    | BurntTargetConfig
    | DeclaredTargetConfig,
    Field(discriminator="measure"),
]
