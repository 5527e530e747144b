"""What editors are told: all that ships is right, typical mistakes are marked where they are."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from omegaconf import OmegaConf
from worlds import ROOT

import sim
from sim.compose import compose
from sim.config.editors import schemas
from sim.config.provenance import CONFIDENCES

Path_ = tuple[str | int, ...]

SCHEMAS = schemas()
VALIDATORS = {group: Draft202012Validator(schema) for group, schema in SCHEMAS.items()}
FOLDERS = {"configs": "config", "experiments": "experiment", "_air": "fleet"}
SHIPPED = [file for top in ("configs", "experiments", "starter") for file in (ROOT / top).rglob("*.yaml")]
FENCE = re.compile(r"`[\w./-]+/(?P<group>\w+)/\w+\.yaml`:\n\n```yaml\n(?P<body>.*?)```", re.DOTALL)
PAGES = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
EXAMPLES = [
    (each["group"], each["body"]) for page in PAGES for each in FENCE.finditer(page.read_text("utf-8"))
]


def read(text: str) -> Any:
    """A file as Hydra reads it, interpolations left as they are."""
    return OmegaConf.to_container(OmegaConf.create(text), resolve=False)


def marks(group: str, content: Any) -> set[Path_]:
    """The spots that an editor marks."""
    return {spot for error in VALIDATORS[group].iter_errors(content) for spot in innermost(error)}


def innermost(error: Any) -> Iterator[Path_]:
    """The spot of an error, or those of the alternative that goes deepest."""
    below = [spot for each in error.context for spot in innermost(each)]
    here = tuple(error.absolute_path)
    deepest = max(map(len, below), default=0)
    yield from [spot for spot in below if len(spot) == deepest] if deepest > len(here) else [here]


@pytest.mark.parametrize("group", SCHEMAS)
def test_each_schema_is_one(group: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[group])
    assert SCHEMAS[group]["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_each_group_has_one() -> None:
    groups = {folder.name for folder in (ROOT / "configs").iterdir() if folder.is_dir()}
    assert set(SCHEMAS) == groups | {"config", "experiment", "closures"}


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_all_that_ships_is_accepted(file: Path) -> None:
    group = FOLDERS.get(file.parent.name, file.parent.name)
    assert marks(group, read(file.read_text(encoding="utf-8"))) == set()


@pytest.mark.parametrize(("group", "body"), EXAMPLES, ids=[group for group, _ in EXAMPLES])
def test_the_examples_of_the_documents_are_accepted(group: str, body: str) -> None:
    assert marks(group, read(body)) == set()


def test_the_documents_have_examples() -> None:
    assert {group for group, _ in EXAMPLES} == {
        *("incident", "place", "fleet", "targets", "demand", "dispatch", "travel", "centre"),
        *("closures", "experiment", "move_up", "queue"),
    }


INCIDENT: dict[str, Any] = {
    "detection": "1 min",
    "reporting": "1 min",
    "handling": {"dist": "exponential", "mean": "1 min"},
    "levels": {"IV": {"probability": "100 %", "priority": 4, "needs": {"rescue": 1}}},
}
TARGET = {
    "measure": "response",
    "clock": {"start": "notified", "stop": "arrived"},
    "limit": "5 min",
    "share": "90 %",
    "confidence_level": "95 %",
}
LAW = {"dist": "lognormal", "median": "74 s", "sigma": 0.4}


def incident(**changes: Any) -> dict[str, Any]:
    return {"x": INCIDENT | changes}


ACCEPTED = {
    "a type": ("incident", incident()),
    "a bare value with provenance": (
        "incident",
        incident(detection={"value": "74 s", "source": "plan", "confidence": "exact", "note": "n"}),
    ),
    "a list with provenance": (
        "incident",
        incident(profile={"weekly": {"value": [1] * 7, "confidence": "exact"}}),
    ),
    "an item with provenance": ("incident", incident(where={"zones": [{"value": "rural", "note": "n"}]})),
    "provenance beside keys": (
        "incident",
        incident(handling=LAW | {"source": "London", "confidence": "approx"}),
    ),
    "provenance of all": ("incident", {"source": 2020, "confidence": "assumed", "x": INCIDENT}),
    "a constant law": ("incident", incident(handling={"dist": "constant", "value": "5 s"})),
    "nothing for a task": ("incident", incident(work={"task": None})),
    "interpolated": (
        "incident",
        incident(
            detection="${a.b}", levels={"IV": {"probability": "100 %", "priority": "${p}"}}, work="${w}"
        ),
    ),
    "interpolated within": ("incident", incident(where={"zones": "${z}"}, rate={"value": "${r} per year"})),
    "to be given": ("config", {"seed": "???"}),
    "a part of a type that is merged": ("incident", {"defaults": ["y", "_self_"], "x": {"transport": "5 %"}}),
    "a part of a law that is merged": (
        "fleet",
        {"defaults": ["_kinds"], "kinds": {"engine": {"turnout": {"median": "60 s"}}}},
    ),
    "a count and a mapping": (
        "fleet",
        {"units": {"a": {"engine": 1, "sea_team": {"count": 1, "crew": 5}, "b": {"value": 1, "note": "n"}}}},
    ),
    "tables": (
        "place",
        {
            "towns": {"file": {"value": "towns.csv", "source": "census"}, "confidence": "exact"},
            "zoning": {
                "boundary": {"file": "a.geojson", "layer": "x"},
                "forest": {"boundary": "POLYGON ((0 0))"},
            },
            "rates": {"file": "rates.csv", "road_crash": "2 per year"},
        }
        | {"defaults": []},
    ),
    "a table of units": ("fleet", {"units": {"file": "units.csv"}}),
    "a map of zones": ("place", {"zones": {"file": "zones.gpkg", "layer": "towns"}, "cell": "500 m"}),
    "a plug-in of the user's": ("dispatch", {"use": "mine.Patient", "patience": "10 min"}),
    "an empty file": ("weather", None),
}


@pytest.mark.parametrize(("group", "content"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_may_be_written_is_accepted(group: str, content: Any) -> None:
    assert marks(group, content) == set()


MARKED: dict[str, tuple[str, Any, Path_]] = {
    "a misspelt key": ("incident", incident(transprt="5 %"), ("x",)),
    "a number without unit": ("incident", incident(detection=5), ("x", "detection")),
    "a unit of something else": ("incident", incident(detection="5 km"), ("x", "detection")),
    "a number without unit, sourced": (
        "incident",
        incident(transport={"value": 5, "confidence": "exact"}),
        ("x", "transport", "value"),
    ),
    "below 0": ("incident", incident(detection="-5 s"), ("x", "detection")),
    "an unknown level": ("incident", incident(levels={"VI": INCIDENT["levels"]["IV"]}), ("x", "levels")),
    "an unknown confidence": (
        "incident",
        incident(transport={"value": "5 %", "confidence": "sure"}),
        ("x", "transport", "confidence"),
    ),
    "an unknown confidence of a mapping": ("incident", incident(confidence="sure"), ("x", "confidence")),
    "a misspelt confidence": (
        "incident",
        incident(transport={"value": "5 %", "confidance": "exact"}),
        ("x", "transport"),
    ),
    "a distribution misspelt": (
        "incident",
        incident(handling=LAW | {"dist": "lognormale"}),
        ("x", "handling", "dist"),
    ),
    "a parameter misspelt": ("incident", incident(handling=LAW | {"medain": "1 s"}), ("x", "handling")),
    "a parameter without unit": (
        "incident",
        incident(handling=LAW | {"median": 74}),
        ("x", "handling", "median"),
    ),
    "a shape with a unit": (
        "incident",
        incident(handling=LAW | {"sigma": "1 s"}),
        ("x", "handling", "sigma"),
    ),
    "text for a count": (
        "incident",
        incident(levels={"IV": INCIDENT["levels"]["IV"] | {"needs": {"rescue": "one"}}}),
        ("x", "levels", "IV", "needs", "rescue"),
    ),
    "an unknown zone kind": ("incident", incident(where={"zones": ["urban"]}), ("x", "where", "zones", 0)),
    "six days": ("incident", incident(profile={"weekly": [1] * 6}), ("x", "profile", "weekly")),
    "an unknown law of work": (
        "incident",
        incident(work={"task": {"law": "t2"}}),
        ("x", "work", "task", "law"),
    ),
    "a rate of another": ("incident", incident(rate="3 per week"), ("x", "rate")),
    "a key of another law": (
        "incident",
        incident(spawns={"y": {"law": "count", "mean": 1, "lasting": "1 d"}}),
        ("x", "spawns", "y"),
    ),
    "a missing key": ("incident", {"x": {"detection": "1 min"}}, ("x",)),
    "a list for a mapping": ("incident", incident(work=[]), ("x", "work")),
    "an unknown clock": (
        "targets",
        {"t": TARGET | {"clock": {"start": "notifed", "stop": "out"}}},
        ("t", "clock", "start"),
    ),
    "an unknown measure": ("targets", {"t": {"measure": "reponse"}}, ("t", "measure")),
    "north of the pole": (
        "place",
        {"sites": {"s": {"kind": "depot", "lat": 117.0, "lon": 36.0}}},
        ("sites", "s", "lat"),
    ),
    "a text for a crew": (
        "fleet",
        {"units": {"a": {"engine": {"count": 1, "crew": "six"}}}},
        ("units", "a", "engine", "crew"),
    ),
    "a text for units": ("fleet", {"units": {"a": {"engine": "one"}}}, ("units", "a", "engine")),
    "a layer of a table": ("place", {"rates": {"file": "r.csv", "layer": "a"}}, ("rates", "layer")),
    "a misspelt plug-in": ("dispatch", {"use": "sim.dispatch.closest.Closet"}, ("use",)),
    "an option of a plug-in": (
        "travel",
        {"use": "sim.travel.planar.Planar", "speeds": {}, "detour": "1.3"},
        ("detour",),
    ),
    "a misspelt option": (
        "demand",
        {"d": {"use": "sim.demand.trace.Trace", "flie": "a.csv", "file": "b.csv"}},
        ("d",),
    ),
    "an unknown key of config.yaml": ("config", {"defaults": [], "replicatons": 3}, ()),
    "a horizon without unit": ("config", {"defaults": [], "horizon": 365}, ("horizon",)),
    "an experiment without overrides": ("experiment", {"title": "t", "overides": []}, ()),
}


@pytest.mark.parametrize(("group", "content", "spot"), MARKED.values(), ids=MARKED.keys())
def test_a_mistake_is_marked_where_it_is_and_nothing_else(group: str, content: Any, spot: Path_) -> None:
    assert marks(group, content) == {spot}


def test_an_editor_completes_the_words_of_confidence_and_the_shipped_plug_ins() -> None:
    told = json.dumps(SCHEMAS["demand"])
    assert json.dumps({"enum": list(CONFIDENCES)}) in told
    for use in ("cascade.Cascade", "poisson.Poisson", "timeline.Timeline", "trace.Trace"):
        assert f'{{"const": "sim.demand.{use}"}}' in told


def numbers(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every number, with or without unit, by its path."""
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in below:
        yield from numbers(value, (*path, key))
    if (isinstance(node, int | float) and not isinstance(node, bool)) or re.match(r"[\d.]+ \S", str(node)):
        yield path, node


