"""Numbers that say what else they may be: read, held fixed, spread over, and told when they are wrong."""

from pathlib import Path

import pytest

import sim
from sim.compose import compose, points
from sim.config import ConfigError, split
from sim.config.uncertain import inputs

TURNOUT, CREW = "fleet.kinds.engine.turnout.median", "fleet.kinds.engine.crew"
FIRES = ("incident=[structure_fire]",)
SOBOL = "design={kind: sobol, points: 64}"


def uncertain(*overrides: str) -> list[str]:
    return list(inputs(split(compose(*overrides).mapping))[0])


def told(*overrides: str, folder: Path | None = None) -> list[tuple[str, str, str]]:
    with pytest.raises(ConfigError) as raised:
        points(*overrides, config_dir=folder)
    return [(".".join(p.path), p.found, p.expected) for p in raised.value.problems]


def test_what_is_uncertain_is_no_part_of_the_study() -> None:
    said = sim.prepare(*FIRES, f"+{CREW}.uncertain={{from: 4, to: 8}}")
    assert said.fingerprint == sim.prepare(*FIRES).fingerprint


def test_a_design_spreads_over_all_that_is_uncertain_and_not_held_fixed() -> None:
    all_ = uncertain(*FIRES)
    assert TURNOUT in all_
    swept = points(*FIRES, "design={kind: latin_hypercube, points: 4}")
    assert list(swept.axes) == all_
    assert swept.design is not None
    assert (swept.design.kind, swept.design.inputs, swept.design.rows) == ("latin_hypercube", tuple(all_), 4)
    fixed = points(*FIRES, "design={kind: latin_hypercube, points: 4}", f"{TURNOUT}=70 s")
    assert list(fixed.axes) == [key for key in all_ if key != TURNOUT]
    assert {sim.prepare(*p.overrides).scenario.fleet.kinds[0].turnout.median_s for p in fixed.points} == {
        70.0
    }


def test_a_value_is_what_its_spread_is_around_and_lies_within_its_bounds() -> None:
    key = "fleet.kinds.engine.turnout.sigma"
    factor = points(*FIRES, f"+{key}={{value: 0.3, uncertain: {{factor: 1.5}}}}", SOBOL)
    sigmas = [float(str(value)) for value in factor.axes[key]]
    assert sum(0.3 / 1.5 < sigma < 0.3 * 1.5 for sigma in sigmas) == pytest.approx(0.95 * 64, abs=1.5)
    assert sum(sigma < 0.3 for sigma in sigmas) == 32
    assert told(f"+{CREW}.uncertain={{from: 7, to: 9}}", "design={kind: sobol, points: 2}") == [
        (f"{CREW}.uncertain", "a mapping: {'from': 7, 'to': 9}", "bounds around the value itself, 6")
    ]


def test_a_sweep_of_more_than_a_design_has_no_design_of_its_own() -> None:
    both = points(*FIRES, "seed=1,2", "design={kind: latin_hypercube, points: 4}")
    assert len(both.points) == 8
    assert both.design is None


def test_a_file_may_ask_for_a_design(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "unsure.yaml").write_text(
        "title: Which count?\noverrides: ['incident=[structure_fire]']\ndesign: {kind: morris, points: 2}\n"
    )
    swept = points("experiment=unsure", config_dir=tmp_path)
    assert swept.design is not None
    assert len(swept.points) == 2 * (1 + len(swept.design.inputs))
    with pytest.raises(ConfigError, match=r"which sweeps what is uncertain"):
        sim.prepare("experiment=unsure", config_dir=tmp_path)


WRONG = {
    f"+{CREW}.uncertain=5": (f"{CREW}.uncertain", "5"),
    f"+{CREW}.uncertain={{from: 4}}": (f"{CREW}.uncertain", "a mapping: {'from': 4}"),
    f"+{CREW}.uncertain={{from: 4, too: 8}}": (f"{CREW}.uncertain.too", "8"),
    f"+{CREW}.uncertain={{factor: 0.5}}": (f"{CREW}.uncertain.factor", "0.5"),
    f"+{TURNOUT}.uncertain={{from: 9 s, to: 1 min}}": (
        f"{TURNOUT}.uncertain",
        "a mapping: {'from': '9 s', 'to': '1 min'}",
    ),
}


@pytest.mark.parametrize("override", WRONG)
def test_what_cannot_be_uncertain_so_is_told_by_any_command(override: str) -> None:
    with pytest.raises(ConfigError) as raised:
        sim.prepare(override)
    assert [(".".join(p.path), p.found) for p in raised.value.problems] == [WRONG[override]]
    assert raised.value.problems[0].where == f"the override {override!r}"


def test_only_numbers_with_a_key_of_their_own_are_uncertain() -> None:
    said = {"uncertain": {"from": 1, "to": 3}}
    listed = {"value": 2, **said}
    found, problems = inputs(
        split({"a": {"value": True, **said}, "b": {"value": [2], **said}, "c": [listed]})
    )
    assert not found
    assert [(".".join(p.path), p.expected) for p in problems] == [
        ("a.uncertain", "nothing of the kind beside True, which is no number"),
        ("b.uncertain", "nothing of the kind beside a list: [2], which is no number"),
        ("c.0.uncertain", "a number by a key of its own, not one in a list"),
    ]


def test_all_that_is_wrong_with_a_design_is_told() -> None:
    found = told("design={kind: moris, points: 0, over: {a: {from: 1}}}")
    assert [path for path, _, _ in found] == ["design.kind", "design.points", "design.over.a"]
    assert told("design={kind: morris, points: 2, over: {fleet.kinds.engine.crew: [4, 5]}}", f"{CREW}=5") == [
        ("design", "nothing to spread over", "a number that is said to be uncertain, and not held fixed")
    ]
    (_, found_, expected) = told("design={kind: morris, points: 2, over: {fleet.nosuch: [4, 5]}}")[0]
    assert "nosuch" in found_ + expected or "a key of the config" in expected


def test_a_design_is_for_a_sweep() -> None:
    with pytest.raises(ConfigError, match="tocsin sweep"):
        sim.prepare("design={kind: morris, points: 2}")
