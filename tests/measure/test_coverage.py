"""Static coverage of squares by hand."""

from typing import Any

import numpy as np
import pytest
from worlds import call, squares, world

import sim
from sim.measure.targets import verdicts


def circle(**changes: Any) -> dict[str, Any]:
    return {
        "measure": "coverage",
        "unit": "unit",
        "of": "people",
        "turnout": "60 s",
        "at": "12 h",
        "limit": "160 s",
        "share": "50 %",
        **changes,
    }


def shares(force: dict[str, Any] | None = None, **targets: Any) -> dict[str, float]:
    """Two zones of 1 km side by side with 300 and 100 people, a unit in the far corner of the first.

    10 m/s by day and 20 by night, Manhattan.
    """
    zones = squares(2, 1.0)
    zones = {
        "rich": zones["z0-0"] | {"people": 300},
        "poor": zones["z1-0"] | {"people": 100, "kind": "rural"},
    }
    speeds = {"day": "10 m/s", "night": "20 m/s"}
    mapping = world(
        place__zones=zones,
        travel={
            "use": "sim.travel.planar.Planar",
            "metric": "manhattan",
            "speeds": {"unit": {"built_up": speeds, "rural": speeds}},
        },
        incident__call=call(levels={"III": {"probability": "100 %", "priority": 1, "needs": {"unit": 1}}}),
        fleet__units={"s": {"unit": 2}},
        fleet__forces={"theirs": {"bases": ["s"], **force}} if force else {},
        targets={name: circle(**target) for name, target in targets.items()},
    )
    found = verdicts(sim.build(mapping).scenario, [])
    assert all(v.lower == v.share == v.upper for v in found)
    return {v.target.name: v.share for v in found}


def test_by_people_by_land_by_zone_by_hour_and_by_turnout() -> None:
    """1,000 m in the 100 s that turnout leaves reach half of the first square and none of the second."""
    found = shares(
        people={},
        area={"of": "area"},
        rich={"zones": ["built_up"]},
        poor={"zones": ["rural"]},
        at_once={"turnout": "0 s"},
        at_night={"at": "2 h"},
    )
    assert found["people"] == pytest.approx(0.75 * 0.5, abs=0.04)
    assert found["area"] == pytest.approx(0.25, abs=0.03)
    assert found["rich"] == pytest.approx(0.5, abs=0.05)
    assert found["poor"] == 0.0
    # 1,600 m: the first square but a corner of 400 m, and a triangle of 600 m in the second
    assert found["at_once"] == pytest.approx(0.75 * (1 - 0.4**2 / 2) + 0.25 * 0.6**2 / 2, abs=0.03)
    # 2,000 m: all of the first, half of the second
    assert found["at_night"] == pytest.approx(0.75 + 0.25 * 0.5, abs=0.03)
    assert np.isfinite(list(found.values())).all()


@pytest.mark.parametrize(
    ("force", "counts"),
    [
        ({"from_level": "III"}, False),
        ({"mobilisation": "1 s"}, False),
        ({"staging": "s"}, False),
        ({"reserve": 1, "release": "controlled"}, True),
    ],
)
def test_only_those_who_come_to_all_incidents_at_once_are_in_reach(
    force: dict[str, Any], counts: bool
) -> None:
    assert (shares(force, people={})["people"] > 0) is counts
