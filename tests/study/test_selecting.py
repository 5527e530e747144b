"""`tocsin select`: the best point of a sweep, and the cheapest that meets the targets."""

import json
from pathlib import Path

import pytest
from console import here

import sim
from sim.study.costs import SelectionError, cost

FEW = ("horizon=20 d", "incident=[structure_fire]", "replications=12", "workers=1")


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> sim.SweepResults:
    """Turnouts of half a minute to three, so far apart that it shows in a dozen replications."""
    key = "fleet.kinds.engine.turnout.median=30 s,60 s,180 s"
    words = (*FEW, key, "fleet.engines_per_station=2,3", "targets.fire_circle.share=50 %")
    return sim.sweep(*words, results=tmp_path_factory.mktemp("swept"))


def test_the_quickest_is_best_by_time(swept: sim.SweepResults) -> None:
    found = sim.best(swept, "mean_s", 10.0)
    assert found.selection.best is not None
    assert found.points[found.selection.best].labels["fleet.kinds.engine.turnout.median"] == "30 s"
    gone = [
        n for p, n in zip(found.points, found.selection.left_out, strict=True) if "180 s" in str(p.labels)
    ]
    assert gone == [10, 10]
    assert found.means[found.selection.best] == min(found.means)
    assert found.more == ()


def test_what_is_not_known_yet_asks_for_more_where_it_tells_most(swept: sim.SweepResults) -> None:
    found = sim.best(swept, "fire_circle", 0.001)
    assert found.selection.best is None
    assert found.selection.needed > 12
    assert sum(found.more) == 100
    assert all(n == 0 for n, gone in zip(found.more, found.selection.left_out, strict=True) if gone)


def test_the_cheapest_that_meets_the_targets(swept: sim.SweepResults) -> None:
    found = sim.cheapest(swept, "fleet.engines_per_station * 1.2 - 0.4", targets=["fire_circle"])
    assert [each.cost for each in found.points] == pytest.approx([2.0] * 3 + [3.2] * 3)
    assert found.chosen is not None
    assert found.chosen.cost == pytest.approx(2.0)
    slow = [each for each in found.points if "180 s" in str(each.point.labels)]
    assert {each.verdict for each in slow} == {"missed"}
    assert {each.by for each in slow} == {("fire_circle",)}
    for each in found.points:  # surer than each verdict alone
        (alone,) = (t for t in each.point.targets if t["name"] == "fire_circle")
        assert each.verdict in (alone["verdict"], "undecided")


def test_the_command_says_so(swept: sim.SweepResults) -> None:
    root, name = swept.path.parent, swept.path.name
    found = here("select", name, "--best", "mean_s", "--within", "10 s", "--results", ".", cwd=root)
    assert found.returncode == 0, found.stderr
    assert "The best with a confidence of 95%, or within 10 s of it (KN)." in found.stdout
    words = ["--cost", "fleet.engines_per_station*1.2", "--target", "fire_circle", "--results", "."]
    told = here("select", name, *words, cwd=root)
    assert "The cheapest that meets fire_circle: fleet.kinds.engine.turnout.median=" in told.stdout
    asked = json.loads(here("select", name, *words, "--json", cwd=root).stdout)
    assert asked["chosen"]["cost"] == pytest.approx(2.4)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "expected either --best and --within, or --cost"),
        (["--best", "mean_s"], "expected either --best and --within, or --cost"),
        (["--best", "mean_s", "--within", "1%"], "expected a time with its unit"),
        (["--best", "fire_circl", "--within", "1%"], 'did you mean "fire_circle"'),
        (["--best", "medical_2h", "--within", "1%"], "a replication counts nothing"),
        (["--cost", "engines*2"], "expected a swept key"),
        (["--cost", "fleet.kinds.engine.turnout.median"], "expected a number"),
        (["--cost", "__import__('os')"], "expected numbers, swept keys"),
        (["--cost", "1", "--target", "fire"], "no target 'fire' was tested"),
    ],
)
def test_a_wrong_question_is_told(swept: sim.SweepResults, words: list[str], told: str) -> None:
    found = here("select", swept.path.name, *words, "--results", ".", cwd=swept.path.parent)
    assert (found.returncode, "Traceback" in found.stderr) == (2, False)
    assert told in " ".join(found.stderr.replace("│", " ").split())


def test_a_target_that_the_first_point_counts_nothing_for_is_one_of_all(tmp_path: Path) -> None:
    """Without engines none arrives, and nothing is counted; with them the target is tested."""
    swept = sim.sweep(*FEW, "replications=2", "fleet.engines_per_station=0,3", results=tmp_path)
    counted = [t["n"] for point in swept.points for t in point.targets if t["name"] == "fire_circle"]
    assert counted[0] == 0 < counted[1]
    assert "fire_circle" in sim.cheapest(swept, "fleet.engines_per_station").targets
    none = sim.cheapest(swept, "fleet.engines_per_station", targets=["fire_circle"])
    assert none.points[0].verdict == "undecided"


@pytest.mark.parametrize("alpha", [0.0, 1.0, 2.0, float("nan")])
def test_a_chance_that_is_none_is_refused(swept: sim.SweepResults, alpha: float) -> None:
    with pytest.raises(SelectionError, match="expected an alpha between 0 and 1"):
        sim.best(swept, "mean_s", 10.0, alpha=alpha)
    with pytest.raises(SelectionError, match="expected an alpha between 0 and 1"):
        sim.cheapest(swept, "1", alpha=alpha)
    with pytest.raises(SelectionError, match="a delta above 0"):
        sim.best(swept, "mean_s", float("nan"))


def test_costs_are_formulas() -> None:
    labels = {"fleet.engines_per_station": 3, "seed": 2, "name": "x"}
    assert cost("2*(fleet.engines_per_station + 1.5) / seed - -1", labels) == pytest.approx(5.5)
    for wrong in ("1 +", "2 ** 3", "name", "[1]", "True", "", "-" * 5000 + "1", "(" * 5000, "1e999"):
        with pytest.raises(SelectionError, match="expected"):
            cost(wrong, labels)
    with pytest.raises(SelectionError, match="the cost 'seed / 0' divides by 0"):
        cost("seed / 0", labels)
