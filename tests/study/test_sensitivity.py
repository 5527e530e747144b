"""`tocsin sweep --uncertain` and `tocsin sensitivity`, where it is known what an input does."""

import json
from pathlib import Path
from typing import get_args

import pytest
from console import here

import sim
from sim.cli.sensitivity import Kind
from sim.config.schema.experiment import DesignConfig
from sim.study.costs import SelectionError

FEW = ("horizon=20 d", "incident=[structure_fire]", "replications=3", "workers=1")
ALERTING, CREW, RATE = "centre.alerting", "fleet.kinds.engine.crew", "incident.structure_fire.rate"
OVER = f"{ALERTING}: {{from: 0 s, to: 60 s}}, {CREW}: {{from: 5, to: 8}}"


@pytest.fixture(scope="module")
def morris(tmp_path_factory: pytest.TempPathFactory) -> sim.SweepResults:
    return sim.sweep(
        *FEW, f"design={{kind: morris, points: 4, over: {{{OVER}}}}}", results=tmp_path_factory.mktemp("m")
    )


@pytest.fixture(scope="module")
def saltelli(tmp_path_factory: pytest.TempPathFactory) -> sim.SweepResults:
    return sim.sweep(
        *FEW, f"design={{kind: saltelli, points: 8, over: {{{OVER}}}}}", results=tmp_path_factory.mktemp("s")
    )


def test_a_delay_of_all_delays_all_and_a_crew_that_nobody_asks_for_does_nothing(
    morris: sim.SweepResults,
) -> None:
    """Alerting is a wait of so long for each unit, and half of its range 30 s; the same units are sent."""
    (mean,) = sim.sensitivity(morris, ["mean_s"]).influences
    alerting, crew = mean.effects[ALERTING], mean.effects[CREW]
    assert alerting.mean == pytest.approx(30, abs=0.3)
    assert alerting.size == pytest.approx(30, abs=0.3)
    assert alerting.deviation < 0.3
    assert alerting.error < 0.3
    assert (crew.mean, crew.mean_error, crew.size, crew.deviation, crew.error) == (0, 0, 0, 0, 0)


def test_all_spread_comes_from_the_delay(saltelli: sim.SweepResults) -> None:
    """Its values are 16 of a Sobol sequence over 60 s, whose standard deviation is about 60 / sqrt(12)."""
    found = sim.sensitivity(saltelli)
    by_name = {each.measure: each for each in found.influences}
    mean = by_name["mean_s"]
    assert mean.spread.deviation == pytest.approx(60 / 12**0.5, rel=0.15)
    assert mean.spread.told
    total = mean.indices[ALERTING].total
    assert total.low < 1 < total.high
    assert total.value > 0.5  # eight rows are few
    assert mean.indices[CREW].first.value == pytest.approx(0, abs=0.01)
    assert mean.indices[CREW].total.value == pytest.approx(0, abs=0.01)
    assert sum(by_name["fire_circle"].verdicts.values()) == 16
    assert "medical_2h" in found.left_out


def test_a_sweep_that_is_read_back_has_its_design(morris: sim.SweepResults) -> None:
    again = sim.load_sweep(morris.path)
    assert sim.sensitivity(again) == sim.sensitivity(morris)


def test_the_command_says_so(morris: sim.SweepResults) -> None:
    words = ("sensitivity", morris.path.name, "--results", str(morris.path.parent))
    told = here(*words)
    assert (told.returncode, told.stderr) == (0, "")
    assert "2 uncertain inputs, 12 points (morris), 3 replications each" in told.stdout
    row = next(line for line in told.stdout.splitlines() if line.startswith(ALERTING))
    assert row.split()[1:3] == ["+30", "s"] or "points" in row
    assert f"{CREW} nothing" in " ".join(told.stdout.split())
    as_json = json.loads(here(*words, "--of", "mean_s", "--json").stdout)
    assert as_json["inputs"] == [ALERTING, CREW]
    assert as_json["measures"][0]["effects"][ALERTING]["mean"] == pytest.approx(30, abs=0.3)
    wrong = here(*words, "--of", "nosuch")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no measure 'nosuch'" in wrong.stderr


