"""The polygons of a map as zones: land and people are kept, whatever form the map has."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from maps import degrees, metres, square, write
from worlds import world

import sim
from sim.model.place import Place

TOWN, FARMS = square(0, 0, 4000), square(0, 0, 9000) - square(0, 0, 4000)
SITES = {"s": {"kind": "fire_station", "lat": 36.8, "lon": 117.86}}


def place(file: Path, cell: str = "500 m", **beside: Any) -> Place:
    mapping = world(place__zones={"file": file.name, **beside}, place__cell=cell, place__sites=SITES)
    mapping["travel"]["speeds"]["unit"]["rural"] = mapping["travel"]["speeds"]["unit"]["built_up"]
    return sim.build(mapping, folders=[file.parent]).scenario.place


def area(place: Place, town: str) -> float:
    return sum(zone.side_m**2 for zone in place.zones if zone.town == town)


@pytest.mark.parametrize("cell", ["100 m", "330 m", "500 m", "1.7 km"])
def test_land_and_people_are_kept_and_no_square_stands_outside(cell: str, tmp_path: Path) -> None:
    island = FARMS | degrees(shapely.Point(12_000, 1000).buffer(1500))
    said = {"name": "farms", "kind": "rural", "people": 12_345, "district": "d"}
    town = {"name": "town", "people": 100_000}
    found = place(write(tmp_path / "map.geojson", (town, TOWN), (said, island)), cell)
    assert found.origin is not None
    for name, land, kind, people in (("town", TOWN, "built_up", 1e5), ("farms", island, "rural", 12_345)):
        zones = [zone for zone in found.zones if zone.town == name]
        drawn = metres(land, found.origin)
        assert sum(zone.people for zone in zones) == pytest.approx(people, rel=1e-12)
        assert len({zone.people for zone in zones}) == 1
        assert area(found, name) == pytest.approx(drawn.area, rel=1e-4)
        assert all(drawn.contains(shapely.Point(zone.x_m, zone.y_m)) for zone in zones)
        assert {zone.kind for zone in zones} == {kind}
    assert {zone.district for zone in found.zones} == {"d", ""}
    assert len({zone.name for zone in found.zones}) == len(found.zones)


def test_squares_are_about_as_large_as_asked_for_and_do_not_share_a_place(tmp_path: Path) -> None:
    rows = [({"name": f"t{i}", "people": 1}, square(i * 2000, 0, 2000)) for i in range(4)]
    found = place(write(tmp_path / "map.geojson", *rows))
    assert len({tuple(spot) for spot in found.centres.round(3).tolist()}) == len(found.zones)
    assert 4 * 12 <= len(found.zones) <= 4 * 20
    assert np.sqrt(found.area_m2) == pytest.approx(500, rel=0.2)


def test_a_polygon_smaller_than_a_cell_is_one_square_of_its_area_inside(tmp_path: Path) -> None:
    small = square(130, 70, 240) - square(130, 70, 120)
    (zone,) = place(write(tmp_path / "map.geojson", ({"name": "mill", "people": 50}, small)), "5 km").zones
    assert (zone.name, zone.town, zone.people) == ("mill-0000", "mill", 50)
    assert zone.side_m**2 == pytest.approx(240**2 - 120**2, rel=1e-2)


def test_points_are_point_zones(tmp_path: Path) -> None:
    spot = ({"name": "mill", "people": 50, "kind": "rural"}, shapely.Point(117.9, 36.82))
    found = place(write(tmp_path / "map.geojson", ({"name": "t", "people": 5}, TOWN), spot))
    (mill,) = [zone for zone in found.zones if zone.town == "mill"]
    assert (mill.name, mill.side_m, mill.kind) == ("mill", 0.0, "rural")


@pytest.mark.parametrize("crs", [4326, 4490, 4547, 32650, 3857])
def test_a_geopackage_in_any_reference_system_is_the_same_place(crs: int, tmp_path: Path) -> None:
    rows = [({"name": "t", "people": 5}, TOWN), ({"name": "f", "people": 7, "kind": "rural"}, FARMS)]
    plain = place(write(tmp_path / "map.geojson", *rows))
    other = place(write(tmp_path / "map.gpkg", *rows, crs=crs))
    assert [zone.name for zone in other.zones] == [zone.name for zone in plain.zones]
    assert other.centres == pytest.approx(plain.centres, abs=1)
    assert other.area_m2 == pytest.approx(plain.area_m2, rel=1e-3)


def test_a_geopackage_without_a_reference_system_may_be_in_degrees(tmp_path: Path) -> None:
    found = place(write(tmp_path / "map.gpkg", ({"name": "t", "people": 5}, TOWN), crs=None))
    assert area(found, "t") == pytest.approx(16e6, rel=1e-3)


def test_properties_may_be_chinese_or_texts_and_unknown_ones_are_passed_over(tmp_path: Path) -> None:
    said = {"名称": "大街", "人口": "33,300", "类型": "建成区", "区县": "周村", "fid_1": 3, "name:zh": "x"}
    found = place(write(tmp_path / "map.geojson", (said, TOWN), ({**said, "名称": "farms"}, FARMS)))
    assert {zone.town for zone in found.zones} == {"大街", "farms"}
    assert found.people.sum() == pytest.approx(66_600)
    assert found.zones[0].district == "周村"


def test_the_layer_is_the_only_one_or_that_named(tmp_path: Path) -> None:
    file = write(tmp_path / "map.gpkg", ({"name": "t", "people": 5}, TOWN), layer="old")
    assert place(file).people.sum() == pytest.approx(5)
    write(file, ({"name": "t", "people": 6}, TOWN), layer="new")
    assert place(file, layer="new").people.sum() == pytest.approx(6)


def test_a_polygon_that_crosses_itself_is_repaired(tmp_path: Path) -> None:
    bow = degrees(shapely.Polygon([(0, 0), (4000, 4000), (4000, 0), (0, 4000)]))
    found = place(write(tmp_path / "map.geojson", ({"name": "bow", "people": 5}, bow)))
    assert area(found, "bow") == pytest.approx(8e6, rel=1e-3)


def test_what_is_written_beside_the_file_goes_before_it(tmp_path: Path) -> None:
    file = write(tmp_path / "map.geojson", ({"name": "t", "people": 5}, TOWN))
    found = place(file, source="a map", t={"people": 9}, mill={"lat": 36.8, "lon": 117.9, "people": 1})
    assert found.people.sum() == pytest.approx(10)
