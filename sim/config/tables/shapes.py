"""Files of shapes on a map, GeoJSON and GeoPackage, as GeoPandas reads them.

GeoPandas comes with the extra ``geo``, and is imported where such a file is read and nowhere else.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from sim.config.problems import did_you_mean
from sim.sheets import Row, UnreadableError

SUFFIXES = (".geojson", ".json", ".gpkg")


@dataclass(frozen=True)
class Shapes:
    """What a file holds: the names of the properties, and of each feature, by number, its texts and shape.

    A shape is one of Shapely's, in degrees of WGS 84; None where the feature has none.
    """

    header: list[str]
    rows: list[Row]
    by_number: dict[int, Any]


def read_shapes(file: FilePath, layer: str | None) -> Shapes:
    """Return what a file or one layer of it holds. Raises UnreadableError, also without the extra."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what GDAL makes good, such as rings that are not closed
        try:
            frame = _in_degrees(_frame(file, layer))
        except (RuntimeError, UnicodeDecodeError) as error:  # of GDAL, and of PROJ
            said = str(error).partition(";")[0]
            raise UnreadableError(said, "GeoJSON or a GeoPackage that can be read") from None
    if frame.empty:
        raise UnreadableError("no features", "at least one")
    header = [str(name) for name in frame.columns if name != frame.geometry.name]
    rows = enumerate(frame[header].itertuples(index=False), 1)
    texts = [(number, [_text(value) for value in row]) for number, row in rows]
    return Shapes(header, texts, dict(enumerate(frame.geometry, 1)))


def _frame(file: FilePath, layer: str | None) -> Any:
    """Return a layer as a frame of GeoPandas, or of pandas where it has no geometry."""
    try:
        from geopandas import read_file
        from pyogrio import list_layers
    except ImportError:
        raise UnreadableError("a file of shapes", "the extra geo: pip install 'tocsin[geo]'") from None
    return read_file(file, layer=_layer([str(name) for name, _ in list_layers(file)], layer))


def _layer(there: list[str], layer: str | None) -> str:
    """Return the layer to read: the one that is named, or the only one."""
    if layer is None and len(there) == 1:
        return there[0]
    if layer not in there:
        found = f"{len(there)} layers" if layer is None else f"no layer {layer}"
        hint = did_you_mean(layer or "", there).partition(" (")[0]
        raise UnreadableError(found, f"layer to be one of {', '.join(there)}{hint}")
    return layer


def _in_degrees(frame: Any) -> Any:
    """Return a frame in degrees of WGS 84; without a known reference system it must be already."""
    import numpy as np
    from geopandas import GeoDataFrame

    if not isinstance(frame, GeoDataFrame):
        raise UnreadableError("a table without geometry", "a layer of polygons")
    if frame.crs is not None and not frame.crs.is_engineering:
        return frame.to_crs(4326)
    if (np.abs(frame.total_bounds) > (180, 90, 180, 90)).any():
        expected = "one, such as EPSG:4326, or coordinates in degrees"
        raise UnreadableError("no coordinate reference system", expected)
    return frame.set_crs(4326, allow_override=True)


def _text(value: Any) -> str:
    """Return a property as a spreadsheet would show it; "" for none."""
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def polygon_of(shape: Any) -> Any:
    """Return a valid polygon or several as one, repaired where it must be.

    Raises UnreadableError for any other shape.
    """
    import shapely

    if shape is None or shape.is_empty:
        raise UnreadableError("no geometry", "a polygon")
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise UnreadableError(f"a {shape.geom_type}", "a polygon")
    check_degrees(shape)
    parts = shapely.get_parts(shapely.make_valid(shapely.force_2d(shape)))
    whole = shapely.union_all([part for part in parts if part.geom_type.endswith("Polygon")])
    if whole.is_empty:
        raise UnreadableError("a polygon without area", "a polygon with an area")
    return whole


def check_degrees(shape: Any) -> None:
    """Raise UnreadableError unless the points of a shape can be longitudes and latitudes."""
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        lat = north if abs(north) > abs(south) else south
        found = f"a latitude of {lat:.6g}" if not abs(lat) <= 90 else f"a longitude of {east:.6g}"
        raise UnreadableError(found, "degrees of WGS 84, longitude before latitude")


def text_of(polygon: Any) -> str:
    """Return a polygon as well-known text, to about 10 cm."""
    import shapely

    return str(shapely.to_wkt(polygon, rounding_precision=6))
