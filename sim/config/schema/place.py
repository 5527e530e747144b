"""A place, by towns to be zoned or by zones."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.config.schema.base import LevelName, Positive, Sigma, Slug, Strict, ZoneKindName
from sim.model.units import Coordinate, Density, PositiveMetres, SquareMetres


class Located(Strict):
    """A point, by ``lat`` and ``lon`` in degrees, or by ``x`` and ``y``."""

    lat: Annotated[float, Field(strict=True, ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(strict=True, ge=-180, le=180)] | None = None
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


MOST_CELLS = 20_000
"""Of the fine kind, over the whole area."""


class Zoning(Strict):
    """How towns become zones; see sim.config.zoning."""

    area: SquareMetres
    built_up_density: Density
    cell: PositiveMetres
    coarse_cell: PositiveMetres
    built_up_scale: PositiveMetres
    rural_scale: PositiveMetres
    jitter: Sigma
    seed: Annotated[int, Field(strict=True, ge=0)] = 0

    @model_validator(mode="after")
    def _cells_fit(self) -> "Zoning":
        if not (self.coarse_cell / self.cell).is_integer():
            raise ValueError("expected coarse_cell to be a whole multiple of cell")
        if self.area / self.cell**2 > MOST_CELLS:
            raise ValueError(f"expected at most {MOST_CELLS:,} cells: a smaller area, or larger cells")
        return self


class PlaceConfig(Strict):
    """A place, by towns to be zoned or by zones."""

    name: Slug
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
