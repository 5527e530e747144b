"""The commands that only tell: show, check, list, and what is told of tocsin itself."""

import subprocess
import sys
from pathlib import Path

from console import here, tocsin
from streets import write_streets

import sim


def test_show_prints_every_value_with_its_confidence(tmp_path: Path) -> None:
    found = tocsin("show", "seed=7", "fleet.units.west.engine=2", cwd=tmp_path)
    rows = dict(line.split("\t", 1) for line in found.stdout.splitlines())
    assert rows["place.zoning.area"].startswith("307.29 km2\tpublished\texact\tstated area")
    assert rows["place.sites.west.lat"].startswith("36.806\tassumed\tassumed\t")
    assert rows["fleet.units.west.engine"] == "2\tassumed\tassumed\tthe override fleet.units.west.engine=2"
    assert rows["fleet.units.north.engine"].startswith("3\tassumed\tassumed\t")
    assert rows["seed"] == "7\t\t\tthe override seed=7"


def provenance(tmp_path: Path, *overrides: str) -> dict[str, list[str]]:
    lines = here("show", *overrides, cwd=tmp_path).stdout.splitlines()
    return {key: [value, *rest] for key, value, _, *rest in (line.split("\t") for line in lines)}


def test_an_override_speaks_for_what_it_sets_and_nothing_else(tmp_path: Path) -> None:
    nested = "fleet.kinds.engine={turnout: {median: 60 s}}"
    rows = provenance(tmp_path, nested, "fleet.units={west: {engine: 4}}")
    assert rows["fleet.kinds.engine.turnout.median"] == ["60 s", "assumed", f"the override {nested}"]
    assert rows["fleet.kinds.engine.turnout.sigma"][1] == "estimated"
    assert rows["fleet.units.west.engine"][2] == "the override fleet.units={west: {engine: 4}}"
    assert rows["fleet.units.north.engine"][2].startswith("17 engines")
    item = "incident.road_crash.profile.weekly.value.0=2"
    twice = provenance(tmp_path, "fleet.units.west.engine=2", "fleet.units={west: {engine: 4}}", item)
    assert twice["fleet.units.west.engine"][2] == "the override fleet.units={west: {engine: 4}}"
    assert twice["incident.road_crash.profile.weekly"][2] == f"the override {item}"


def test_two_experiments_combine(tmp_path: Path) -> None:
    found = here("show", "experiment=[sixth_station,turnout_60s]", cwd=tmp_path)
    assert "place.sites.northwest.lat" in found.stdout
    assert "fleet.kinds.engine.turnout.median\t60 s\tassumed\tassumed" in found.stdout


def test_check_validates_and_writes_nothing(tmp_path: Path) -> None:
    found = tocsin("check", "seed=3", cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "zhoucun: the config is right (30 replications, seed 3)" in found.stdout
    assert not list(tmp_path.iterdir())


def test_what_looks_unintended_is_noted(tmp_path: Path) -> None:
    idle = "+place.sites.mine={kind: fire_station, title: Mine, lat: 36.815, lon: 117.85}"
    found = here("check", idle, "incident=[structure_fire,medical_emergency]", cwd=tmp_path)
    assert "note: the station Mine has no units" in found.stdout
    assert "note: Fire circle, simulated names vegetation_fire, not simulated here" in found.stdout


def test_list_names_groups_and_options(tmp_path: Path) -> None:
    assert "place=zhoucun" in tocsin("list", cwd=tmp_path).stdout.splitlines()
    assert {"shanting", "zhoucun"} <= set(here("list", "place", cwd=tmp_path).stdout.splitlines())
    wrong = here("list", "plce", cwd=tmp_path)
    assert wrong.returncode == 2
    assert 'did you mean "place"?' in wrong.stderr


def test_version(tmp_path: Path) -> None:
    found = tocsin("--version", cwd=tmp_path)
    assert found.stdout.strip()[0].isdigit()


def test_help_is_quick_because_it_imports_little(tmp_path: Path) -> None:
    heavy = "hydra|pandas|scipy|numpy|matplotlib|simpy|pyarrow|pydantic"
    code = f"import sys, sim.cli\nprint([m for m in '{heavy}'.split('|') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert found.stdout.strip() == "[]"


def test_experiments_of_ones_own_lie_in_either_folder(tmp_path: Path) -> None:
    for folder, name in (("experiment", "one"), ("experiments", "other")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.yaml").write_text("overrides: [seed=77]\n")
        found = here("check", "--config-dir", str(tmp_path), f"experiment={name}", cwd=tmp_path)
        assert "seed 77" in found.stdout, found.stderr
    listed = here("list", "experiment", "--config-dir", str(tmp_path), cwd=tmp_path).stdout.split()
    assert {"one", "other", "cut_off"} <= set(listed)


def test_check_says_what_was_read_of_roads_and_show_where_closures_stand(tmp_path: Path) -> None:
    streets = write_streets(tmp_path, sim.prepare().scenario.place)
    (tmp_path / "cuts.csv").write_text("name,roads,at\ncut,row 3,9 h\n")
    words = ["--config-dir", str(tmp_path), "+closures={file: cuts.csv}"]
    found = here("check", *words, *streets, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert "arcs.csv: " in found.stdout
    assert "km of road (" in found.stdout
    shown = [line.split("\t") for line in here("show", *words, cwd=tmp_path).stdout.splitlines()]
    assert any(row[0] == "closures.cut.at" and "cuts.csv, row 2" in row[-1] for row in shown)
