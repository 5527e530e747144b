"""Demand zones out of a list of towns, where no map of the people is to be had.

The zoning is synthetic and says so. The plane is tiled with square cells. *Built-up* cells are the
fine ones nearest to the urban towns' centres, as many as their people need at the built-up density.
The other land, coarse cells but fine ones along the built-up edge, is added from the nearest to a
town outwards, until the stated area is full. A built-up cell belongs to the nearest urban town, any
other to the nearest rural one. *Forest* are those other cells that lie farthest from any town, of the towns
that have forest, up to its stated area. Where boundaries of the land or the forest are known, these say
which cells are land and forest, by their centres. A town's people spread over its cells in proportion to
area * exp(-distance / scale) * lognormal jitter, so that town totals are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.config.boundaries import projected
from sim.config.schema.zoning import ForestConfig, Zoning
from sim.config.tiling import Land, around, built_up, cut, gaps, lattice, nearest
from sim.model.distributions import FloatArray
from sim.model.earth import LatLon
from sim.model.place import Zone
from sim.rng import Streams


@dataclass(frozen=True)
class TownPoint:
    """A town's centre in metres, its people, and whether it is urban."""

    name: str
    x_m: float
    y_m: float
    people: float
    urban: bool
    district: str = ""


@dataclass(frozen=True)
class _Cells:
    """Cells of one kind: centres in metres (n, 2), sides (n,), and the length over which people thin out."""

    kind: str
    centres: FloatArray
    sides: FloatArray
    scale_m: float


def zone_towns(towns: Sequence[TownPoint], zoning: Zoning, origin: LatLon | None = None) -> tuple[Zone, ...]:
    """Return the zones of towns, each with people; the same towns and zoning give the same zones.

    ``origin`` is that of the towns, and needed for boundaries.
    """
    points = np.array([(town.x_m, town.y_m) for town in towns])
    urban = np.array([town.urban for town in towns])
    people = np.array([town.people for town in towns])
    land = projected(zoning.boundary, origin)
    area = zoning.area if zoning.area and not land else np.inf
    fine = land.cells(zoning.cell) if land else lattice(points, area, zoning)
    built_m2 = min(float(people[urban].sum()) / zoning.built_up_density, area)
    is_built = built_up(fine, points[urban], built_m2, zoning)
    built = fine[is_built]
    rural, sides = around(fine, is_built, points, area - len(built) * zoning.cell**2, zoning)
    open_land = Land(rural, sides, nearest(rural, points, ~urban if (~urban).any() else urban))
    wooded = np.zeros(len(rural), np.bool_)
    if zoning.forest:
        open_land, wooded = _wooded(towns, open_land, zoning, zoning.forest, origin)
    rural, sides, owner = open_land.cells, open_land.sides, open_land.owner
    parts = [
        _Cells("built_up", built, np.full(len(built), zoning.cell), zoning.built_up_scale),
        _Cells("rural", rural[~wooded], sides[~wooded], zoning.rural_scale),
        _Cells("forest", rural[wooded], sides[wooded], zoning.rural_scale),
    ]
    owners = [nearest(built, points, urban if urban.any() else ~urban), owner[~wooded], owner[wooded]]
    return _populate(towns, parts, owners, zoning)


def _wooded(
    towns: Sequence[TownPoint], land: Land, zoning: Zoning, forest: ForestConfig, origin: LatLon | None
) -> tuple[Land, NDArray[np.bool_]]:
    """Return the land and which of its cells are forest, of the towns that have it.

    Without a boundary, forest are the cells farthest from towns, up to its area: the last of them may be
    a coarse one that is cut up for it.
    """
    named = forest.towns
    eligible = np.isin(land.owner, [i for i, t in enumerate(towns) if not named or t.name in named])
    drawn = projected(forest.boundary, origin)
    if drawn:
        return land, eligible & drawn.contains(land.cells)
    points = np.array([(town.x_m, town.y_m) for town in towns])
    far = np.flatnonzero(eligible)
    far = far[np.argsort(-gaps(land.cells[far], points), kind="stable")]
    areas = np.cumsum(land.sides[far] ** 2)
    area = forest.area or 0.0
    count = int(np.searchsorted(areas, area, side="right"))
    wooded = np.zeros(len(land.cells), np.bool_)
    wooded[far[:count]] = True
    left = round((area - (areas[count - 1] if count else 0.0)) / zoning.cell**2)
    if left and count < len(far):
        kept = np.arange(len(land.cells)) != far[count]
        pieces = cut(land.cells[far[count]], float(land.sides[far[count]]), zoning.cell)
        land = land.replaced(kept, pieces, zoning.cell, int(land.owner[far[count]]))
        wooded = np.concatenate([wooded[kept], np.arange(len(pieces)) < left])
    return land, wooded


def _populate(
    towns: Sequence[TownPoint], parts: Sequence[_Cells], owners: Sequence[NDArray[np.intp]], zoning: Zoning
) -> tuple[Zone, ...]:
    """Return zones with each town's people spread over the cells it owns."""
    zones: list[Zone] = []
    for i, town in enumerate(towns):
        centre = np.array([town.x_m, town.y_m])
        rng = Streams(zoning.seed, 0)("zoning", town.name)
        mine = [
            (part, part.centres[owner == i], part.sides[owner == i])
            for part, owner in zip(parts, owners, strict=True)
        ]
        weights = [
            sides**2
            * np.exp(-np.linalg.norm(centres - centre, axis=1) / part.scale_m)
            * np.exp(zoning.jitter * rng.standard_normal(len(sides)))
            for part, centres, sides in mine
        ]
        total = sum(float(w.sum()) for w in weights)
        if total == 0:
            raise ValueError(f"expected land for the town {town.name}: a larger area, or smaller cells")
        for (part, centres, sides), w in zip(mine, weights, strict=True):
            for (x, y), side, share in zip(
                centres.tolist(), sides.tolist(), (w / total).tolist(), strict=True
            ):
                name = f"{town.name}-{len(zones):04d}"
                people = town.people * share
                zones.append(Zone(name, town.name, part.kind, x, y, side, people, town.district))
    return tuple(zones)
