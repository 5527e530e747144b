"""What all sections share: strict mappings, and names that must be known."""

import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from sim.config.problems import did_you_mean
from sim.model.targets import CLOCKS
from sim.model.units import Coordinate


def _known(what: str) -> AfterValidator:
    """Accept only names that the config itself declares, handed over as validation context."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(what)
        if known is not None and name not in known:
            raise ValueError(f"expected a known {what}{did_you_mean(name, known)}")
        return name

    return AfterValidator(check)


def _slug(name: str) -> str:
    """Accept only what can name a folder on every system."""
    if not re.fullmatch(r"\w[\w.-]{0,79}", name):
        raise ValueError("expected a name of at most 80 letters, digits, and . _ - after the first")
    return name


UnitKindName = Annotated[str, _known("unit kind")]
Capability = Annotated[str, _known("unit kind or capability")]
Equipment = Annotated[str, _known("equipment of a unit kind")]
SiteName = Annotated[str, _known("site")]
SiteWord = Annotated[str, _known("site or kind of site")]
TownName = Annotated[str, _known("town")]
WeatherName = Annotated[str, _known("kind of weather")]
TargetName = Annotated[str, _known("target")]
TypeName = Annotated[str, _known("incident type")]
ClockName = Annotated[str, _known("clock"), WithJsonSchema({"type": "string", "enum": [*CLOCKS]})]
LevelName = Literal["I", "II", "III", "IV"]
ZoneKindName = Literal["built_up", "rural", "forest", "water"]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Slug = Annotated[str, AfterValidator(_slug)]
Sigma = Annotated[float, Field(strict=True, ge=0, le=3)]
Positive = Annotated[float, Field(strict=True, gt=0, le=1e9)]


class Strict(BaseModel):
    """A mapping that accepts no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _latitude(degrees: float) -> float:
    """Accept what lies between the poles."""
    if not -90 <= degrees <= 90:
        raise ValueError("expected degrees north, from -90 to 90; are lat and lon swapped?")
    return degrees


_LATITUDES = WithJsonSchema({"type": "number", "minimum": -90, "maximum": 90})
Latitude = Annotated[float, Field(strict=True), AfterValidator(_latitude), _LATITUDES]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180)]


class Located(Strict):
    """A point, by ``lat`` and ``lon`` in degrees, or by ``x`` and ``y``."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Located":
        if not self.is_point:
            raise ValueError("expected either lat and lon, or x and y")
        return self

    @property
    def is_point(self) -> bool:
        """Whether it says one point in one way."""
        on_earth, on_plane = (self.lat, self.lon), (self.x, self.y)
        if on_earth == (None, None):
            return None not in on_plane
        return None not in on_earth and on_plane == (None, None)
