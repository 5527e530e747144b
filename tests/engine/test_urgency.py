"""Units travel in the mode of the level's urgency, and home in their own."""

from typing import Any

import pytest
from worlds import call, points, stations, world

import sim

SPEED = {"siren": 72, "plain": 36, "convoy": 90, "slow": 18}
"""In km/h; the incidents are 1,800 m from the station."""


def responses(mode: Any, urgency: str | None, **more: Any) -> Any:
    level = {"probability": "100 %", "priority": 1, "needs": {"unit": 1}}
    level |= {"urgency": urgency} if urgency else {}
    speeds = {
        name: {"built_up": dict.fromkeys(("day", "night"), f"{kmh} km/h")} for name, kmh in SPEED.items()
    }
    mapping = world(
        place__zones={"z": {**points({"z": (1800.0, 0.0)})["z"], "people": 1}},
        place__sites=stations({"s": (0.0, 0.0)}),
        travel={"use": "sim.travel.planar.Planar", "speeds": speeds},
        fleet__kinds__unit__mode=mode,
        incident__call=call("1 per day", scene="10 min", levels={"IV": level}),
        horizon="60 d",
        **more,
    )
    scenario = sim.build(mapping).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()[1].dropna(subset="in_quarters_s")


MODES = {"urgent": "siren", "routine": "plain", "green": "convoy", "home": "slow"}


@pytest.mark.parametrize(
    ("mode", "urgency", "there_kmh", "home_kmh"),
    [
        ("siren", None, 72, 72),
        ("siren", "routine", 72, 72),
        (MODES, None, 72, 18),
        (MODES, "urgent", 72, 18),
        (MODES, "routine", 36, 18),
        (MODES, "green", 90, 18),
        ({"urgent": "siren", "routine": "plain"}, "green", 72, 36),
    ],
)
def test_times_are_those_of_the_mode(
    mode: Any, urgency: str | None, there_kmh: float, home_kmh: float
) -> None:
    found = responses(mode, urgency)
    assert len(found) > 20
    assert (found.arrived_s - found.enroute_s).to_numpy() == pytest.approx(1800 / (there_kmh / 3.6))
    assert found.expected_s.to_numpy() == pytest.approx(1800 / (there_kmh / 3.6))
    assert (found.in_quarters_s - found.cleared_s).to_numpy() == pytest.approx(1800 / (home_kmh / 3.6))


def test_an_unknown_urgency_is_told() -> None:
    with pytest.raises(sim.ConfigError, match=r"incident\.call\.levels\.IV\.urgency"):
        responses(MODES, "soon")