def test_sweeping_over_what_is_uncertain_tells_of_inputs(tmp_path: Path) -> None:
    said = f"+{RATE}.uncertain={{factor: 2}}"
    told = here("sweep", *FEW, said, "--uncertain", "latin_hypercube", "--points", "5", cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert "5 points (latin_hypercube), 3 replications each" in told.stdout
    assert "from inputs" in told.stdout


@pytest.mark.parametrize(
    ("replications", "points", "words"),
    [
        (1, 2, "expected at least 2 replications a point, to tell noise from inputs\n"),
        (2, 1, "expected at least 2 points spread evenly, to tell of any\n"),
    ],
)
def test_one_replication_or_row_cannot_tell_noise_from_inputs(
    replications: int, points: int, words: str, tmp_path: Path
) -> None:
    design = f"design={{kind: morris, points: {points}, over: {{{OVER}}}}}"
    told = here("sweep", *FEW, f"replications={replications}", design, cwd=tmp_path)
    assert told.returncode == 0
    assert "points" in told.stdout
    assert told.stderr.startswith("tocsin: ")
    assert told.stderr.endswith(words)


def test_what_is_no_design_is_refused(tmp_path: Path, morris: sim.SweepResults) -> None:
    grid = sim.sweep(*FEW, "replications=2", "seed=1,2", results=tmp_path)
    with pytest.raises(SelectionError, match="is no sweep over one design and nothing else"):
        sim.sensitivity(grid)
    with pytest.raises(SelectionError, match="medical_2h: a replication counts nothing"):
        sim.sensitivity(morris, ["medical_2h"])
    part = sim.load_sweep(morris.path)
    part.points[3].finished = 0
    with pytest.raises(SelectionError, match="1 of 12 points have not run"):
        sim.sensitivity(part)


def test_what_inputs_do_is_drawn(
    morris: sim.SweepResults, saltelli: sim.SweepResults, tmp_path: Path
) -> None:
    words = ("--results", str(morris.path.parent), "--of", "mean_s")
    told = here("sensitivity", morris.path.name, *words, "--plot", str(tmp_path / "m.png"))
    assert (told.returncode, told.stderr) == (0, "")
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")
    figure = sim.plot_sensitivity(sim.sensitivity(morris, ["mean_s"]))
    assert figure is not None
    (ax,) = figure.axes
    assert [label.get_text() for label in ax.get_yticklabels()] == [ALERTING]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([30], abs=0.3)
    figure = sim.plot_sensitivity(sim.sensitivity(saltelli))
    assert figure is not None
    assert len(figure.axes) == 3
    wrong = here("sensitivity", morris.path.name, *words, "--plot", str(tmp_path / "m.what"))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Format 'what' is not supported" in wrong.stderr


def test_the_option_knows_all_kinds_of_designs() -> None:
    assert list(Kind) == list(get_args(DesignConfig.model_fields["kind"].annotation))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sweep", "--points", "3"], "--points goes with --uncertain"),
        (["sweep", "seed=1,2", "--uncertain", "morris"], "--uncertain goes with no other sweep"),
        (["sweep", "design={kind: sobol, points: 4}", "--uncertain", "morris"], "no design= of your own"),
        (["sweep", "--uncertain", "nope"], "Invalid value for '--uncertain'"),
        (["sweep", "--uncertain", "morris", "--points", "0"], "Invalid value for '--points'"),
        (["sweep", "--csv", "--json"], "expected --json or --csv, not both"),
        (
            ["select", "3f", "--best", "mean_s", "--within", "1 s", "--target", "x"],
            "--target goes with --cost",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(words: list[str], told: str, tmp_path: Path) -> None:
    found = here(*words, cwd=tmp_path)
    assert found.returncode == 2
    assert told in found.stderr
    assert not list(tmp_path.iterdir())
