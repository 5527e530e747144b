"""The polygons of a map in a config: each a zone, or all together a boundary."""

from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from sim.config.problems import Problem, did_you_mean, short
from sim.config.provenance import Path
from sim.config.tables.headings import Fault
from sim.config.tables.shapes import Shapes, check_degrees, polygon_of, read_shapes, text_of
from sim.config.tables.sheet import Sheet, fill
from sim.config.tables.specs import Table
from sim.sheets import UnreadableError, canonical

_GEOMETRY = ("lat", "lon", "x", "y", "side")
"""Columns of zones that the shapes say themselves."""

OVERLAP = 0.05
"""The share of a zone's area that may lie in another, because borders are drawn twice."""


def read_features(path: Path, table: Table, file: FilePath, layer: str | None) -> Sheet:
    """Return what the features of a file say for the section at ``path``; never raises.

    Properties that the table does not know are passed over, as maps have many. Features with problems
    are left out.
    """
    columns = {name: column for name, column in table.columns.items() if name not in _GEOMETRY}
    table = replace(table, columns=columns)
    sheet = Sheet(path, table, str(short(file)), row="feature", column="property")
    try:
        shapes = read_shapes(file, layer)
    except UnreadableError as error:
        sheet.tell(path, Fault(error.found, error.expected), 0)
        return sheet
    wanted = _wanted(shapes.header, table)
    rows = [(0, shapes.header), *shapes.rows]
    fill(sheet, iter([(number, [row[i] for i in wanted]) for number, row in rows]))
    _add_shapes(sheet, shapes)
    return sheet


def _wanted(header: list[str], table: Table) -> list[int]:
    """Return which properties to read: those known, and those that seem to be misspelt."""
    names = [canonical(each, table.columns)[0] for each in header]
    missing = table.columns.keys() - set(names)
    return [
        i
        for i, name in enumerate(names)
        if name in table.columns
        or ((hint := did_you_mean(name, table.columns)).endswith('"?') and hint.split('"')[1] in missing)
    ]


def _add_shapes(sheet: Sheet, shapes: Shapes) -> None:
    """Put the shapes into the rows of their features, and tell what is wrong with any."""
    paths = {number: path for path, number in sheet.numbers.items()}
    polygons: list[tuple[int, Path, Any]] = []
    for number, shape in shapes.by_number.items():
        path = paths.get(number, sheet.path)
        try:
            place, polygon = _place(shape)
        except UnreadableError as error:
            sheet.rows.pop(path[-1], None)
            sheet.tell(path, Fault(error.found, error.expected), number)
            continue
        sheet.rows.get(path[-1], {}).update(place)
        polygons += [(number, path, polygon)] if polygon else []
    _tell_overlaps(sheet, polygons)


def _place(shape: Any) -> tuple[dict[str, Any], Any]:
    """Return where a zone is, and its polygon or None for a point. Raises UnreadableError for no zone."""
    if shape is not None and shape.geom_type == "Point" and not shape.is_empty:
        check_degrees(shape)
        return _spot(shape), None
    polygon = polygon_of(shape)
    return _spot(polygon.centroid) | {"boundary": text_of(polygon)}, polygon


def _spot(point: Any) -> dict[str, float]:
    return {"lat": round(point.y, 6), "lon": round(point.x, 6)}


def _tell_overlaps(sheet: Sheet, polygons: list[tuple[int, Path, Any]]) -> None:
    from shapely import STRtree

    shapes = [polygon for _, _, polygon in polygons]
    pairs = STRtree(shapes).query(shapes, predicate="intersects").T.tolist() if shapes else []
    for i, j in sorted((i, j) for i, j in pairs if i < j):
        share = shapes[i].intersection(shapes[j]).area / min(shapes[i].area, shapes[j].area)
        if share > OVERLAP:
            number, path, _ = polygons[j]
            found = f"{share:.0%} of the smaller of the features {polygons[i][0]} and {number} in both"
            sheet.tell(path, Fault(found, "polygons that do not overlap"), number)


def read_whole(path: Path, file: FilePath, layer: str | None) -> tuple[str | None, list[Problem]]:
    """Return all polygons of a file as one boundary, as text, or what is wrong with them; never raises."""
    where, problems, polygons = str(short(file)), list[Problem](), []
    try:
        shapes = read_shapes(file, layer)
    except UnreadableError as error:
        return None, [Problem(path, error.found, error.expected, where)]
    for number, shape in shapes.by_number.items():
        try:
            polygons.append(polygon_of(shape))
        except UnreadableError as error:
            problems.append(Problem(path, error.found, error.expected, f"{where}, feature {number}"))
    if problems:
        return None, problems
    from shapely import union_all

    return text_of(union_all(polygons)), []
