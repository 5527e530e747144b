"""Towns zoned within the boundary of a map."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from maps import degrees, metres, square, write
from worlds import ZONING, world

import sim
from sim.model.place import Place

TOWNS = {
    "city": {"kind": "urban", "lat": 36.80, "lon": 117.86, "people": 60_000},
    "farm": {"kind": "rural", "lat": 36.85, "lon": 117.90, "people": 9000},
}
SEA = degrees(shapely.box(-20_000, -20_000, 20_000, -1000))
COUNTY = degrees(shapely.Point(2000, 3000).buffer(9000)) - SEA


def mapping(**zoning: Any) -> dict[str, Any]:
    sites = {"s": {"kind": "fire_station", "lat": 36.8, "lon": 117.86}}
    place = {"name": "p", "towns": TOWNS, "zoning": ZONING | zoning, "sites": sites}
    found = world(place=place)
    speeds = found["travel"]["speeds"]["unit"]
    speeds |= dict.fromkeys(("rural", "forest"), speeds["built_up"])
    return found


def zoned(folder: Path, **zoning: Any) -> Place:
    return sim.build(mapping(**zoning), folders=[folder]).scenario.place


def problems(folder: Path, **zoning: Any) -> dict[str, tuple[str, str]]:
    with pytest.raises(sim.ConfigError) as caught:
        zoned(folder, **zoning)
    return {".".join(p.path): (p.found, p.expected) for p in caught.value.problems}


@pytest.mark.parametrize("stated", [{}, {"area": "200 km2"}], ids=["no area", "an area to compare"])
def test_the_boundary_is_filled_and_nothing_lies_in_the_sea(stated: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path / "county.geojson", ({}, COUNTY))
    found = zoned(tmp_path, boundary={"file": "county.geojson"}, **stated)
    assert found.origin is not None
    land = metres(COUNTY, found.origin)
    assert all(land.contains(shapely.Point(spot)) for spot in found.centres)
    assert found.area_m2.sum() == pytest.approx(land.area, rel=0.02)
    squares = [shapely.Point(z.x_m, z.y_m).buffer(z.side_m / 2, cap_style="square") for z in found.zones]
    assert shapely.union_all(squares).area == pytest.approx(found.area_m2.sum())
    assert found.people.sum() == pytest.approx(69_000)
    assert {zone.side_m for zone in found.zones} == {500.0, 2000.0}
    assert all(
        land.buffer(500).contains(each)
        for each, zone in zip(squares, found.zones, strict=True)
        if zone.side_m > 500
    )


def test_all_polygons_of_a_file_are_one_boundary(tmp_path: Path) -> None:
    halves = [
        COUNTY & degrees(shapely.box(-2e4, -2e4, 0, 2e4)),
        COUNTY & degrees(shapely.box(0, -2e4, 2e4, 2e4)),
    ]
    write(tmp_path / "county.gpkg", *(({"n": i}, half) for i, half in enumerate(halves)), crs=4547)
    write(tmp_path / "county.geojson", ({}, COUNTY))
    by_halves, whole = (zoned(tmp_path, boundary={"file": f"county.{e}"}) for e in ("gpkg", "geojson"))
    assert by_halves.zones == whole.zones


def test_cells_inside_the_forest_are_forest_but_for_those_built_up(tmp_path: Path) -> None:
    wood = square(0, 4000, 6000)
    write(tmp_path / "wood.geojson", ({}, wood))
    found = zoned(tmp_path, area="200 km2", forest={"boundary": {"file": "wood.geojson"}})
    assert found.origin is not None
    drawn = metres(wood, found.origin)
    for zone in found.zones:
        inside = drawn.contains(shapely.Point(zone.x_m, zone.y_m))
        assert zone.kind == "built_up" or (zone.kind == "forest") == inside
    assert {zone.kind for zone in found.zones} == {"built_up", "rural", "forest"}
    farms = zoned(tmp_path, area="200 km2", forest={"boundary": {"file": "wood.geojson"}, "towns": ["farm"]})
    assert {zone.town for zone in farms.zones if zone.kind == "forest"} == {"farm"}


def test_an_area_unlike_the_boundarys_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "county.geojson", ({}, COUNTY))
    told = problems(tmp_path, boundary={"file": "county.geojson"}, area="307 km2")
    assert list(told) == ["place.zoning.area"]
    found, expected = told["place.zoning.area"]
    assert found == "307.0 km2"
    assert expected.startswith("nearly the 196")


def test_a_boundary_far_from_the_towns_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "county.geojson", ({}, square(3000, 30_000, 9000)))
    told = problems(tmp_path, boundary={"file": "county.geojson"})
    assert set(told) == {"place.towns.city", "place.towns.farm"}
    assert told["place.towns.farm"][0].endswith("km outside place.zoning.boundary")


def test_a_boundary_of_too_many_cells_or_none_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "large.geojson", ({}, square(0, 0, 200_000)))
    assert "at most 40,000" in problems(tmp_path, boundary={"file": "large.geojson"})["place.zoning.cell"][1]
    write(tmp_path / "small.geojson", ({}, square(0, 0, 20)))
    told = problems(tmp_path, boundary={"file": "small.geojson"})
    assert told["place.zoning.boundary"][0] == "no centre of a cell inside"


@pytest.mark.parametrize(
    ("zoning", "path", "expected"),
    [
        ({}, "place.zoning", "the area of the land, or its boundary"),
        ({"area": "9 km2", "forest": {}}, "place.zoning.forest", "either the area of the forest"),
        ({"boundary": "POINT (1 2)"}, "place.zoning.boundary", "a boundary such as POLYGON"),
        ({"boundary": {"file": "c.geojson", "layers": "x"}}, "place.zoning.boundary.layers", "no such key"),
        ({"boundary": {"file": "d.geojson"}}, "place.zoning.boundary.file", 'did you mean "c.geojson"?'),
        ({"boundary": {"file": "c.csv"}}, "place.zoning.boundary.file", "a file ending in .geojson or"),
        ({"boundary": {"file": "spot.geojson"}}, "place.zoning.boundary", "a polygon"),
    ],
)
def test_a_boundary_that_is_none_is_one_problem(
    zoning: dict[str, Any], path: str, expected: str, tmp_path: Path
) -> None:
    write(tmp_path / "c.geojson", ({}, COUNTY))
    write(tmp_path / "spot.geojson", ({}, COUNTY.centroid))
    told = problems(tmp_path, **zoning)
    assert list(told) == [path]
    assert expected in told[path][1]


def test_towns_in_metres_cannot_have_a_boundary(tmp_path: Path) -> None:
    config = mapping(boundary="POLYGON ((117.8 36.7, 117.9 36.7, 117.9 36.8, 117.8 36.7))")
    config["place"]["towns"] = {"a": {"kind": "urban", "x": "0 m", "y": "0 m", "people": 5}}
    config["place"]["sites"] = {"s": {"kind": "fire_station", "x": "0 m", "y": "0 m"}}
    with pytest.raises(sim.ConfigError, match="boundaries are in degrees"):
        sim.build(config)
