"""Tables on their way through a study, from a planner's folder to the command line and the results."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from console import Told, here
from console import tocsin as apart
from worlds import world

import sim

ZHOUCUN = """# From the census,,,,,,
name,title,kind,lat,lon,people,confidence
sichoulu,丝绸路街道 Sichoulu,urban,36.806,117.868,45100,
dajie,大街街道 Dajie,urban,36.8,117.85,"33,300",approx
wangcun,王村镇 Wangcun,rural,36.683,117.733,53900,
"""
PLACE = """
name: mine
towns: {file: towns.csv, source: the census, confidence: exact}
zoning:
  area: 50 km2
  built_up_density: 8900 people/km2
  cell: 500 m
  coarse_cell: 2 km
  built_up_scale: 2 km
  rural_scale: 1.5 km
  jitter: 0.3
sites:
  west: {kind: fire_station, lat: 36.806, lon: 117.845}
  wangcun: {kind: fire_station, lat: 36.684, lon: 117.735}
  people: {kind: hospital, lat: 36.803, lon: 117.880}
"""
UNITS = "base,kind,count\nwest,engine,3\nwangcun,engine,2\npeople,ambulance,3\n"
MINE = ("place=mine", "fleet=zhoucun", "targets=zhoucun", "~fleet.units", "+fleet.units={file: units.csv}")


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a planner's configs, and a working folder with a table of units."""
    for folder in ("configs/place", "work"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "configs/place/mine.yaml").write_text(PLACE, encoding="utf-8")
    (tmp_path / "configs/towns.csv").write_text(ZHOUCUN, encoding="gb18030")
    (tmp_path / "work/units.csv").write_text(UNITS)
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "configs"


def tocsin(*words: str, mine: Path, run: Callable[..., Told] = here) -> Told:
    return run(*words, *MINE, "--config-dir", str(mine))


def test_a_study_holds_the_rows_and_needs_the_files_no_more(mine: Path) -> None:
    study = sim.prepare(*MINE, "horizon=2 d", "replications=1", "workers=1", config_dir=mine)
    assert {unit.name for unit in study.scenario.fleet.units} >= {"west/engine-3", "people/ambulance-1"}
    assert sum(zone.people for zone in study.scenario.place.zones) == pytest.approx(45100 + 33300 + 53900)
    towns = study.config["place"]["towns"]
    assert towns["source"] == "the census"
    assert towns["dajie"]["confidence"] == "approx"
    results = sim.run(study, results="results")
    for file in (mine / "towns.csv", Path("units.csv")):
        file.unlink()
    assert sim.load(results.path).study.config == study.config
    assert sim.build(study.config) == replace(study, plugin_folder=None)


@pytest.mark.parametrize(
    ("cell", "accepts"), [("", (1, 2, 3, 4)), ("I;II;III;IV", (1, 2, 3, 4)), (";", None)]
)
def test_an_empty_cell_of_levels_means_all_of_them_and_no_level_is_refused(
    cell: str, accepts: tuple[int, ...] | None, mine: Path
) -> None:
    sites = "name,kind,lat,lon,accepts\nwest,fire_station,36.806,117.845,\n"
    sites += f"wangcun,fire_station,36.684,117.735,\npeople,hospital,36.803,117.880,{cell}\n"
    (mine / "sites.csv").write_text(sites)
    place = yaml.safe_load(PLACE) | {"sites": {"file": "sites.csv"}}
    (mine / "place/mine.yaml").write_text(yaml.safe_dump(place, allow_unicode=True), encoding="utf-8")
    if accepts is not None:
        (hospital,) = sim.prepare(*MINE, config_dir=mine).scenario.place.hospitals
        assert hospital.accepts == accepts
        return
    with pytest.raises(sim.ConfigError) as told:
        sim.prepare(*MINE, config_dir=mine)
    (problem,) = told.value.problems
    assert problem.path == ("place", "sites", "people", "accepts")
    assert problem.where.endswith("sites.csv, row 4, column accepts")
    assert problem.expected == "at least one level; without accepts it is all of them"


def test_rows_in_a_table_or_in_yaml_are_the_same_study(mine: Path) -> None:
    by_table = sim.prepare(*MINE, config_dir=mine)
    place = yaml.safe_load(PLACE) | {"towns": by_table.config["place"]["towns"]}
    (mine / "place/mine.yaml").write_text(yaml.safe_dump(place, allow_unicode=True), encoding="utf-8")
    by_yaml = sim.prepare(*MINE, config_dir=mine)
    assert by_yaml.fingerprint == by_table.fingerprint


