"""Which points and cells a boundary encloses, against Shapely."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from maps import ORIGIN, metres

from sim.model.boundary import Boundary, read_boundary

radii = st.lists(st.floats(0.3, 1), min_size=3, max_size=12)


def star(radii: list[float], size: float) -> shapely.Polygon:
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return shapely.Polygon(
        np.array(radii)[:, None] * size * np.column_stack([np.cos(angles), np.sin(angles)])
    )


@settings(deadline=None, max_examples=60)
@given(radii, radii, st.floats(-300, 300))
def test_cells_and_area_are_those_of_shapely(edge: list[float], hole: list[float], x: float) -> None:
    land = star(edge, 5000) - star(hole, 900)
    land |= shapely.affinity.translate(star(hole, 2000), 20_000 + x)
    rings = [
        (np.array(part.exterior.coords), *(np.array(ring.coords) for ring in part.interiors))
        for part in shapely.get_parts(land)
    ]
    boundary = Boundary(tuple(rings))
    assert boundary.area == pytest.approx(land.area)
    xs, ys = np.meshgrid(np.arange(-5750, 24_000, 500.0), np.arange(-5750, 6000, 500.0))
    grid = np.column_stack([xs.ravel(), ys.ravel()])
    inside = shapely.contains_xy(land, grid)
    sure = shapely.distance(land.boundary, shapely.points(grid)) > 1e-6  # not on an edge
    assert (boundary.contains(grid) == inside)[sure].all()
    assert land.contains(shapely.Point(boundary.spot))
    cells = {*map(tuple, boundary.cells(500.0).tolist())}
    assert {*map(tuple, grid[inside & sure].tolist())} <= cells
    assert cells <= {*map(tuple, grid[inside | ~sure].tolist())}


def test_a_boundary_in_degrees_is_measured_in_metres() -> None:
    text = "MULTIPOLYGON (((117.8 36.7, 117.9 36.7, 117.9 36.8, 117.8 36.8, 117.8 36.7)))"
    land = read_boundary(text).project(ORIGIN)
    assert land.area == pytest.approx(metres(shapely.from_wkt(text)).area)
    assert land.contains(np.array([[-3000.0, -6000.0], [3000.0, 6000.0]])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LINESTRING (1 2, 3 4)", "such as POLYGON"),
        ("POLYGON EMPTY", "such as POLYGON"),
        ("POLYGON ((1 2, 3 4, 5 9, 2 1))", "closed rings"),
        ("POLYGON ((1 2, 3 4, 1 2))", "closed rings"),
        ("POLYGON ((1 2 3, 3 4 5, 2 2 2, 1 2 3))", "closed rings"),
        ("POLYGON ((1 2, 3, 4 5, 1 2))", "two numbers"),
        ("POLYGON ((36 117, 37 117, 37 118, 36 117))", "longitude before latitude"),
    ],
)
def test_what_is_not_a_boundary_is_told(text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        read_boundary(text)
