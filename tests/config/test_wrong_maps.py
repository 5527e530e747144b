"""What is wrong with a map is told with its file, feature and property, all at once."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from maps import Feature, degrees, feature, square, write
from sheets import spot
from worlds import world

from sim.config import ConfigError, Problem, build
from sim.config.tables import Expanded, expand

TOWN = square(0, 0, 4000)
RING = [[117.8, 36.7], [117.9, 36.7], [117.9, 36.8], [117.8, 36.7]]


def read(file: Path, **beside: Any) -> Expanded:
    return expand({"place": {"zones": {"file": file.name, **beside}}}, [file.parent])


def problem(file: Path, **beside: Any) -> Problem:
    (found,) = read(file, **beside).problems
    return found


FLAT = [RING[0], RING[1], RING[0], RING[0]]
BAD_FEATURES: dict[str, tuple[Feature, str, str]] = {
    "no geometry": (({"name": "a", "people": 1}, None), "no geometry", "a polygon"),
    "a line": (feature("LineString", RING), "a LineString", "a polygon"),
    "several points": (feature("MultiPoint", RING), "a MultiPoint", "a polygon"),
    "nothing inside": (
        feature("Polygon", [FLAT]),
        "a polygon without",
        "an area",
    ),
    "latitude first": (
        feature("Polygon", [[[y, x] for x, y in RING]]),
        "a latitude of 117.9",
        "longitude before latitude",
    ),
    "metres": (feature("Point", [5e5, 4e6]), "a latitude of 4e+06", "degrees of WGS 84"),
    "a longitude too far": (feature("Point", [500, 40]), "a longitude of 500", "degrees of WGS 84"),
}


@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
@pytest.mark.parametrize(("bad", "found", "expected"), BAD_FEATURES.values(), ids=BAD_FEATURES.keys())
def test_a_shape_that_is_no_zone(
    bad: Feature, found: str, expected: str, suffix: str, tmp_path: Path
) -> None:
    good = ({"name": "good", "people": 1}, square(30_000, 0, 100))
    told = read(write(tmp_path / f"map.{suffix}", good, bad))
    (wrong,) = told.problems
    assert wrong.path == ("place", "zones", "a")
    assert wrong.found.startswith(found)
    assert expected in wrong.expected
    assert spot(wrong) == f"map.{suffix}, feature 2"
    assert list(told.mapping["place"]["zones"]) == ["good"]


@pytest.mark.parametrize(
    ("said", "column", "found", "expected"),
    [
        ({"people": "many"}, "people", "'many'", "a number"),
        ({"people": None}, "people", "nothing", "a value"),
        ({"people": float("nan")}, "people", "nothing", "a value"),
        ({"name": None}, "", "nothing", "a value"),
        ({"name": "north.west"}, "", "'north.west'", "without a dot"),
    ],
)
def test_a_bad_property_is_named(
    said: dict[str, Any], column: str, found: str, expected: str, tmp_path: Path
) -> None:
    good = ({"name": "good", "people": 1}, TOWN)
    bad = ({"name": "a", "people": 1} | said, square(9000, 0, 100))
    wrong = problem(write(tmp_path / "map.geojson", good, bad))
    assert (wrong.path[3:], wrong.found) == ((column,) if column else (), found)
    assert expected in wrong.expected
    assert spot(wrong) == f"map.geojson, feature 2, property {next(iter(said))}"


@pytest.mark.parametrize(
    ("said", "found", "expected"),
    [
        ({"name": "a"}, "no property people", "a property people"),
        ({"people": 1}, "no property name", "a property name"),
        ({"name": "a", "people": 1, "knd": "rural"}, "'knd'", 'did you mean "kind"?'),
        ({"name": "a", "people": 1, "人口": 1}, "'人口'", "each property once"),
    ],
)
def test_a_property_that_all_lack_or_is_misspelt(
    said: dict[str, Any], found: str, expected: str, tmp_path: Path
) -> None:
    wrong = problem(write(tmp_path / "map.geojson", (said, TOWN)))
    assert (wrong.path, wrong.found) == (("place", "zones"), found)
    assert expected in wrong.expected
    assert spot(wrong).startswith("map.geojson")


def test_one_feature_for_each_name_and_one_zone_for_each_piece_of_land(tmp_path: Path) -> None:
    rows = [({"name": n, "people": 1}, square(x, 0, 4000)) for n, x in (("a", 0), ("b", 4100), ("a", 9000))]
    wrong = problem(write(tmp_path / "map.geojson", *rows))
    assert (wrong.found, spot(wrong)) == ("features 1 and 3 for a", "map.geojson, feature 3")
    within = [({"name": n, "people": 1}, square(0, 0, side)) for n, side in (("a", 4000), ("b", 1000))]
    wrong = problem(write(tmp_path / "map.geojson", *within))
    assert wrong.found == "100% of the smaller of the features 1 and 2 in both"
    assert (wrong.expected, spot(wrong)) == ("polygons that do not overlap", "map.geojson, feature 2")
    beside = [({"name": n, "people": 1}, square(x, 0, 4000)) for n, x in (("a", 0), ("b", 3990))]
    assert read(write(tmp_path / "map.geojson", *beside)).problems == ()


BARE = b'{"type": "FeatureCollection", "features": []}'
BAD_FILES = {
    "empty": ("map.geojson", b"", "", "GeoJSON or a GeoPackage"),
    "no JSON": ("map.geojson", b"hello", "", "GeoJSON or a GeoPackage"),
    "cut short": ("map.geojson", b'{"type": "FeatureCollection", "features": [{', "", "GeoJSON or a"),
    "JSON of another kind": ("map.json", b'{"a": 1}', "", "GeoJSON or a GeoPackage"),
    "no database": ("map.gpkg", b"SQLite", "", "GeoJSON or a GeoPackage"),
    "no features": (
        "map.geojson",
        b'{"type": "FeatureCollection", "features": []}',
        "no features",
        "at least one",
    ),
    "a folder": ("map.geojson", None, "'map.geojson'", "a file in"),
    "a spreadsheet": ("map.xlsx", b"", "'map.xlsx'", "a file ending in .csv or .geojson or .json or .gpkg"),
}


@pytest.mark.parametrize(("name", "content", "found", "expected"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_is_no_map(
    name: str, content: bytes | None, found: str, expected: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    wrong = problem(file)
    assert wrong.path[:2] == ("place", "zones")
    assert found in wrong.found
    assert expected in wrong.expected


def test_a_layer_must_be_chosen_and_known(tmp_path: Path) -> None:
    file = write(tmp_path / "map.gpkg", ({"name": "a", "people": 1}, TOWN), layer="towns")
    assert problem(file, layer="town").expected == 'layer to be one of towns; did you mean "towns"?'
    write(file, ({"name": "a", "people": 1}, TOWN), layer="roads")
    wrong = problem(file)
    assert (wrong.found, wrong.expected) == ("2 layers", "layer to be one of towns, roads")
    override = {"value": "town", "source": "the override", "confidence": "assumed"}
    assert problem(file, layer=override).found == "no layer town"


def test_metres_without_a_reference_system(tmp_path: Path) -> None:
    metric = ({"name": "a", "people": 1}, shapely.box(5e5, 4e6, 6e5, 5e6))
    wrong = problem(write(tmp_path / "map.gpkg", metric, crs=None))
    assert wrong.found == "no coordinate reference system"
    assert "such as EPSG:4326" in wrong.expected


def test_a_table_without_shapes(tmp_path: Path) -> None:
    bare = {"type": "Feature", "properties": {"name": "a", "people": 1}, "geometry": None}
    file = tmp_path / "map.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [bare, bare | {"id": 2}]}))
    found = [each.found for each in read(file).problems]
    assert sorted(found) == ["features 1 and 2 for a", "no geometry", "no geometry"]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    rows: list[Feature] = [
        ({"name": "a", "people": -5, "kind": "hill"}, TOWN),
        ({"name": "b", "people": "x"}, square(9000, 0, 500)),
        ({"name": "c", "people": 3}, shapely.LineString([(117, 36), (118, 36)])),
    ]
    write(tmp_path / "map.geojson", *rows)
    with pytest.raises(ConfigError) as caught:
        build(world(place__zones={"file": "map.geojson"}, seed="x"), folders=[tmp_path])
    told = {".".join(each.path): spot(each) for each in caught.value.problems}
    assert told == {
        "place.zones.a.people": "map.geojson, feature 1, property people",
        "place.zones.a.kind": "map.geojson, feature 1, property kind",
        "place.zones.b.people": "map.geojson, feature 2, property people",
        "place.zones.c": "map.geojson, feature 3",
        "seed": "",
    }


PLAIN = {"z": {"x": "0 m", "y": "0 m", "people": 1}}
SITES = {"s": {"kind": "fire_station", "lat": 36.8, "lon": 117.86}}


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        ({"place__sites": SITES}, "place", "cell, such as 500 m"),
        ({"place__cell": "500 m"}, "place", "all points by lat and lon"),
        ({"place__cell": "5 m", "place__sites": SITES}, "place.cell", "at most 40,000"),
        (
            {"place__cell": "500 m", "place__zones": {"z": {"x": "0 m", "y": "0 m", "people": 1}}},
            "place",
            "cell only",
        ),
    ],
)
def test_what_does_not_fit_the_rest_of_the_place(
    changes: dict[str, Any], path: str, expected: str, tmp_path: Path
) -> None:
    write(tmp_path / "map.geojson", ({"name": "a", "people": 1}, TOWN))
    with pytest.raises(ConfigError) as caught:
        build(world(**{"place__zones": {"file": "map.geojson"}} | changes), folders=[tmp_path])
    (wrong,) = caught.value.problems
    assert ".".join(wrong.path) == path
    assert expected in wrong.expected


def test_a_map_of_somewhere_else_is_far_from_the_sites(tmp_path: Path) -> None:
    far = degrees(shapely.box(90_000, 0, 94_000, 4000))
    write(tmp_path / "map.geojson", ({"name": "a", "people": 1}, far))
    mapping = world(place__zones={"file": "map.geojson"}, place__cell="500 m", place__sites=SITES)
    with pytest.raises(ConfigError, match="km from any zone"):
        build(mapping, folders=[tmp_path])
