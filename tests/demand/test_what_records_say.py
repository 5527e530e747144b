"""What records say of what incidents were reported as, and how many they hurt."""

from pathlib import Path
from typing import Any

import pytest
from worlds import call, world

import sim


def answer(tmp_path: Path, *rows: str, **of_four: Any) -> Any:
    """Fires that are told as smoke every other time, and graver from ten hurt on."""
    (tmp_path / "history.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    fire = call(size_up="60 s", reported_as={"smoke": "50 %"}, casualties={"mean": 1})
    level = {"priority": 1, "needs": {"unit": 1}}
    fire["levels"] = {
        "III": level | {"probability": "0 %"},
        "IV": level | {"probability": "100 %", "becomes": {"casualties": {10: "III"}}} | of_four,
    }
    mapping = world(
        place__zones={"z": {"x": "0 m", "y": "0 m", "side": "20 km", "people": 1}},
        incident={"fire": fire, "smoke": call("0 per hour")},
        demand={"history": {"use": "sim.demand.trace.Trace", "file": str(tmp_path / "history.csv")}},
    )
    scenario = sim.build(mapping).scenario
    return sim.tabulate(sim.simulate(scenario), scenario).frames()[0]


def test_what_is_said_is_used_and_what_is_not_is_drawn(tmp_path: Path) -> None:
    rows = [f"{7200 * i},fire,z,{told},{hurt}" for i, (told, hurt) in enumerate([("smoke", 12), ("fire", 3)])]
    many = [f"{20000 + 600 * i},fire,z,," for i in range(200)]
    found = answer(tmp_path, "at_s,type,zone,reported_as,casualties", *rows, *many)
    assert found.reported_type.tolist()[:2] == ["smoke", "fire"]
    assert found.casualties.tolist()[:2] == [12, 3]
    assert found.found_level.tolist()[0] == "III"
    assert 0.35 < (found.reported_type[2:] == "smoke").mean() < 0.65
    assert found.casualties[2:].mean() == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("0,smoke,z,fire,", "reported_as", "its own type, or one that this is reported_as"),
        ("0,fire,z,haze,", "reported_as", "a known incident type"),
        ("0,smoke,z,,3", "casualties", "none, because smoke does not go by them"),
        ("0,fire,z,,2.5", "casualties", "a whole number"),
        ("0,fire,z,,-1", "casualties", "at least 0"),
    ],
)
def test_what_cannot_be_is_told_with_its_row(tmp_path: Path, row: str, column: str, expected: str) -> None:
    with pytest.raises(sim.ConfigError) as caught:
        answer(tmp_path, "at_s,type,zone,reported_as,casualties", "0,fire,z,smoke,1", row)
    assert f"row 3, column {column}" in str(caught.value)
    assert expected in str(caught.value)


def test_a_row_with_needs_of_its_own_asks_for_these_and_for_nothing_else(tmp_path: Path) -> None:
    """Neither is it taken for another type, nor does anything follow the size-up, nor is it raised."""
    rows = [f"{7200 * i},fire,z,,,unit:2" for i in range(20)]
    found = answer(
        tmp_path, "at_s,type,zone,reported_as,casualties,needs", *rows, later={"needs": {"unit": 3}}
    )
    assert set(found.reported_type) == {"fire"}
    assert set(found.units_sent + found.units_waiting) == {2}
    assert found.found_level.isna().all()
    with pytest.raises(sim.ConfigError, match="nothing beside needs"):
        answer(tmp_path, "at_s,type,zone,reported_as,casualties,needs", "0,fire,z,smoke,,unit:2")


def test_casualties_at_a_level_that_does_not_go_by_them_are_told(tmp_path: Path) -> None:
    with pytest.raises(sim.ConfigError, match=r"by them at this level\n.*row 3, column casualties"):
        answer(tmp_path, "at_s,type,zone,level,casualties", "0,fire,z,IV,60", "0,fire,z,III,60")
