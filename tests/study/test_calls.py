"""Calls in the results of a study: counted in the answer, and there again when it is loaded."""

import json
from pathlib import Path

import pandas as pd
from console import here

import sim

QUICK = ("horizon=20 d", "replications=2", "workers=1", "place=zhoucun")


def test_calls_are_counted_in_the_answer_and_read_back(tmp_path: Path) -> None:
    found = here("run", "centre=separate", *QUICK, "--no-plots", cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    (folder,) = (tmp_path / "results").iterdir()
    results = sim.load(folder)
    told, incidents = results.calls, results.incidents
    counts = results.calls_total
    first = told[told.wait == 1]
    assert counts["calls"] == len(first) > counts["nuisance"] > counts["duplicates"] > 0
    assert counts["duplicates"] == incidents.duplicates.sum()
    assert counts["transfers"] == incidents.transfers.sum() > 0
    assert (first.caller == "first").sum() == incidents.reported_s.notna().sum()
    line = (
        f"{counts['calls']:,} callers: {counts['duplicates']:,} duplicates, {counts['nuisance']:,} nuisance"
    )
    assert line in found.stdout
    assert f"{counts['transfers']:,} transferred, {counts['hang_ups']:,} hung up" in found.stdout
    assert "(command)" in found.stdout
    ran = here("run", "centre=separate", *QUICK, "--no-plots", "--json", cwd=tmp_path)
    assert json.loads(ran.stdout)["calls"] == counts
    assert set(told.centre.cat.categories) == {"police", "fire", "ambulance"}


def test_nothing_is_said_of_calls_where_each_incident_is_one(tmp_path: Path) -> None:
    found = here("run", *QUICK, "--no-plots", cwd=tmp_path)
    assert "callers" not in found.stdout
    assert "(command)" not in found.stdout
    (folder,) = (tmp_path / "results").iterdir()
    results = sim.load(folder)
    assert results.calls_total == {}
    assert isinstance(results.calls, pd.DataFrame)
    assert len(results.calls) == 0
    for name in ("transfers", "hang_ups", "duplicates"):
        assert (results.incidents[name] == 0).all()
    assert not (folder / "calls").exists()
