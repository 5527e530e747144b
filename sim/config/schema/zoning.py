"""How towns become zones: the cells, the land and the forest."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from sim.config.problems import BelowError
from sim.config.schema.base import Sigma, Strict, TownName
from sim.model.boundary import read_boundary
from sim.model.units import Density, PositiveMetres, SquareMetres


def _boundary(text: str) -> str:
    """Accept what can be read as a boundary."""
    read_boundary(text)
    return text


BoundaryText = Annotated[str, AfterValidator(_boundary)]
"""Polygons as well-known text in degrees, which files of a map become."""


MOST_CELLS = 40_000
"""Of the fine kind, over the whole area."""


class ForestConfig(Strict):
    """How much of the land is forest, or which, and in which towns (all, where none is named)."""

    area: SquareMetres | None = None
    boundary: BoundaryText | None = None
    towns: list[TownName] = []

    @model_validator(mode="after")
    def _one_way(self) -> "ForestConfig":
        if (self.area is None) == (self.boundary is None):
            raise ValueError("expected either the area of the forest or its boundary")
        return self


class Zoning(Strict):
    """How towns become zones; see sim.config.zoning. Beside a boundary, ``area`` is only compared with it."""

    area: SquareMetres | None = None
    boundary: BoundaryText | None = None
    built_up_density: Density
    cell: PositiveMetres
    coarse_cell: PositiveMetres
    built_up_scale: PositiveMetres
    rural_scale: PositiveMetres
    jitter: Sigma
    forest: ForestConfig | None = None
    seed: Annotated[int, Field(strict=True, ge=0)] = 0

    @model_validator(mode="after")
    def _cells_fit(self) -> "Zoning":
        if not (self.coarse_cell / self.cell).is_integer():
            raise BelowError.at("coarse_cell", expected="a whole multiple of cell")
        if self.area is None:
            if self.boundary is None:
                raise ValueError("expected the area of the land, or its boundary")
            return self
        if self.area / self.cell**2 > MOST_CELLS:
            raise ValueError(f"expected at most {MOST_CELLS:,} cells: a smaller area, or larger cells")
        if self.forest and self.forest.area and self.forest.area >= self.area:
            raise BelowError.at("forest", "area", expected="less than area")
        return self