PLACES = {place: compose(f"place={place}").mapping for place in ("zhoucun", "shanting")}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.data())
def test_what_the_strict_build_accepts_is_accepted(data: st.DataObject) -> None:
    mapping = deepcopy(PLACES[data.draw(st.sampled_from(sorted(PLACES)))])
    known = [path for path, _ in numbers(mapping) if not {"source", "note", "title"} & set(path)]
    for path in data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True)):
        node = mapping
        for key in path[:-1]:
            node = node[key]  # type: ignore[index]
        factor = data.draw(st.sampled_from([0, 0.5, 0.9, 1, 1.1, 2, -1]))
        first, _, unit = str(node[path[-1]]).partition(" ")  # type: ignore[index]
        try:
            size = float(first.replace(",", "")) * factor
        except ValueError:
            continue
        whole = int(size) if size.is_integer() else size
        node[path[-1]] = f"{size:,} {unit}" if unit else whole  # type: ignore[index]
    try:
        sim.build(mapping)
    except sim.ConfigError:
        return
    assert marks("config", mapping) == set()


def tocsin(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sim.cli", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


def files(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_schemas_and_settings_are_written_and_say_the_same_again(tmp_path: Path) -> None:
    found = tocsin("schema", cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "# yaml-language-server: $schema=../.schema/place.json" in found.stdout
    written = files(tmp_path)
    assert set(written) == {".vscode/settings.json", *(f".schema/{group}.json" for group in SCHEMAS)}
    for group, schema in SCHEMAS.items():
        said = json.loads(written[f".schema/{group}.json"])
        assert said.pop("$comment")
        assert said == schema
    used = json.loads(written[".vscode/settings.json"])["yaml.schemas"]
    assert {(tmp_path / path).resolve() for path in used} == {*(tmp_path / ".schema").resolve().iterdir()}
    assert used["./.schema/place.json"] == ["place/*.yaml"]
    assert tocsin("schema", ".", cwd=tmp_path).stdout == found.stdout
    assert files(tmp_path) == written


def test_settings_of_the_users_stay_and_are_told_what_to_add(tmp_path: Path) -> None:
    mine = tmp_path / "mine" / ".vscode" / "settings.json"
    mine.parent.mkdir(parents=True)
    mine.write_text("{}")
    found = tocsin("schema", "mine", cwd=tmp_path)
    assert found.returncode == 0
    assert mine.read_text() == "{}"
    assert '"./.schema/incident.json": [' in found.stdout
    assert (tmp_path / "mine/.schema/incident.json").is_file()


def test_a_file_of_the_users_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".schema").mkdir()
    (tmp_path / ".schema/place.json").write_text("mine")
    found = tocsin("schema", cwd=tmp_path)
    assert found.returncode == 2
    assert "place.json" in found.stderr
    assert files(tmp_path) == {".schema/place.json": "mine"}


@pytest.mark.parametrize("folder", ["none", "file", "blocked"])
def test_a_folder_that_cannot_be_written_is_refused(folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked/.schema").write_text("")
    before = files(tmp_path)
    found = tocsin("schema", folder, cwd=tmp_path)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    assert folder in found.stderr
    assert files(tmp_path) == before


def test_a_new_county_is_accepted_and_leads_to_the_schemas(tmp_path: Path) -> None:
    assert "tocsin schema mine" in tocsin("new", "mine", cwd=tmp_path).stdout
    for file in (tmp_path / "mine").rglob("*.yaml"):
        assert marks(file.parent.name, yaml.safe_load(file.read_text(encoding="utf-8"))) == set()
