from dataclasses import replace

import numpy as np
import pytest
import worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.config.schema.zoning import Zoning
from sim.config.zoning import TownPoint, zone_towns
from sim.model.place import Zone

ZONING = Zoning.model_validate(worlds.ZONING | {"area": "120 km2", "seed": 1})
towns = st.lists(
    st.builds(
        TownPoint,
        name=st.uuids().map(str),
        x_m=st.floats(-6000, 6000),
        y_m=st.floats(-6000, 6000),
        people=st.floats(1000, 60_000),
        urban=st.booleans(),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda town: (round(town.x_m, -3), round(town.y_m, -3)),
)


def total(zones: tuple[Zone, ...], town: str) -> float:
    return sum(zone.people for zone in zones if zone.town == town)


@settings(deadline=None, max_examples=40)
@given(towns)
def test_town_totals_are_kept_cells_do_not_overlap_and_the_area_is_filled(found: list[TownPoint]) -> None:
    try:
        zones = zone_towns(found, ZONING)
    except ValueError as error:
        assert "expected land for the town" in str(error)  # noqa: PT017
        return
    for town in found:
        assert total(zones, town.name) == pytest.approx(town.people)
    assert all(zone.people > 0 for zone in zones)
    area = sum(zone.side_m**2 for zone in zones)
    assert 120e6 - 2000**2 <= area <= 120e6 + 500**2
    fine = set()
    for zone in zones:
        n = round(zone.side_m / 500)
        low = ((zone.x_m - zone.side_m / 2) / 500, (zone.y_m - zone.side_m / 2) / 500)
        assert low == pytest.approx((round(low[0]), round(low[1])))
        cells = {(round(low[0]) + i, round(low[1]) + j) for i in range(n) for j in range(n)}
        assert not cells & fine
        fine |= cells


def test_built_up_land_holds_the_urban_people_at_their_density() -> None:
    found = [TownPoint("u", 0, 0, 89_000, True), TownPoint("r", 5000, 0, 10_000, False)]
    zones = zone_towns(found, ZONING)
    built = [zone for zone in zones if zone.kind == "built_up"]
    assert sum(zone.side_m**2 for zone in built) == pytest.approx(10e6)
    assert {zone.town for zone in built} == {"u"}
    assert sum(zone.people for zone in built) == pytest.approx(89_000)
    assert max(np.hypot(zone.x_m, zone.y_m) for zone in built) < 1.3 * np.sqrt(10e6 / np.pi)


def test_the_seed_moves_people_within_towns_and_nothing_else() -> None:
    found = [TownPoint("u", 0, 0, 50_000, True), TownPoint("r", 5000, 0, 10_000, False)]
    first, same = zone_towns(found, ZONING), zone_towns(found, ZONING)
    other = zone_towns(found, ZONING.model_copy(update={"seed": 2}))
    assert first == same
    assert first != other
    assert [replace(z, people=0.0) for z in first] == [replace(z, people=0.0) for z in other]


@settings(deadline=None, max_examples=30)
@given(towns, st.floats(1, 60))
def test_forest_has_its_stated_area_and_overlaps_nothing(found: list[TownPoint], forest_km2: float) -> None:
    wooded = ZONING.model_validate(
        ZONING.model_dump(exclude={"forest", "boundary"})
        | {
            "area": "120 km2", "built_up_density": "8900 people/km2", "cell": "500 m", "coarse_cell": "2 km",
            "built_up_scale": "2 km", "rural_scale": "1.5 km", "forest": {"area": f"{forest_km2} km2"},
        }
    )  # fmt: skip
    try:
        plain, zones = zone_towns(found, ZONING), zone_towns(found, wooded)
    except ValueError:
        return
    land = sum(zone.side_m**2 for zone in zones)
    assert land == pytest.approx(sum(zone.side_m**2 for zone in plain))
    open_land = sum(zone.side_m**2 for zone in plain if zone.kind == "rural")
    forest = sum(zone.side_m**2 for zone in zones if zone.kind == "forest")
    assert abs(forest - min(forest_km2 * 1e6, open_land)) <= 500**2 / 2 + 1
    for town in found:
        assert total(zones, town.name) == pytest.approx(town.people)
    cells = set()
    for zone in zones:
        n = round(zone.side_m / 500)
        x, y = (round((c - zone.side_m / 2) / 500) for c in (zone.x_m, zone.y_m))
        mine = {(x + i, y + j) for i in range(n) for j in range(n)}
        assert not mine & cells
        cells |= mine
