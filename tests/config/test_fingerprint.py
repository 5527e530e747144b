"""Fingerprints: a study of other code, or of other files, is another study."""

from pathlib import Path

import pytest
from console import tocsin

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
