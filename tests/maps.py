"""Maps for tests: features in degrees around (36.8, 117.86), written as GeoJSON or GeoPackage."""

import json
import warnings
from pathlib import Path
from typing import Any

import geopandas
from shapely import Geometry, box
from shapely.affinity import affine_transform
from shapely.geometry import shape

from sim.model.earth import project

ORIGIN = (36.8, 117.86)
M_EAST, M_NORTH = project(ORIGIN[0] + 1, ORIGIN[1] + 1, ORIGIN)
"""Metres in a degree."""

Feature = tuple[dict[str, Any], Geometry | None]


def square(x: float, y: float, side: float) -> Geometry:
    """A square with its centre at metres from the origin, in degrees."""
    return degrees(box(x - side / 2, y - side / 2, x + side / 2, y + side / 2))


def degrees(geometry: Geometry) -> Geometry:
    return affine_transform(geometry, [1 / M_EAST, 0, 0, 1 / M_NORTH, ORIGIN[1], ORIGIN[0]])


def metres(geometry: Geometry, origin: tuple[float, float] = ORIGIN) -> Geometry:
    east, north = project(origin[0] + 1, origin[1] + 1, origin)
    return affine_transform(geometry, [east, 0, 0, north, -origin[1] * east, -origin[0] * north])


def write(file: Path, *features: Feature, crs: Any = 4326, layer: str | None = None) -> Path:
    """Write a file in the form that its ending says; GeoJSON by hand, so that it may be wrong."""
    if file.suffix == ".gpkg":
        rows = [said for said, _ in features]
        frame = geopandas.GeoDataFrame(rows, geometry=[each for _, each in features], crs=4326)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)
            frame.to_file(file, layer=layer or file.stem)
        return file
    items = [
        {"type": "Feature", "properties": said, "geometry": each and each.__geo_interface__}
        for said, each in features
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": items}), encoding="utf-8")
    return file


def feature(kind: str, coordinates: Any, **said: Any) -> Feature:
    """A feature whose coordinates are as given."""
    return {"name": "a", "people": 1} | said, shape({"type": kind, "coordinates": coordinates})
