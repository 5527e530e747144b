"""Numbers of things, and how sure the numbers of the input are."""

from dataclasses import replace

from worlds import world

import sim
from sim.report.cells import counted
from sim.report.text import confidence_line


def test_one_is_told_as_one() -> None:
    assert [counted(n, "unit") for n in (0, 1, 2, 1200)] == ["0 units", "1 unit", "2 units", "1,200 units"]


def test_closures_are_the_scenario_and_few_are_not_none() -> None:
    study = sim.build(world())
    line = confidence_line(study)
    closures = {f"c{i}": {"at": "9 h", "within": "1 km", "x": "0 m", "y": "0 m"} for i in range(999)}
    assert confidence_line(replace(study, config={**study.config, "closures": closures})) == line
    many = {f"n{i}": {"value": i, "confidence": "exact"} for i in range(99_999)}
    assert "under 1% unlabelled" in confidence_line(replace(study, config={**study.config, "x": many}))
