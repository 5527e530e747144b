"""Maps on their way through a study, from a planner's folder to the command line and the results."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from console import Told, here
from console import tocsin as apart
from maps import degrees, square, write

import sim

PLACE = """
name: mine
cell: {value: 500 m, confidence: assumed}
zones: {file: map.gpkg, layer: towns, source: the county's map, confidence: approx}
sites:
  west: {kind: fire_station, lat: 36.80, lon: 117.85}
  people: {kind: hospital, lat: 36.80, lon: 117.88}
"""
UNITS = "+fleet.units={west: {engine: 3}, people: {ambulance: 3}}"
MINE = ("place=mine", "fleet=zhoucun", "targets=zhoucun", "~fleet.units", UNITS)
QUICK = ("horizon=2 d", "replications=1", "workers=1")


def draw(folder: Path, people: int) -> None:
    town = {"name": "dajie", "people": people}
    farms = {"name": "farms", "people": 9000, "kind": "rural"}
    disc = degrees(shapely.Point(0, 0).buffer(2500))
    rows = [(town, disc), (farms, square(0, 0, 8000) - disc)]
    write(folder / "map.gpkg", *rows, crs=4547, layer="towns")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a planner's configs with a map, and a working folder."""
    for folder in ("configs/place", "work"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "configs/place/mine.yaml").write_text(PLACE, encoding="utf-8")
    draw(tmp_path / "configs", 33_300)
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "configs"


def tocsin(*words: str, mine: Path, run: Callable[..., Told] = here, **env: str) -> Told:
    return run(*words, *MINE, "--config-dir", str(mine), **env)


@pytest.mark.slow
def test_check_run_and_show_take_a_map(mine: Path) -> None:
    found = tocsin("check", mine=mine)
    assert (found.returncode, found.stderr) == (0, "")
    found = tocsin("run", *QUICK, mine=mine, run=apart)
    assert (found.returncode, found.stderr) == (0, "")
    assert "42,300 people" in found.stdout
    found = tocsin("show", "+place.zones.farms.people=8000", mine=mine)
    rows = {
        key: [value, *rest]
        for key, value, _, *rest in (line.split("\t") for line in found.stdout.splitlines())
    }
    assert rows["place.zones.dajie.people"] == ["33300", "approx", "the county's map"]
    assert rows["place.zones.farms.people"][0] == "8000"
    shown = rows["place.zones.dajie.boundary"][0]
    assert shown.startswith("POLYGON ((117.8")
    assert (len(shown), shown[-3:]) == (300, "...")
    assert not rows.keys() & {"place.zones.file", "place.zones.layer"}


def test_a_study_holds_the_polygons_and_needs_neither_the_map_nor_the_extra(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = sim.prepare(*MINE, *QUICK, config_dir=mine)
    results = sim.run(study, results="results")
    (mine / "map.gpkg").unlink()
    monkeypatch.setitem(sys.modules, "geopandas", None)
    assert sim.load(results.path).study.config == study.config
    assert sim.build(study.config) == replace(study, plugin_folder=None)


def test_another_map_makes_other_results(mine: Path) -> None:
    first = sim.prepare(*MINE, config_dir=mine).fingerprint
    assert sim.prepare(*MINE, config_dir=mine).fingerprint == first
    draw(mine, 33_301)
    assert sim.prepare(*MINE, config_dir=mine).fingerprint != first


def test_a_finer_cell_makes_more_zones_of_the_same_people(mine: Path) -> None:
    coarse = sim.prepare(*MINE, config_dir=mine).scenario.place
    fine = sim.prepare(*MINE, "place.cell=250 m", config_dir=mine).scenario.place
    assert len(fine.zones) == pytest.approx(4 * len(coarse.zones), rel=0.1)
    assert fine.people.sum() == pytest.approx(coarse.people.sum())


@pytest.mark.slow
def test_without_the_extra_it_is_named(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without/geopandas.py").write_text("raise ImportError('no geopandas')\n")
    without = {"PYTHONPATH": str(tmp_path / "without")}
    monkeypatch.setitem(sys.modules, "geopandas", None)
    for found in (
        tocsin("check", mine=mine, run=apart, **without),
        *(tocsin(command, mine=mine) for command in ("run", "show")),
    ):
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr == (
            "tocsin: 1 problem in the config:\n"
            "  place.zones\n"
            "    found     a file of shapes\n"
            "    expected  the extra geo: pip install 'tocsin[geo]'\n"
            f"    in        {mine / 'map.gpkg'}\n"
        )


def test_a_bad_map_is_told_by_the_command_line(mine: Path) -> None:
    draw(mine, -5)
    found = tocsin("check", mine=mine)
    assert (found.returncode, found.stdout) == (2, "")
    assert f"in        {mine / 'map.gpkg'}, feature 1, property people\n" in found.stderr
    assert "Traceback" not in found.stderr
