import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.model.place import ZONE_KINDS, Place, Zone
from sim.travel.terrain import RESOLUTION_M, Terrain

ZONES = (
    Zone("a", "t", "built_up", 0.0, 0.0, 1000.0, 1.0),
    Zone("b", "t", "rural", 4000.0, 0.0, 2000.0, 1.0),
    Zone("c", "t", "forest", 0.0, 6000.0, 0.0, 1.0),
)
coordinates = st.tuples(st.floats(-500, 4999), st.floats(-1000, 5999))


def zone_of_cell(x_m: float, y_m: float) -> Zone:
    """The zone whose square covers the middle of a point's cell, else the nearest, one by one."""
    x, y = (
        (v - low) // RESOLUTION_M * RESOLUTION_M + RESOLUTION_M / 2 + low
        for v, low in ((x_m, -500), (y_m, -1000))
    )
    for zone in ZONES:
        if max(abs(x - zone.x_m), abs(y - zone.y_m)) < zone.side_m / 2:
            return zone
    return min(ZONES, key=lambda zone: (x - zone.x_m) ** 2 + (y - zone.y_m) ** 2)


@given(st.lists(coordinates, min_size=1, max_size=9), st.booleans())
def test_a_point_is_of_the_kind_of_its_square_or_of_the_nearest_zone(
    points: list[tuple[float, float]], singly_first: bool
) -> None:
    terrain = Terrain(Place("p", "P", ZONES, ()))
    singly = [terrain.kind(*point) for point in points] if singly_first else []
    assert terrain.kinds(np.array(points)).tolist() == [
        ZONE_KINDS.index(zone_of_cell(*point).kind) for point in points
    ]
    assert terrain.kinds(np.array(points)).tolist() == [terrain.kind(*point) for point in points]
    assert not singly or singly == [terrain.kind(*point) for point in points]
