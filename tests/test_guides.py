"""The how-to pages, tried literally: every file they show is written, every command they show is run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from worlds import ROOT

FENCE = re.compile(r"(?:`(?P<file>[\w./-]+)`:\n\n)?```(?P<kind>\w+)\n(?P<body>.*?)```", re.DOTALL)

PAGES = (
    "add-an-incident-type",
    "add-a-travel-provider",
    "bring-your-own-county",
    "real-roads",
    "the-command-centre",
    "dispatch-and-command",
    "air",
    "studies",
    "results",
)


def steps(page: str) -> list[tuple[str, str, str]]:
    """What a reader does, in order: (kind of block, file to write or nothing, content)."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    return [(found["kind"], found["file"] or "", found["body"]) for found in FENCE.finditer(text)]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_what_it_says_from_an_empty_folder(page: str, tmp_path: Path) -> None:
    commands = 0
    for kind, file, body in steps(page):
        if kind == "console":
            for line in body.strip().splitlines():
                done = subprocess.run(
                    _command(line) + _quietly(line),
                    shell=True, cwd=tmp_path, capture_output=True, text=True, check=False,
                    env=os.environ | {"COLUMNS": "200"},
                )  # fmt: skip
                assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
                assert done.stdout
                commands += 1
        else:
            assert file, f"the page shows {kind} without saying where it goes:\n{body}"
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(body, encoding="utf-8")
    assert commands >= 3
    assert list((tmp_path / "results").iterdir())


def _command(line: str) -> str:
    """What a reader's line runs here."""
    python = line.replace("tocsin ", f"{sys.executable} -m sim.cli ", 1)
    return python.replace("python ", f"{sys.executable} ", 1) if line.startswith("python ") else python


def _quietly(line: str) -> str:
    if " run " not in line:
        return ""
    few = "" if "replications" in line else " replications=2"
    return " workers=1 --no-plots" + few + ("" if "horizon" in line else " 'horizon=20 d'")


@pytest.mark.parametrize("page", PAGES)
def test_the_readme_leads_to_every_page(page: str) -> None:
    assert f"docs/{page}.md" in (ROOT / "README.md").read_text(encoding="utf-8")
