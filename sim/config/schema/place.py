"""A place: its towns to be zoned or its zones, and its sites, lines and neighbours."""

from difflib import get_close_matches
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import (
    LevelName,
    Located,
    Positive,
    Slug,
    Strict,
    TownName,
    TypeName,
    ZoneKindName,
)
from sim.config.schema.zoning import BoundaryText, Zoning
from sim.model.distributions import Distribution
from sim.model.place import FIRE_STATION, HOSPITAL, SITE_KINDS
from sim.model.rates import Rate
from sim.model.units import PositiveMetres, Seconds, SquareMetres


class Town(Located):
    """A town or sub-district whose people are spread over zones of its own.

    Where there is no signal and nobody to tell, ``report_delay`` is by how much later reports come.
    """

    title: str = ""
    kind: Literal["urban", "rural"]
    people: Positive
    district: str = ""
    report_delay: Distribution | None = None


class ZoneConfig(Located):
    """A demand zone given outright: a square, what a boundary encloses, or a point.

    A zone with a boundary becomes squares, and ``lat`` and ``lon`` are their middle. Where there is no
    signal and nobody to tell, ``report_delay`` is by how much later reports come.
    """

    title: str = ""
    kind: ZoneKindName = "built_up"
    people: Annotated[float, Field(strict=True, ge=0, le=1e9)]
    side: PositiveMetres | None = None
    boundary: BoundaryText | None = None
    district: str = ""
    report_delay: Distribution | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> "ZoneConfig":
        if self.boundary is not None and (self.side is not None or self.lat is None):
            raise ValueError("expected a boundary beside lat and lon, and without side")
        return self


def _site_kind(kind: str) -> str:
    """Accept any kind of site, but not a misspelling of those that tocsin knows."""
    close = get_close_matches(kind, SITE_KINDS, n=1, cutoff=0.85)
    if close and kind not in SITE_KINDS:
        raise ValueError(f'expected a kind of site; did you mean "{close[0]}"?')
    return kind


SiteKind = Annotated[Slug, AfterValidator(_site_kind)]


def _some_level(levels: list[str]) -> list[str]:
    """Accept at least one level; a hospital that accepts nobody is none."""
    if not levels:
        raise ValueError("expected at least one level; without accepts it is all of them")
    return levels


class SiteConfig(Located):
    """A fire station, a hospital, or any other site.

    A hospital ``accepts`` patients of these levels, or of all when it does not say.
    ``capacity`` is in people, ``stock`` says what lies there; neither is part of the model yet.
    """

    kind: SiteKind
    title: str = ""
    accepts: Annotated[list[LevelName], AfterValidator(_some_level)] | None = None
    capacity: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] | None = None
    area: SquareMetres | None = None
    stock: dict[str, str | float] = {}

    @model_validator(mode="after")
    def _only_hospitals_accept(self) -> "SiteConfig":
        if self.accepts is not None and self.kind != HOSPITAL:
            raise BelowError.at("accepts", expected=f"it only for a site of kind {HOSPITAL}")
        return self


class ScatteredConfig(Strict):
    """So many sites of a kind whose positions are not known: they are drawn, in proportion to ``by``."""

    kind: SiteKind
    title: str = ""
    count: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    zones: Annotated[list[ZoneKindName], Field(min_length=1)] = ["built_up", "rural"]
    towns: list[TownName] = []
    by: Literal["people", "area"] = "people"

    @model_validator(mode="after")
    def _not_bases(self) -> "ScatteredConfig":
        if self.kind in (FIRE_STATION, HOSPITAL):
            raise BelowError.at(
                "kind", expected=f"another kind than {self.kind}, which must have a place of its own"
            )
        return self


class LineConfig(Strict):
    """A road, coast, river or pipeline through points of (lat, lon), or of (x, y) with units.

    ``length`` is the stated one; without it that between the points counts.
    """

    kind: Slug
    title: str = ""
    points: Annotated[list[Located], Field(min_length=2)]
    length: PositiveMetres | None = None


class NeighbourConfig(Located):
    """A city or county that helps in need, shown but not part of the model yet."""

    title: str = ""
    mobilisation: Seconds | None = None


class PlaceConfig(Strict):
    """A place, by towns to be zoned or by zones; ``cell`` is the side of squares out of zones' boundaries.

    ``rates`` are this place's own rates of incident types, in place of the types'. ``report_delays`` are
    those of kinds of zone, for zones (or towns) that do not say their own.
    """

    name: Slug
    title: str = ""
    towns: dict[str, Town] | None = None
    zoning: Zoning | None = None
    zones: dict[str, ZoneConfig] | None = None
    cell: PositiveMetres | None = None
    districts: dict[str, str] = {}
    sites: dict[str, SiteConfig]
    scattered: dict[str, ScatteredConfig] = {}
    lines: dict[str, LineConfig] = {}
    neighbours: dict[str, NeighbourConfig] = {}
    rates: dict[TypeName, Rate] = {}
    report_delays: dict[ZoneKindName, Distribution] = {}
    facts: dict[str, str | float] = {}

    @model_validator(mode="after")
    def _towns_or_zones(self) -> "PlaceConfig":
        if bool(self.towns) == bool(self.zones):
            raise ValueError("expected either towns (with zoning) or zones")
        if self.towns and self.zoning is None:
            raise ValueError("expected zoning, which says how towns become zones")
        spots: list[Located] = [*self.sites.values(), *self.neighbours.values()]
        spots += [*(self.towns or {}).values(), *(self.zones or {}).values()]
        spots += [spot for line in self.lines.values() for spot in line.points]
        if len({spot.lat is None for spot in spots}) > 1:
            raise ValueError("expected all points by lat and lon, or all by x and y")
        return self

    @model_validator(mode="after")
    def _boundaries_fit(self) -> "PlaceConfig":
        bounded = any(zone.boundary is not None for zone in (self.zones or {}).values())
        if bounded and self.cell is None:
            raise ValueError("expected cell, such as 500 m: the side of the squares that polygons become")
        if self.cell is not None and not bounded:
            raise ValueError("expected cell only beside zones that are polygons")
        forest = self.zoning.forest if self.zoning else None
        drawn = [each.boundary for each in (self.zoning, forest) if each]
        if any(drawn) and any(town.lat is None for town in (self.towns or {}).values()):
            raise ValueError("expected towns by lat and lon, because boundaries are in degrees")
        return self

    @model_validator(mode="after")
    def _known_districts(self) -> "PlaceConfig":
        where: list[tuple[str, Town | ZoneConfig]] = [
            *(self.towns or {}).items(),
            *(self.zones or {}).items(),
        ]
        for name, spot in where:
            if spot.district and self.districts and spot.district not in self.districts:
                raise ValueError(f"expected the district of {name}, {spot.district!r}, to be in districts")
        return self
