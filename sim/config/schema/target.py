"""What a plan promises."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.schema.base import ClockName, LevelName, Strict, TypeName, UnitKindName, ZoneKindName
from sim.model.targets import CLOCKS
from sim.model.units import ConfidenceLevel, PositiveSeconds, Seconds, Share, TimeOfDay


class ClockConfig(Strict):
    """Between which two moments a target measures."""

    start: ClockName
    stop: ClockName

    @model_validator(mode="after")
    def _forwards(self) -> "ClockConfig":
        if CLOCKS.index(self.start) >= CLOCKS.index(self.stop):
            raise ValueError(f"expected stop to come after start, in the order {', '.join(CLOCKS)}")
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


TargetConfig = Annotated[ResponseTargetConfig | CoverageTargetConfig, Field(discriminator="measure")]
