"""`tocsin compare`: two studies that met the same days."""

import json
from pathlib import Path

import numpy as np
import pytest
from console import here

import sim
from sim.study.comparing import ComparisonError

SHORT = ("horizon=20 d", "incident=[structure_fire,medical_emergency]", "replications=6", "workers=1")
QUICK = ("fleet.kinds.engine.turnout.median=50 s",)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compared")


@pytest.fixture(scope="module")
def pair(root: Path) -> tuple[sim.Results, sim.Results]:
    one, other = (sim.run(sim.prepare(*SHORT, *more), results=root) for more in ((), QUICK))
    return one, other


def test_a_change_on_the_same_days_is_seen_at_once(pair: tuple[sim.Results, sim.Results]) -> None:
    found = sim.compare(*pair)
    rows = {row.measure: row for row in found.rows}
    assert found.replications == 6
    assert found.notes == ()
    assert rows["fire_circle"].found.a == pair[0].verdicts[0].share
    assert rows["fire_circle"].found.b == pair[1].verdicts[0].share
    fires = rows["structure_fire.mean_s"]
    assert fires.certain
    assert fires.found.upper < 0
    assert fires.found.removed > 0.9
    first = [x.incidents[x.incidents.type == "structure_fire"] for x in pair]
    seconds = [(x.arrived_s - x.reported_s).groupby(x.replication).agg(["sum", "count"]) for x in first]
    means = [each["sum"].sum() / each["count"].sum() for each in seconds]
    assert fires.found.difference == pytest.approx(means[1] - means[0], abs=0.01)
    assert not rows["medical_emergency.mean_s"].certain  # engines drive to no patients


def test_a_study_and_itself_do_not_differ(pair: tuple[sim.Results, sim.Results]) -> None:
    for row in sim.compare(pair[0], pair[0]).rows:
        assert row.found.difference == 0
        assert row.found.lower in (0, -np.inf)
        assert not row.certain
        assert np.isnan(row.found.removed) or row.found.removed == pytest.approx(1)


def test_a_share_or_level_that_is_none_is_refused(pair: tuple[sim.Results, sim.Results]) -> None:
    with pytest.raises(ComparisonError, match="expected a share between 0 and 1"):
        sim.compare(*pair, share=90)
    with pytest.raises(ComparisonError, match="expected a confidence_level between 0 and 1"):
        sim.compare(*pair, confidence_level=95)


def test_the_command_says_so_in_words_and_in_json(root: Path, pair: tuple[sim.Results, sim.Results]) -> None:
    names = [results.path.name for results in pair]
    found = here("compare", *names, "--percentile", "75", "--results", ".", cwd=root)
    assert found.returncode == 0, found.stderr
    for words in ("6 pairs of replications", "Fire circle", "B - A", "95% interval", "Structure fire: 75 %"):
        assert words in found.stdout
    told = json.loads(here("compare", *names, "--json", "--results", ".", cwd=root).stdout)
    measures = [row["measure"] for row in told["differences"]]
    assert {"fire_circle", "all.mean_s", "all.p90_s", "structure_fire.p90_s"} <= set(measures)


def test_other_days_are_refused_and_fewer_pairs_told(
    root: Path, pair: tuple[sim.Results, sim.Results]
) -> None:
    other = sim.run(sim.prepare(*SHORT, "seed=2"), results=root)
    with pytest.raises(ComparisonError, match="expected the same"):
        sim.compare(pair[0], other)
    found = here("compare", pair[0].path.name, other.path.name, "--results", ".", cwd=root)
    assert (found.returncode, "Traceback" in found.stderr) == (2, False)
    assert "run one of them again with seed=1" in found.stderr
    few = sim.run(sim.prepare(*SHORT, "replications=3"), results=root)
    assert sim.compare(pair[0], few).notes == ("of 6 and 3 replications, the 3 in common",)
    one = sim.run(sim.prepare(*SHORT, "replications=1"), results=root)
    with pytest.raises(ComparisonError, match="1 replications in common"):
        sim.compare(pair[0], one)
