"""`tocsin run`: the answer, as words, JSON and figures, and what may stop it."""

import json
from pathlib import Path

import pytest
from console import here, tocsin

import sim

QUICK = ("horizon=20 d", "replications=2", "workers=1")


@pytest.mark.slow
def test_run_answers_the_question(tmp_path: Path) -> None:
    found = tocsin("run", *QUICK, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""
    assert all(line == line.rstrip() and len(line) <= 120 for line in found.stdout.splitlines())
    for words in (
        "Zhoucun District: 407,000 people, 5 stations, 17 x fire engine",
        "128 firefighters",
        "not modelled yet:\n",
        "Fire circle, simulated",
        "By type of incident: from the report until on scene",
        "Where the time goes",
        "turnout",
        "Missed (",
        "assumed",
        "Results: ",
    ):
        assert words in found.stdout
    (folder,) = (tmp_path / "results").iterdir()
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "config.yaml",
        "manifest.json",
        "coverage.png",
        "response_times.png",
        *(f"{table}.parquet" for table in ("incidents", "responses", "unmet")),
        "tables.json",
        ".lock",
    }
    for name in ("coverage.png", "response_times.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


def test_json_is_one_object_with_the_promised_keys(tmp_path: Path) -> None:
    found = tocsin("run", *QUICK, "--json", cwd=tmp_path)
    told = json.loads(found.stdout)
    assert list(told) == ["results", "replications", "incidents", "wall_s", "targets", "types", "notes"]
    assert (tmp_path / "results" / Path(told["results"]).name).is_dir()
    assert told["replications"] == 2
    assert told["incidents"] > 300
    names = [target["name"] for target in told["targets"]]
    assert names[:4] == ["fire_circle", "fire_circle_people", "fire_circle_area", "medical_2h"]
    for target in told["targets"]:
        assert set(target) == {"name", "share", "lower", "upper", "required", "verdict", "n"}
        assert target["verdict"] in ("met", "missed", "undecided", "not modelled yet")
    assert {each["name"] for each in told["types"]} >= {"structure_fire", "medical_emergency"}
    assert sum(each["n"] for each in told["types"]) == told["incidents"]
    assert any(note.startswith("not modelled yet: ") for note in told["notes"])


@pytest.mark.slow
def test_ones_own_incident_type_and_policy_are_a_yaml_and_a_python_file(tmp_path: Path) -> None:
    (tmp_path / "incident").mkdir()
    (tmp_path / "dispatch").mkdir()
    (tmp_path / "incident" / "lift_rescue.yaml").write_text(
        "lift_rescue:\n"
        "  rate: 0.1 per 1000 people per year\n"
        "  detection: 1 min\n"
        "  reporting: 1 min\n"
        "  handling: {dist: exponential, mean: 1 min}\n"
        "  work: {times: {engine: 20 min}}\n"
        "  levels: {IV: {probability: 100 %, priority: 4, needs: {engine: 1}}}\n"
    )
    (tmp_path / "dispatch" / "second.yaml").write_text("use: second_closest.SecondClosest\n")
    (tmp_path / "second_closest.py").write_text(
        "from dataclasses import dataclass\n"
        "from sim.seams import Order, Policy\n\n\n"
        "@dataclass(frozen=True)\n"
        "class SecondClosest(Policy):\n"
        "    def decide(self, view):\n"
        "        for need in view.needs:\n"
        "            near = [unit for unit, _ in view.candidates(need)][:2]\n"
        "            if near:\n"
        "                yield Order(near[-1], need.incident)\n"
    )
    words = ["run", "--config-dir", ".", *QUICK[:2], "dispatch=second", "workers=2", "--json"]
    found = tocsin(*words, "incident=[structure_fire,lift_rescue]", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    assert told["incidents"] > 10
    again = sim.load(told["results"])
    assert [verdict.summary() for verdict in again.verdicts] == told["targets"]


@pytest.mark.parametrize("body", ["return None", "return [5]"])
def test_a_policy_that_does_not_give_orders_is_told_so(body: str, tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text(
        "from dataclasses import dataclass\nfrom sim.seams import Policy\n"
        f"@dataclass(frozen=True)\nclass Odd(Policy):\n    def decide(self, view):\n        {body}\n"
    )
    run = tocsin if "5" in body else here
    found = run("run", "--config-dir", ".", "dispatch.use=odd.Odd", *QUICK, cwd=tmp_path)
    assert found.returncode == 1
    assert "Odd.decide gave" in found.stderr or "Odd.decide raises TypeError: 'NoneType'" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    "overrides", [["targets.fire_circle.limit=1 min"], ["fleet.engines_per_station=1"], ["targets={}"]]
)
def test_slow_and_odd_systems_are_answered_and_plotted_too(overrides: list[str], tmp_path: Path) -> None:
    found = here("run", *QUICK, *overrides, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert len(list(tmp_path.rglob("*.png"))) == 2


def test_a_results_folder_that_cannot_be_written_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file, not a folder")
    found = tocsin("run", *QUICK, cwd=tmp_path)
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    assert "results" in found.stderr
