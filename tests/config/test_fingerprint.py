"""What a study is made of: with other code or files it is another, and its results keep the files."""

from pathlib import Path

import pytest
from console import tocsin

import sim

POLICY = """
from dataclasses import dataclass

from helper import FACTOR
from sim.dispatch.closest import Closest
from tools.times import LATER


@dataclass(frozen=True)
class Mine(Closest):
    late_s: float = FACTOR + LATER
"""
SHORT = ("replications=1", "workers=1", "horizon=1 d", "incident=[structure_fire]", "dispatch=mine")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    for name, text in {
        "mine.py": POLICY,
        "helper.py": "FACTOR = 1.0\n",
        "tools/times.py": "from .more import LATER\n",
        "tools/more.py": "LATER = 2.0\n",
        "unused.py": "what is nowhere imported\n",
        "dispatch/mine.yaml": "use: mine.Mine\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(mine: Path) -> str:
    """Run in a process of its own, which imports plug-ins anew, and return where the results are."""
    found = tocsin("run", *SHORT, "--config-dir", ".", "--no-plots", cwd=mine)
    assert found.returncode == 0, found.stderr
    return found.stdout.rsplit("Results:", 1)[1].strip()


@pytest.mark.parametrize("name", ["mine.py", "helper.py", "tools/times.py", "tools/more.py"])
def test_results_of_a_plug_in_are_not_those_of_another_version_of_what_it_imports(
    name: str, mine: Path
) -> None:
    first = run(mine)
    (mine / "unused.py").write_text("something else\n")
    assert run(mine) == first
    (mine / name).write_text((mine / name).read_text() + "MORE = 1\n")
    assert run(mine) != first


TIMES = "from,to,siren (min)\nwest,west,0\nwest,east,{}\neast,west,{}\neast,east,0\n"
TRAVEL = """
use: sim.travel.matrix.Matrix
nodes: tables/nodes.csv
snap: 30 km
modes:
  engine: {file: quick/times.csv, column: siren}
  ambulance: {file: COUNTY/slow/times.csv, column: siren}
  truck: {of: engine}
  boat: {of: engine}
"""


def test_results_are_read_without_the_files_of_their_config(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files of one name, one called by its way from the folder of configs, the other from here."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "tables/nodes.csv": "name,lat,lon\nwest,36.80,117.83\neast,36.81,117.92\n",
        "quick/times.csv": TIMES.format(5, 6),
        "slow/times.csv": TIMES.format(50, 60),
        "travel/mine.yaml": TRAVEL.replace("COUNTY", "county"),
    }.items():
        file = tmp_path / "county" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    study = sim.prepare("replications=1", "workers=1", "horizon=2 d", "travel=mine", config_dir="county")
    before = sim.run(study, results=tmp_path / "results")
    (tmp_path / "county").rename(tmp_path / "gone")
    after = sim.load(before.path)
    assert [each.summary() for each in after.verdicts] == [each.summary() for each in before.verdicts]
    kept = before.path / "inputs"
    assert (kept / "quick/times.csv").read_text() == TIMES.format(5, 6)
    assert (kept / "county/slow/times.csv").read_text() == TIMES.format(50, 60)
