"""What slows all travel on the ground down alike, by hour and weather, and modes derived from others."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.config.schema.base import Strict, WeatherName
from sim.model.units import SpeedFactor

Hours = Annotated[list[SpeedFactor], Field(min_length=24, max_length=24)]


class FlowConfig(Strict):
    """Shares of the speed by hour (from midnight on) and by kind of weather.

    ``weekends`` are Saturdays and Sundays, as ``weekdays`` where they are not given.
    """

    weekdays: Hours | None = None
    weekends: Hours | None = None
    weather: dict[WeatherName, SpeedFactor] | None = None

    @model_validator(mode="after")
    def _weekends(self) -> "FlowConfig":
        if self.weekends is not None and self.weekdays is None:
            raise ValueError("expected weekdays beside weekends")
        return self


class ModeConfig(FlowConfig):
    """One mode: ``of`` another at a share of its ``speed``, or one of travel's at shares of its own."""

    of: str | None = None
    speed: SpeedFactor = 1.0


class TrafficConfig(FlowConfig):
    """Shares for all modes of ``travel``, and ``modes`` that differ; what these leave out is as for all."""

    modes: dict[str, ModeConfig] = {}

    @property
    def says_nothing(self) -> bool:
        """Whether all travel stays as it is."""
        return self == TrafficConfig()
