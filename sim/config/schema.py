"""What may be written in a config, key by key. Quantities carry units; names must be known."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from sim.config.problems import did_you_mean
from sim.model.distributions import Distribution
from sim.model.targets import CLOCKS
from sim.model.units import (
    Coordinate,
    Density,
    PerPerson,
    PerTime,
    PositiveMetres,
    PositiveSeconds,
    Seconds,
    Share,
    SquareMetres,
    TimeOfDay,
)


def _known(what: str) -> AfterValidator:
    """Accept only names that the config itself declares, handed over as validation context."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(what)
        if known is not None and name not in known:
            raise ValueError(f"expected a known {what}{did_you_mean(name, known)}")
        return name

    return AfterValidator(check)


UnitKindName = Annotated[str, _known("unit kind")]
SiteName = Annotated[str, _known("station or hospital")]
TypeName = Annotated[str, _known("incident type")]
ClockName = Annotated[str, _known("clock")]
LevelName = Literal["I", "II", "III", "IV"]
ZoneKindName = Literal["built_up", "rural"]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]


class Strict(BaseModel):
    """A mapping that accepts no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Located(Strict):
    """A point, by ``lat`` and ``lon`` in degrees, or by ``x`` and ``y``."""

    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Located":
        on_earth, on_plane = (self.lat, self.lon), (self.x, self.y)
        if None in (on_plane if on_earth == (None, None) else on_earth) or (
            on_earth != (None, None) and on_plane != (None, None)
        ):
            raise ValueError("expected either lat and lon, or x and y")
        return self


class Town(Located):
    """A town or sub-district whose people are spread over zones of its own."""

    title: str = ""
    kind: Literal["urban", "rural"]
    people: Positive


class ZoneConfig(Located):
    """A demand zone given outright: a square, or a point where ``side`` is left out."""

    title: str = ""
    kind: ZoneKindName = "built_up"
    people: Positive
    side: PositiveMetres | None = None


class StationConfig(Located):
    """A fire station, or any other base."""

    title: str = ""


class HospitalConfig(Located):
    """A hospital and the levels of incident whose patients it takes."""

    title: str = ""
    accepts: list[LevelName] = ["I", "II", "III", "IV"]


class Zoning(Strict):
    """How towns become zones; see sim.config.zoning."""

    area: SquareMetres
    built_up_density: Density
    cell: PositiveMetres
    coarse_cell: PositiveMetres
    built_up_scale: PositiveMetres
    rural_scale: PositiveMetres
    jitter: Annotated[float, Field(ge=0)]
    seed: Count = 0

    @model_validator(mode="after")
    def _cells_fit(self) -> "Zoning":
        if not (self.coarse_cell / self.cell).is_integer():
            raise ValueError("expected coarse_cell to be a whole multiple of cell")
        return self


class PlaceConfig(Strict):
    """A place, by towns to be zoned or by zones."""

    name: str
    title: str = ""
    towns: dict[str, Town] | None = None
    zoning: Zoning | None = None
    zones: dict[str, ZoneConfig] | None = None
    stations: dict[str, StationConfig]
    hospitals: dict[str, HospitalConfig] = {}

    @model_validator(mode="after")
    def _towns_or_zones(self) -> "PlaceConfig":
        if bool(self.towns) == bool(self.zones):
            raise ValueError("expected either towns (with zoning) or zones")
        if self.towns and self.zoning is None:
            raise ValueError("expected zoning, which says how towns become zones")
        spots: list[Located] = [*self.stations.values(), *self.hospitals.values()]
        spots += [*(self.towns or {}).values(), *(self.zones or {}).values()]
        if len({spot.lat is None for spot in spots}) > 1:
            raise ValueError("expected all points by lat and lon, or all by x and y")
        return self


class UnitKindConfig(Strict):
    """A kind of unit."""

    title: str = ""
    mode: str
    turnout: Distribution
    access: Distribution
    trip_sigma: Annotated[float, Field(ge=0)] = 0.0
    transports: bool = False
    handover: Distribution | None = None

    @model_validator(mode="after")
    def _handover(self) -> "UnitKindConfig":
        if self.transports and self.handover is None:
            raise ValueError("expected handover, the time at hospital, for a kind that transports")
        return self


class FleetConfig(Strict):
    """Units by base and kind."""

    kinds: dict[str, UnitKindConfig]
    units: dict[SiteName, dict[UnitKindName, Count]]
    engines_per_station: Count | None = None
    available: Literal["clearing", "in_quarters"] = "clearing"
    firefighters: Count | None = None


class ProfileConfig(Strict):
    """How a rate goes over the day and the week."""

    peak: TimeOfDay = 0.0
    swing: Share = 0.0
    weekly: Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=7, max_length=7)] = [1.0] * 7

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
    priority: Annotated[int, Field(ge=1)]
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
    confidence_level: Share


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


class CentreConfig(Strict):
    """The command centre."""

    call_takers: Annotated[int, Field(ge=1)] | None = None
    pick_up: Seconds = 0.0
    alerting: Seconds = 0.0
    queue_limit: Count | None = None


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
