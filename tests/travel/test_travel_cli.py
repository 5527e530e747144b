"""Tables of travel times through the real command line: told when wrong, kept with the results when right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sim

TABLE = """use: sim.travel.matrix.Matrix
nodes: nodes.csv
snap: 50 km
modes:
  engine: {file: times.csv, unit: min}
  ambulance: {of: engine}
  truck: {of: engine, factor: 1.42}
  boat: {of: engine}
"""


def tocsin(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "sim.cli", *words, "--config-dir", "mine", "travel=table"],
        cwd=folder, env=os.environ | {"COLUMNS": "200"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def write(folder: Path, times: str) -> None:
    (folder / "mine" / "travel").mkdir(parents=True)
    (folder / "mine" / "travel" / "table.yaml").write_text(TABLE)
    (folder / "mine" / "nodes.csv").write_text("name,lat,lon\nwest,36.8,117.83\neast,36.81,117.92\n")
    (folder / "mine" / "times.csv").write_text(times)


def test_a_wrong_table_is_told_in_full_and_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, ",west,eest\nwest,1,-9\neest,nine,0\n")
    found = tocsin(tmp_path, "run", "centre.pick_up=-1 s")
    assert (found.returncode, found.stdout) == (2, "")
    for words in (
        "centre.pick_up",
        "times.csv, row 3, column west",
        "'nine'",
        "times.csv, west to eest",
        "-9",
    ):
        assert words in found.stderr, found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.slow
def test_results_keep_the_tables_they_were_made_with(tmp_path: Path) -> None:
    write(tmp_path, ",west,east\nwest,0,9\neast,11,0\n")
    found = tocsin(tmp_path, "run", "horizon=20 d", "replications=2", "--no-plots")
    assert found.returncode == 0, found.stderr
    for name in ("times.csv", "nodes.csv"):
        (tmp_path / "mine" / name).unlink()
    (folder,) = (tmp_path / "results").iterdir()
    results = sim.load(folder)
    assert set(results.responses.expected_s.dropna().unique()) <= {0.0, 540.0, 660.0, 540 * 1.42, 660 * 1.42}
    assert results.study.scenario.travel.modes.keys() == {"engine", "ambulance", "truck", "boat"}
