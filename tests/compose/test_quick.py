"""Points composed quickly are those that Hydra composes, override by override."""

from pathlib import Path
from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ROOT

import sim
from sim.compose.composed import composed_of
from sim.compose.folders import folders_of
from sim.compose.interpolations import tied
from sim.compose.overrides import parsed_or_problem
from sim.compose.quick import Composer, cross, template_of
from sim.compose.settings import Setting, settings_of, written
from sim.config import split
from sim.config.provenance import Path as Path_

PLACES = ("zhoucun", "shanting", "huancui", "wenshang", "lianyungang")
COMPOSERS: dict[str, Composer] = {}


def read(*texts: str, folder: Path | None = None) -> list[Setting]:
    """The settings of overrides."""
    found = []
    for text in texts:
        parsed = parsed_or_problem(text)
        assert not isinstance(parsed, sim.config.Problem), text
        found += settings_of(parsed, [parsed._value], folders_of(folder))
    return found


def as_hydra_does(*texts: str, folder: Path | None = None, composer: Composer | None = None) -> Composer:
    """Compose both ways, see that both say the same, and return what composed quickly."""
    composer = composer or Composer(folder)
    mine = read(*texts, folder=folder)
    composed, problems = composer.compose(mine)
    expected, expected_problems = composed_of([setting.text for setting in mine], folder)
    assert composed.written == expected.written
    assert list(problems) == expected_problems
    assert {*composed.overrides} == {*expected.overrides}
    return composer


QUICK = {
    "a value with a source": "fleet.kinds.engine.turnout.median=60 s",
    "a value and its key": "fleet.kinds.engine.crew.value=7",
    "a bare value": "fleet.available=in_quarters",
    "nothing where there was nothing": "fleet.engines_per_station=null",
    "a number where there was nothing": "fleet.engines_per_station=4",
    "a setting at the top": "seed=7",
    "a moment": "start='2022-07-09 08:00'",
    "letters of other alphabets": "place.title='周村区'",
    "a list": "fleet.kinds.engine.capabilities=[fire,rescue]",
    "a wrong value": "fleet.kinds.engine.turnout.median=soon",
    "processes": "workers=2",
}
SLOW = {
    "a mapping": "fleet.kinds.engine.turnout={dist: exponential, mean: 60 s}",
    "an addition": "+fleet.kinds.engine.relief=1 h",
    "a deletion": "~place.sites.west",
    "a class": "dispatch.use=sim.dispatch.closest.Closest",
    "a source": "fleet.kinds.engine.turnout.source=mine",
    "an interpolation": "place.title=${place.name}",
    "a key that is not there": "fleet.kinds.engin.crew=6",
    "a key below a value": "seed.x=3",
    "a missing value": "place.title='???'",
}


@pytest.mark.parametrize("text", QUICK.values(), ids=QUICK)
def test_a_plain_value_is_put_where_hydra_puts_it(text: str) -> None:
    composer = as_hydra_does("place=zhoucun", text)
    assert list(composer._bases) == [("place=zhoucun",)]


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_what_is_more_than_a_value_is_left_to_hydra(text: str) -> None:
    composer = as_hydra_does("place=zhoucun", text)
    assert ("place=zhoucun", read(text)[0].text) in composer._bases


@pytest.mark.parametrize(
    "texts",
    [
        (
            "fleet.kinds.engine.turnout={dist: exponential, mean: 60 s}",
            "fleet.kinds.engine.turnout.mean=70 s",
        ),
        ("fleet.kinds.engine.turnout.median=60 s", "fleet.kinds.engine.turnout.median.value=70 s"),
        ("fleet.kinds.engine.turnout.median.value=70 s", "fleet.kinds.engine.turnout.median=60 s"),
        ("seed=1", "seed=2"),
    ],
)
def test_of_keys_above_and_below_each_other_the_order_counts(texts: tuple[str, str]) -> None:
    as_hydra_does("place=zhoucun", *texts)


def test_what_an_interpolation_refers_to_is_left_to_hydra(tmp_path: Path) -> None:
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / "mine.yaml").write_text(
        "defaults: [zhoucun]\nfire_circle: {title: 'seed ${seed}', limit: '${horizon}'}\n", encoding="utf-8"
    )
    texts = ("targets=mine", "seed=7", "horizon=6 min", "replications=3", "targets.fire_circle.title=t")
    composer = as_hydra_does(*texts, folder=tmp_path)
    (quickest, slowest) = composer._bases
    assert {*slowest} - {*quickest} == {"seed=7", "horizon=6 min", "targets.fire_circle.title=t"}
    composed, _ = composer.compose(read(*texts[:-1], folder=tmp_path))
    assert composed.written["targets"]["fire_circle"]["title"] == "seed 7"
    assert composed.written["targets"]["fire_circle"]["limit"] == "6 min"


