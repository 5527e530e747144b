"""What may be written in a config, key by key. Quantities carry units; names must be known."""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import Slug, Strict
from sim.config.schema.centre import CentreConfig
from sim.config.schema.closures import ClosureConfig
from sim.config.schema.fleet import FleetConfig
from sim.config.schema.incident import IncidentConfig
from sim.config.schema.place import PlaceConfig
from sim.config.schema.target import TargetConfig
from sim.config.schema.traffic import TrafficConfig
from sim.config.schema.until import Replications, UntilConfig
from sim.config.schema.weather import WeatherConfig
from sim.model.units import PositiveSeconds, Seconds

WrittenDate = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", examples=["2022-01-01"])]


def _written_date(value: object) -> object:
    """Accept a date only as it is written, not as a number of seconds."""
    if isinstance(value, str) and len(value) == len("2022-01-01"):
        return value
    raise ValueError("expected a date such as '2022-01-01'")


class Config(Strict):
    """The whole config. Plug-ins are mappings whose ``use`` names a class."""

    name: Slug | None = None
    replications: Replications
    until: UntilConfig | None = None
    seed: Annotated[int, Field(strict=True, ge=0)]
    horizon: PositiveSeconds
    warmup: Seconds = 0.0
    start: Annotated[date, BeforeValidator(_written_date, json_schema_input_type=WrittenDate)]
    workers: Annotated[int, Field(strict=True, ge=1, le=1024)] | None = None
    place: PlaceConfig
    fleet: FleetConfig
    incident: Annotated[dict[str, IncidentConfig], Field(min_length=1)]
    centre: CentreConfig
    travel: dict[str, Any]
    air: dict[str, Any] | None = None
    traffic: TrafficConfig = TrafficConfig()
    dispatch: dict[str, Any]
    move_up: dict[str, Any] | None = None
    queue: dict[str, Any] | None = None
    demand: Annotated[dict[str, dict[str, Any]], Field(min_length=1)]
    weather: WeatherConfig = WeatherConfig()
    closures: dict[Slug, ClosureConfig] = {}
    targets: dict[str, TargetConfig] = {}

    @model_validator(mode="after")
    def _warmup(self) -> "Config":
        if self.warmup >= self.horizon:
            raise BelowError.at("warmup", expected="less than the horizon")
        return self
