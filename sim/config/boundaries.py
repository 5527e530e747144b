"""Boundaries among the other parts of a place: zones cut into squares, and what does not fit together."""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from sim.config.problems import Problem
from sim.config.schema.place import PlaceConfig, ZoneConfig
from sim.config.schema.zoning import MOST_CELLS
from sim.model.boundary import Boundary, read_boundary
from sim.model.distributions import FloatArray
from sim.model.earth import LatLon, project
from sim.model.place import Zone

EDGE_M = 2000.0
"""How far outside the area a station, hospital or town may lie before it counts as a mistake."""

TOLERANCE = 0.2
"""By how much of itself a stated area may differ from that inside the boundary."""


def projected(text: str | None, origin: LatLon | None) -> Boundary | None:
    """Return a boundary in metres; None where there is none, or nothing to measure from."""
    return read_boundary(text).project(origin) if text and origin else None


def squares(
    name: str, zone: ZoneConfig, spot: tuple[float, float], cell: float, origin: LatLon | None
) -> Iterator[Zone]:
    """Yield a zone at a spot as it is, or the squares that its boundary encloses.

    These stand where the centres of a grid's cells lie inside, or on one spot inside where none
    does. They are as large as makes their area that of the boundary, and share the people evenly.
    """
    land = projected(zone.boundary, origin)
    if land is None:
        yield Zone(name, name, zone.kind, *spot, zone.side or 0.0, zone.people, zone.district)
        return
    centres = land.cells(cell).tolist() or [land.spot]
    side, people = sqrt(land.area / len(centres)), zone.people / len(centres)
    for i, (x, y) in enumerate(centres):
        yield Zone(f"{name}-{i:04d}", name, zone.kind, x, y, side, people, zone.district)


def problems(config: PlaceConfig, origin: LatLon | None) -> list[Problem]:
    """Return what is wrong between boundaries and the rest of a place."""
    zones = (config.zones or {}).values()
    areas = [land.area for zone in zones if (land := projected(zone.boundary, origin))]
    found = list(_too_many(("place", "cell"), sum(areas), config.cell)) if config.cell else []
    land = projected(config.zoning.boundary, origin) if config.zoning else None
    if config.zoning and land and origin:
        found += _too_many(("place", "zoning", "cell"), land.area, config.zoning.cell)
        found += _differs(config.zoning.area, land.area)
        found += _outside(config, land.cells(config.zoning.cell), origin) if not found else []
    return found


def _too_many(path: tuple[str, ...], area: float, cell: float) -> Iterator[Problem]:
    if (n := area / cell**2) > MOST_CELLS:
        yield Problem(path, f"{n:,.0f} cells", f"at most {MOST_CELLS:,}: larger cells, or smaller polygons")


def _differs(stated: float | None, drawn: float) -> Iterator[Problem]:
    if stated is not None and abs(stated - drawn) > TOLERANCE * stated:
        expected = f"nearly the {drawn / 1e6:,.1f} km2 inside the boundary, or no area"
        yield Problem(("place", "zoning", "area"), f"{stated / 1e6:,.1f} km2", expected)


def _outside(config: PlaceConfig, centres: FloatArray, origin: LatLon) -> Iterator[Problem]:
    """Yield the towns that lie outside the boundary, none of whose cells are near them."""
    if not len(centres):
        path = ("place", "zoning", "boundary")
        yield Problem(path, "no centre of a cell inside", "a larger boundary, or smaller cells")
        return
    for name, town in (config.towns or {}).items():
        spot = project(town.lat or 0.0, town.lon or 0.0, origin)
        gap = float(np.hypot(*(centres - spot).T).min())
        if gap > EDGE_M:
            found = f"a point {gap / 1000:.1f} km outside place.zoning.boundary"
            yield Problem(("place", "towns", name), found, "a point inside it")