def test_build_reads_tables_in_the_working_folder_or_those_given(tmp_path: Path) -> None:
    (tmp_path / "z.csv").write_text("name,people,x_m,y_m\nz,1,0,0\n")
    mapping = world(place__zones={"file": "z.csv"})
    (zone,) = sim.build(mapping, folders=[tmp_path]).scenario.place.zones
    assert (zone.name, zone.people) == ("z", 1)
    with pytest.raises(sim.ConfigError, match="a file in \\."):
        sim.build(mapping)


def test_show_prints_rows_with_their_provenance(mine: Path) -> None:
    found = tocsin("show", "+place.towns.wangcun.people=50000", mine=mine)
    assert found.returncode == 0, found.stderr
    said = [line.split("\t") for line in found.stdout.splitlines()]
    shown = {key: [value, *rest] for key, value, _, *rest in said}
    assert shown["place.towns.sichoulu.people"] == ["45100", "exact", "the census"]
    assert shown["place.towns.dajie.people"] == ["33300", "approx", ""]
    override = "the override +place.towns.wangcun.people=50000"
    assert shown["place.towns.wangcun.people"] == ["50000", "assumed", override]
    assert shown["fleet.units.west.engine"][0] == "3"
    assert "place.towns.file" not in shown


def test_a_bad_cell_is_shown_with_its_file_row_and_column(mine: Path) -> None:
    (mine / "towns.csv").write_text(ZHOUCUN.replace("45100", "45100人"), encoding="utf-8")
    for command, run in (("check", apart), ("show", here)):
        found = tocsin(command, mine=mine, run=run)
        assert (found.returncode, found.stdout) == (2, "")
        assert found.stderr == (
            "tocsin: 1 problem in the config:\n"
            "  place.towns.sichoulu.people\n"
            "    found     '45100人'\n"
            "    expected  a number, such as 33,300\n"
            f"    in        {mine / 'towns.csv'}, row 3, column people\n"
        )


def test_what_the_schema_finds_wrong_is_located_in_the_table(mine: Path) -> None:
    bad = ZHOUCUN.replace("45100", "-3").replace("117.85,", ",").replace(",approx", ",sure")
    (mine / "towns.csv").write_text(bad, encoding="utf-8")
    Path("units.csv").write_text(UNITS.replace("west", "wset").replace("ambulance,3", "ambulanc,3"))
    with pytest.raises(sim.ConfigError) as caught:
        sim.prepare(*MINE, config_dir=mine)
    towns = str(mine / "towns.csv")
    where = {".".join(each.path): each.where for each in caught.value.problems}
    assert where["place.towns.sichoulu.people"] == f"{towns}, row 3, column people"
    assert where["place.towns.dajie"] == f"{towns}, row 4"
    assert where["place.towns.dajie.confidence"] == f"{towns}, row 4, column confidence"
    assert where["fleet.units.wset"] == "units.csv, row 2, column base"
    assert where["fleet.units.people.ambulanc"] == "units.csv, row 4, columns kind and count"


def test_an_override_of_a_cell_is_located_as_such(mine: Path) -> None:
    with pytest.raises(sim.ConfigError) as caught:
        sim.prepare(*MINE, "+place.towns.dajie.people=-3", config_dir=mine)
    (told,) = caught.value.problems
    assert told.where == "the override '+place.towns.dajie.people=-3'"


def test_a_missing_table_is_one_problem_that_hides_no_other(mine: Path) -> None:
    (mine / "towns.csv").rename(mine / "towns2.csv")
    Path("units.csv").write_text("base,kind,number\nwest,engine,3\n")
    with pytest.raises(sim.ConfigError) as caught:
        sim.prepare(*MINE, "replications=many", config_dir=mine)
    told = {".".join(each.path): each for each in caught.value.problems}
    assert set(told) == {"place.towns.file", "fleet.units", "replications"}
    assert told["place.towns.file"].where == f"{mine / 'place' / 'mine.yaml'}, line 3"
    assert 'did you mean "towns2.csv"?' in told["place.towns.file"].expected
    assert told["fleet.units"].where == "units.csv, row 1"