def test_tied_values_are_told() -> None:
    node = {"a": "${b.c}", "d": [{"e": "x ${f} ${ g.h }"}], "i": "${.j}", "k": "${oc.env:L}", "m": "$n"}
    assert {*tied(node)} == {("a",), ("b", "c"), ("d", "0", "e"), ("f",), ("g", "h"), ("i",), ("k",), ()}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("a.b", "a", True), ("a", "a.b", True), ("a", "a", True), ("a.b", "a.c", False), ("ab", "a", False)],
)
def test_paths_cross_when_one_is_above_the_other(one: str, other: str, expected: bool) -> None:
    assert cross(tuple(one.split(".")), tuple(other.split("."))) is expected


def test_a_template_has_a_hole_for_each_mark() -> None:
    template = template_of('{"a": "<2>", "b": ["<1>"]}', ["<1>", "<2>", "<3>"])
    assert template is not None
    assert template.filled([1, "x", None]) == '{"a": "x", "b": [1]}'
    assert template_of('["<1>", "<1>"]', ["<1>"]) is None


VALUES = st.one_of(
    st.integers(-3, 100_000),
    st.floats(allow_nan=False),
    st.booleans(),
    st.none(),
    st.sampled_from(
        ["60 s", "5 min", "90 %", "in_quarters", "41 km/h", "", "'", "\\", "a,b", "${seed}", "??"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.lists(st.sampled_from([1, 0.5, "fire", None]), max_size=3),
)


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_a_written_value_is_read_as_the_same(value: Any) -> None:
    found = OverridesParser.create().parse_override(f"a={written(value)}").value()
    expected = value.strip() if isinstance(value, str) and "${" in value else value
    assert (type(found), found) == (type(expected), expected)


def values_of(node: Any, path: Path_ = ()) -> list[Path_]:
    """The paths of all values that are no mappings, those with a source without their ``value``."""
    if not isinstance(node, dict):
        return [path]
    return [below for key, value in node.items() for below in values_of(value, (*path, str(key)))]


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(st.data())
def test_any_values_anywhere_are_put_where_hydra_puts_them(data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(PLACES))
    composer = COMPOSERS.setdefault(place, Composer(None))
    written_, _ = composer.compose(read(f"place={place}"))
    inner = [path for path in values_of(written_.written) if all(part.isidentifier() for part in path)]
    outer = values_of(split(written_.written).plain)
    known = sorted({".".join(path) for path in [*inner, *outer] if all(part.isidentifier() for part in path)})
    keys = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3))
    as_hydra_does(
        f"place={place}", *(f"{key}={written(data.draw(VALUES))}" for key in keys), composer=composer
    )


COMBINED = [
    ("place=zhoucun", "fleet.engines_per_station=3", "seed=5", "workers=1", "travel.detour=1.4"),
    ("place=shanting", "fleet.kinds.engine.turnout.median=60 s", "horizon=5 d", "dispatch=preempting"),
    ("incident=[structure_fire]", "incident.structure_fire.rate=2 per 1000 people per year"),
    ("place=huancui", "move_up=dmexclp", "air=helicopter", "traffic=ordinary", "seed=3"),
    ("+fleet.units.west.ambulance=2", "centre=separate", "replications=2"),
]


@pytest.mark.parametrize("texts", COMBINED, ids=[texts[0] for texts in COMBINED])
def test_fingerprints_are_those_of_the_studies(texts: tuple[str, ...]) -> None:
    composer, mine = Composer(None), read(*texts)
    expected = sim.prepare(*(setting.text for setting in mine)).fingerprint
    assert composer.fingerprint(mine) == expected
    assert composer.fingerprint(mine) == expected, "with what is remembered"


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(20, 400), st.floats(0.05, 1.0), st.sampled_from([None, 1, 4]))
def test_fingerprints_of_any_values_are_those_of_the_studies(
    seed: int, median: float, sigma: float, workers: int | None
) -> None:
    composer = COMPOSERS.setdefault("", Composer(None))
    mine = read(
        f"seed={seed}",
        f"fleet.kinds.engine.turnout.median={median:.4f} s",
        f"fleet.kinds.engine.turnout.sigma={sigma!r}",
        f"workers={written(workers)}",
    )
    composed, _ = composer.compose(mine)
    assert composer.fingerprint(mine) == sim.build(composed.written, folders=composed.folders).fingerprint


def test_a_file_that_is_swept_counts_by_its_content(tmp_path: Path) -> None:
    """Two tables of rates under two names: each point's fingerprint is that of its own study."""
    for name, rate in (("one", "2"), ("two", "3")):
        text = f"type,rate (per 1000 people per year)\nstructure_fire,{rate}\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "mine.yaml").write_text(
        "defaults: [zhoucun]\nrates: {file: one.csv}\n", encoding="utf-8"
    )
    base = ("place=mine", "fleet=zhoucun", "targets=zhoucun", "incident=[structure_fire]")
    composer = Composer(tmp_path)
    prints = set()
    for name in ("one", "two"):
        mine = read(*base, f"place.rates.file={name}.csv", folder=tmp_path)
        expected = sim.prepare(*(s.text for s in mine), config_dir=tmp_path)
        assert composer.fingerprint(mine) == expected.fingerprint
        prints.add(expected.fingerprint)
    assert len(prints) == 2


def test_the_shipped_folder_is_where_it_was_looked_for() -> None:
    assert folders_of(None) == [ROOT / "configs"]
