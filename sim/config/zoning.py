"""Demand zones out of a list of towns, where no map of the people is to be had.

The zoning is synthetic and says so. The plane is tiled with square cells. *Built-up* cells are the
fine ones nearest to the urban towns' centres, as many as their people need at the built-up density.
The other land, coarse cells but fine ones along the built-up edge, is added from the nearest to a
town outwards, until the stated area is full. A built-up cell belongs to the nearest urban town, any
other to the nearest rural one. *Forest* are those other cells that lie farthest from any town, of the towns
that have forest, up to its stated area. A town's people spread over its cells in proportion to
area * exp(-distance / scale) * lognormal jitter, so that town totals are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.config.schema.place import Zoning
from sim.model.distributions import FloatArray
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


def zone_towns(towns: Sequence[TownPoint], zoning: Zoning) -> tuple[Zone, ...]:
    """Return the zones of towns, each with people; the same towns and zoning give the same zones."""
    points = np.array([(town.x_m, town.y_m) for town in towns])
    urban = np.array([town.urban for town in towns])
    people = np.array([town.people for town in towns])
    fine = _lattice(points, zoning.cell, zoning)
    is_built = _built_up(fine, points[urban], float(people[urban].sum()), zoning)
    built = fine[is_built]
    left_m2 = zoning.area - len(built) * zoning.cell**2
    rural, sides = _rural(fine, is_built, points, left_m2, zoning)
    owner = _nearest(rural, points, ~urban if (~urban).any() else urban)
    wooded = _wooded(towns, rural, sides, owner, zoning)
    parts = [
        _Cells("built_up", built, np.full(len(built), zoning.cell), zoning.built_up_scale),
        _Cells("rural", rural[~wooded], sides[~wooded], zoning.rural_scale),
        _Cells("forest", rural[wooded], sides[wooded], zoning.rural_scale),
    ]
    owners = [_nearest(built, points, urban if urban.any() else ~urban), owner[~wooded], owner[wooded]]
    return _populate(towns, parts, owners, zoning)


def _lattice(points: FloatArray, step: float, zoning: Zoning) -> FloatArray:
    """Return the centres of cells around the points, on a grid that coarse cells fit into.

    They reach as far as the stated area can from a single point.
    """
    margin = (zoning.area / np.pi) ** 0.5 + 2 * zoning.coarse_cell
    low = np.floor((points.min(axis=0) - margin) / zoning.coarse_cell) * zoning.coarse_cell
    n = np.ceil((points.max(axis=0) + margin - low) / zoning.coarse_cell).astype(int)
    per = round(zoning.coarse_cell / step)
    xs, ys = (low[i] + (np.arange(n[i] * per) + 0.5) * step for i in (0, 1))
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


def _built_up(fine: FloatArray, urban: FloatArray, people: float, zoning: Zoning) -> NDArray[np.bool_]:
    """Return which fine cells are built up: those nearest to urban centres that hold the urban people."""
    n = round(min(people / zoning.built_up_density, zoning.area) / zoning.cell**2)
    found = np.zeros(len(fine), np.bool_)
    if len(urban):
        found[np.argsort(_gaps(fine, urban), kind="stable")[:n]] = True
    return found


def _rural(
    fine: FloatArray, is_built: NDArray[np.bool_], points: FloatArray, area_m2: float, zoning: Zoning
) -> tuple[FloatArray, FloatArray]:
    """Return centres and sides of the cells outside the built-up land, up to ``area_m2``."""
    coarse = _lattice(points, zoning.coarse_cell, zoning)
    columns = int(np.ptp(coarse[:, 1]) / zoning.coarse_cell) + 2

    def parent(cells: FloatArray) -> NDArray[np.int64]:
        column_row = np.floor((cells - coarse.min(axis=0)) / zoning.coarse_cell + 0.5).astype(np.int64)
        return np.asarray(column_row @ (columns, 1))

    parents = parent(fine)
    touched = np.unique(parents[is_built])
    whole = coarse[~np.isin(parent(coarse), touched)]
    edge = fine[np.isin(parents, touched) & ~is_built]
    cells = np.concatenate([whole, edge])
    sides = np.concatenate([np.full(len(whole), zoning.coarse_cell), np.full(len(edge), zoning.cell)])
    order = np.argsort(_gaps(cells, points), kind="stable")
    kept = order[np.cumsum(sides[order] ** 2) <= area_m2 + 1e-6]
    return cells[kept], sides[kept]


def _wooded(
    towns: Sequence[TownPoint],
    cells: FloatArray,
    sides: FloatArray,
    owner: NDArray[np.intp],
    zoning: Zoning,
) -> NDArray[np.bool_]:
    """Return which cells are forest: those farthest from towns, as near to the stated area as cells go."""
    found = np.zeros(len(cells), np.bool_)
    if zoning.forest is None:
        return found
    named = zoning.forest.towns
    eligible = np.flatnonzero(
        np.isin(owner, [i for i, t in enumerate(towns) if not named or t.name in named])
    )
    points = np.array([(town.x_m, town.y_m) for town in towns])
    far = np.argsort(-_gaps(cells[eligible], points), kind="stable")
    areas = np.cumsum(sides[eligible[far]] ** 2)
    count = int(np.searchsorted(areas, zoning.forest.area))
    if count < len(areas) and areas[count] - zoning.forest.area < zoning.forest.area - (
        areas[count - 1] if count else 0
    ):
        count += 1
    found[eligible[far[:count]]] = True
    return found


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
