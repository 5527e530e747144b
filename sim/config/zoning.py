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


@dataclass(frozen=True)
class _Land:
    """Cells outside the built-up land: centres in metres (n, 2), sides (n,), and the town of each (n,)."""

    cells: FloatArray
    sides: FloatArray
    owner: NDArray[np.intp]

    def replaced(self, kept: NDArray[np.bool_], pieces: FloatArray, side: float, owner: int) -> "_Land":
        """Return the cells that are kept, and pieces of one side and owner in place of the others."""
        n = len(pieces)
        return _Land(
            np.concatenate([self.cells[kept], pieces]),
            np.concatenate([self.sides[kept], np.full(n, side)]),
            np.concatenate([self.owner[kept], np.full(n, owner)]),
        )


def zone_towns(towns: Sequence[TownPoint], zoning: Zoning, origin: LatLon | None = None) -> tuple[Zone, ...]:
    """Return the zones of towns, each with people; the same towns and zoning give the same zones.

    ``origin`` is that of the towns, and needed for boundaries.
    """
    points = np.array([(town.x_m, town.y_m) for town in towns])
    urban = np.array([town.urban for town in towns])
    people = np.array([town.people for town in towns])
    land = projected(zoning.boundary, origin)
    area = zoning.area if zoning.area and not land else np.inf
    fine = land.cells(zoning.cell) if land else _lattice(points, area, zoning)
    built_m2 = min(float(people[urban].sum()) / zoning.built_up_density, area)
    is_built = _built_up(fine, points[urban], built_m2, zoning)
    built = fine[is_built]
    rural, sides = _rural(fine, is_built, points, area - len(built) * zoning.cell**2, zoning)
    open_land = _Land(rural, sides, _nearest(rural, points, ~urban if (~urban).any() else urban))
    wooded = np.zeros(len(rural), np.bool_)
    if zoning.forest:
        open_land, wooded = _wooded(towns, open_land, zoning, zoning.forest, origin)
    rural, sides, owner = open_land.cells, open_land.sides, open_land.owner
    parts = [
        _Cells("built_up", built, np.full(len(built), zoning.cell), zoning.built_up_scale),
        _Cells("rural", rural[~wooded], sides[~wooded], zoning.rural_scale),
        _Cells("forest", rural[wooded], sides[wooded], zoning.rural_scale),
    ]
    owners = [_nearest(built, points, urban if urban.any() else ~urban), owner[~wooded], owner[wooded]]
    return _populate(towns, parts, owners, zoning)


def _lattice(points: FloatArray, area_m2: float, zoning: Zoning) -> FloatArray:
    """Return the centres of fine cells around the points, on a grid that coarse cells fit into.

    They reach as far as the area can from a single point.
    """
    margin = (area_m2 / np.pi) ** 0.5 + 2 * zoning.coarse_cell
    low = np.floor((points.min(axis=0) - margin) / zoning.coarse_cell) * zoning.coarse_cell
    n = np.ceil((points.max(axis=0) + margin - low) / zoning.coarse_cell).astype(int)
    per = round(zoning.coarse_cell / zoning.cell)
    xs, ys = (low[i] + (np.arange(n[i] * per) + 0.5) * zoning.cell for i in (0, 1))
    return np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1).reshape(-1, 2)


def _distances(cells: FloatArray, points: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm(cells[:, None] - points[None], axis=-1))


def _gaps(cells: FloatArray, points: FloatArray) -> FloatArray:
    """Return how far each cell is from the nearest point, shape (cells,), in little memory."""
    squares = np.full(len(cells), np.inf)
    xs, ys = cells.T.copy()
    for x, y in points.tolist():
        np.minimum(squares, (xs - x) ** 2 + (ys - y) ** 2, out=squares)
    return np.asarray(np.sqrt(squares))


def _nearest(cells: FloatArray, points: FloatArray, eligible: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the index of the nearest eligible point to each cell, shape (cells,)."""
    distances = np.where(eligible, _distances(cells, points), np.inf)
    return np.asarray(distances.argmin(axis=1)) if len(cells) else np.zeros(0, np.intp)


def _built_up(fine: FloatArray, urban: FloatArray, area_m2: float, zoning: Zoning) -> NDArray[np.bool_]:
    """Return which fine cells are built up: those nearest to urban centres, as many as fill the area."""
    n = round(area_m2 / zoning.cell**2)
    found = np.zeros(len(fine), np.bool_)
    if len(urban):
        found[np.argsort(_gaps(fine, urban), kind="stable")[:n]] = True
    return found


def _rural(
    fine: FloatArray, is_built: NDArray[np.bool_], points: FloatArray, area_m2: float, zoning: Zoning
) -> tuple[FloatArray, FloatArray]:
    """Return centres and sides of the cells outside the built-up land, up to ``area_m2``.

    Fine cells make a coarse one where all that fit into it are there, and none is built up.
    """
    free = fine[~is_built]
    corners, parent, count = np.unique(
        np.floor(free / zoning.coarse_cell), axis=0, return_inverse=True, return_counts=True
    )
    full = count == round(zoning.coarse_cell / zoning.cell) ** 2
    whole = (corners[full] + 0.5) * zoning.coarse_cell
    edge = free[~full[parent.ravel()]]
    cells = np.concatenate([whole, edge])
    sides = np.concatenate([np.full(len(whole), zoning.coarse_cell), np.full(len(edge), zoning.cell)])
    order = np.argsort(_gaps(cells, points), kind="stable")
    kept = order[np.cumsum(sides[order] ** 2) <= area_m2 + 1e-6]
    return cells[kept], sides[kept]


def _wooded(
    towns: Sequence[TownPoint], land: _Land, zoning: Zoning, forest: ForestConfig, origin: LatLon | None
) -> tuple[_Land, NDArray[np.bool_]]:
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
    far = far[np.argsort(-_gaps(land.cells[far], points), kind="stable")]
    areas = np.cumsum(land.sides[far] ** 2)
    area = forest.area or 0.0
    count = int(np.searchsorted(areas, area, side="right"))
    wooded = np.zeros(len(land.cells), np.bool_)
    wooded[far[:count]] = True
    left = round((area - (areas[count - 1] if count else 0.0)) / zoning.cell**2)
    if left and count < len(far):
        kept = np.arange(len(land.cells)) != far[count]
        pieces = _pieces(land.cells[far[count]], float(land.sides[far[count]]), zoning.cell)
        land = land.replaced(kept, pieces, zoning.cell, int(land.owner[far[count]]))
        wooded = np.concatenate([wooded[kept], np.arange(len(pieces)) < left])
    return land, wooded


def _pieces(centre: FloatArray, side: float, step: float) -> FloatArray:
    """Return the centres of the squares of side ``step`` that a square is made of, shape (n, 2)."""
    offsets = (np.arange(round(side / step)) + 0.5) * step - side / 2
    return np.asarray(np.stack(np.meshgrid(offsets, offsets, indexing="ij"), axis=-1).reshape(-1, 2) + centre)


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
