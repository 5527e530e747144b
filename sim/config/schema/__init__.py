"""What may be written in a config, key by key. Quantities carry units; names must be known."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, model_validator

from sim.config.schema.base import Count, Strict
from sim.config.schema.fleet import CentreConfig, FleetConfig
from sim.config.schema.incident import IncidentConfig
from sim.config.schema.place import PlaceConfig
from sim.config.schema.target import TargetConfig
from sim.model.units import PositiveSeconds, Seconds


class Config(Strict):
    """The whole config. Plug-ins are mappings whose ``use`` names a class."""

    name: str | None = None
    replications: Annotated[int, Field(ge=1)]
    seed: Count
    horizon: PositiveSeconds
    warmup: Seconds = 0.0
    start: date
    workers: Annotated[int, Field(ge=1)] | None = None
    place: PlaceConfig
    fleet: FleetConfig
    incident: Annotated[dict[str, IncidentConfig], Field(min_length=1)]
    centre: CentreConfig
    travel: dict[str, Any]
    dispatch: dict[str, Any]
    demand: dict[str, dict[str, Any]]
    targets: dict[str, TargetConfig] = {}

    @model_validator(mode="after")
    def _warmup(self) -> "Config":
        if self.warmup >= self.horizon:
            raise ValueError("expected warmup to be shorter than horizon")
        return self
