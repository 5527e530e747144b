"""Overtime and time out of service in the results of a study: told in the answer, there when it is loaded."""

import json
from pathlib import Path

import pytest
from console import here
from worlds import call, stations, world

import sim

QUICK = ("horizon=20 d", "replications=2", "workers=1", "place=zhoucun", "--no-plots")


def test_overtime_and_service_are_added_up_over_replications(tmp_path: Path) -> None:
    """80 min from 19:30 each day, of which 50 beyond the end of the shift, over two runs of 10 days.

    Each day the unit is off duty from 20:00 to 8:00: it is in service for half of the time.
    """
    injects = [{"at": f"{19.5 + 24 * day} h", "type": "call", "x": "6 km", "y": "0 m"} for day in range(10)]
    duty = {"hours": {"day": {"start": "8 h", "end": "20 h"}}}
    mapping = world(
        horizon="10 d",
        replications=2,
        workers=1,
        place__zones={"z": {"x": "0 m", "y": "0 m", "side": "20 km", "people": 1}},
        place__sites=stations({"s": (0, 0)}),
        fleet__units={"s": {"unit": {"count": 1, "duty": duty}}},
        incident__call=call(scene="1 h"),
        travel__speeds={"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
        demand={"drill": {"use": "sim.demand.timeline.Timeline", "injects": injects}},
    )
    results = sim.run(sim.build(mapping), results=tmp_path)
    told = results.service_total["unit"]
    assert told.share == pytest.approx(0.5)
    assert told.overtime_s == pytest.approx(2 * 10 * 50 * 60)
    assert told.overtime_h == pytest.approx(10 * 50 / 60 * 365 / 10)
    again = sim.load(results.path)
    assert again.service_total == results.service_total
    assert (again.shifts.relieved_s - again.shifts.ends_s).sum() == pytest.approx(told.overtime_s)
    assert again.out_of_service.groupby("replication").size().tolist() == [11, 11]


def test_the_answer_tells_service_and_overtime_by_kind(tmp_path: Path) -> None:
    service = "+fleet.kinds.engine.servicing={every: 10 d, lasting: 1 d}"
    duty = "+fleet.kinds.ambulance.duty={hours: {a: {start: 8 h, end: 20 h}, b: {start: 20 h, end: 8 h}}}"
    found = here("run", service, duty, *QUICK, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    (folder,) = (tmp_path / "results").iterdir()
    results = sim.load(folder)
    engine, ambulance = (results.service_total[name] for name in ("engine", "ambulance"))
    assert engine.overtime_h is None
    assert engine.share == pytest.approx(0.9, abs=0.01)
    assert ambulance.overtime_h is not None
    line = f"in service, of the time: fire engine {engine.share:.1%}, ambulance {ambulance.share:.1%}"
    assert line.replace("%", " %") in found.stdout
    assert f"overtime a year: ambulance {ambulance.overtime_h:,.4g} h" in found.stdout
    ran = here("run", service, duty, *QUICK, "--json", cwd=tmp_path)
    assert json.loads(ran.stdout)["service"]["engine"] == {
        "in_service": engine.share,
        "overtime_h_per_year": None,
    }


def test_nothing_is_said_where_all_are_always_in_service(tmp_path: Path) -> None:
    found = here("run", *QUICK, cwd=tmp_path)
    assert "in service" not in found.stdout
    (folder,) = (tmp_path / "results").iterdir()
    assert not (folder / "shifts.parquet").exists()
    assert sim.load(folder).service_total == {}
