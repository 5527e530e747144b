"""Square cells that tile the land of a place: a lattice, the built-up ones, and the others outwards."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.config.schema.zoning import Zoning
from sim.model.distributions import FloatArray


@dataclass(frozen=True)
class Land:
    """Cells outside the built-up land: centres in metres (n, 2), sides (n,), and the town of each (n,)."""

    cells: FloatArray
    sides: FloatArray
    owner: NDArray[np.intp]

    def replaced(self, kept: NDArray[np.bool_], pieces: FloatArray, side: float, owner: int) -> "Land":
        """Return the cells that are kept, and pieces of one side and owner in place of the others."""
        n = len(pieces)
        return Land(
            np.concatenate([self.cells[kept], pieces]),
            np.concatenate([self.sides[kept], np.full(n, side)]),
            np.concatenate([self.owner[kept], np.full(n, owner)]),
        )


def lattice(points: FloatArray, area_m2: float, zoning: Zoning) -> FloatArray:
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


def gaps(cells: FloatArray, points: FloatArray) -> FloatArray:
    """Return how far each cell is from the nearest point, shape (cells,), in little memory."""
    squares = np.full(len(cells), np.inf)
    xs, ys = cells.T.copy()
    for x, y in points.tolist():
        np.minimum(squares, (xs - x) ** 2 + (ys - y) ** 2, out=squares)
    return np.asarray(np.sqrt(squares))


def nearest(cells: FloatArray, points: FloatArray, eligible: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the index of the nearest eligible point to each cell, shape (cells,)."""
    distances = np.where(eligible, _distances(cells, points), np.inf)
    return np.asarray(distances.argmin(axis=1)) if len(cells) else np.zeros(0, np.intp)


def built_up(fine: FloatArray, urban: FloatArray, area_m2: float, zoning: Zoning) -> NDArray[np.bool_]:
    """Return which fine cells are built up: those nearest to urban centres, as many as fill the area."""
    n = round(area_m2 / zoning.cell**2)
    found = np.zeros(len(fine), np.bool_)
    if len(urban):
        found[np.argsort(gaps(fine, urban), kind="stable")[:n]] = True
    return found


def around(
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
    order = np.argsort(gaps(cells, points), kind="stable")
    kept = order[np.cumsum(sides[order] ** 2) <= area_m2 + 1e-6]
    return cells[kept], sides[kept]


def cut(centre: FloatArray, side: float, step: float) -> FloatArray:
    """Return the centres of the squares of side ``step`` that a square is made of, shape (n, 2)."""
    offsets = (np.arange(round(side / step)) + 0.5) * step - side / 2
    return np.asarray(np.stack(np.meshgrid(offsets, offsets, indexing="ij"), axis=-1).reshape(-1, 2) + centre)
