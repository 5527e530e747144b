"""The reference data and plans beside a checkout, and shipped places held against them; skips without."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import pytest
from worlds import SHARED

from sim.compose import compose, prepare
from sim.config import split
from sim.config.provenance import Sourced
from sim.scenario import Scenario

WAITS_FOR = {
    "supplies",
    "relief",
    "casualties and outcomes",
    "lifelines",
    "warnings",
    "public health",
    "shelters",
    "reporting",
    "drills",
    "crowds",
    "economy",
}
"""What a declared target may wait for."""

Row = dict[str, str]


def rows(name: str, place: str = "") -> list[Row]:
    """Return the rows of a file of reference data, those of a place where one is named."""
    path = SHARED / "data" / "china" / name
    if not path.exists():
        pytest.skip(f"the reference data {name} is not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not place or row["place"] == place]


@cache
def plan(name: str) -> str:
    """Return the text of a plan, or of the digest of all."""
    path = SHARED / "plans" / name
    if not path.exists():
        pytest.skip(f"the plan {name} is not beside this checkout")
    return path.read_text(encoding="utf-8")


@cache
def shipped(place: str) -> Sourced:
    """Return the composed config of a place, with its provenance; not to be changed."""
    return split(compose(f"place={place}").mapping)


@cache
def scenario(place: str) -> Scenario:
    """Return the scenario of a place as shipped."""
    return prepare(f"place={place}").scenario


def is_subdistrict(row: Row) -> bool:
    return row["kind"] == "subdistrict"


def check_towns(place: str, urban: Callable[[Row], bool] = is_subdistrict) -> None:
    """Every town that has people in the data is here with the data's figures, confidences and sources."""
    sourced = shipped(place)
    towns = sourced.plain["place"]["towns"]
    facts = {row["name_zh"]: row for row in rows(f"{place}_towns.csv") if int(row["population"] or 0)}
    assert sorted(town["title"].split()[0] for town in towns.values()) == sorted(facts)
    for key, town in towns.items():
        row = facts[town["title"].split()[0]]
        assert (town["lat"], town["lon"]) == (float(row["lat"]), float(row["lon"])), key
        assert town["people"] == int(row["population"]), key
        assert (town["kind"] == "urban") == urban(row), key
        for field, confidence in (("people", "pop"), ("lat", "coord"), ("lon", "coord")):
            said = sourced.of(("place", "towns", key, field))
            assert said.confidence == row[f"{confidence}_confidence"], (key, field)
            assert said.source, (key, field)
            if field != "people" and row["coord_confidence"] == "approx":
                assert re.split(r" \(|: ", row["coord_source"])[0] in str(said.source), (key, field)


def check_hospitals(place: str, *, by_name: bool = True) -> None:
    """The hospitals of the data are among ours, as sure as there, and called so."""
    sourced = shipped(place)
    sites = sourced.plain["place"]["sites"]
    ours = {(site["lat"], site["lon"]): key for key, site in sites.items() if site["kind"] == "hospital"}
    known = rows("hospitals.csv", place)
    assert known
    for row in known:
        key = ours[float(row["lat"]), float(row["lon"])]
        assert not by_name or sites[key]["title"].split()[0] == row["name_zh"]
        assert sourced.of(("place", "sites", key, "lat")).confidence == row["confidence"]


def check_area(place: str) -> None:
    """The zoning's area is the stated one."""
    (county,) = rows("counties.csv", place)
    assert shipped(place).plain["place"]["zoning"]["area"] == f"{county['area_km2_stated']} km2"


def promised(place: str) -> set[str]:
    """Return the rows of the digest's table of targets in which a place has an entry."""
    table = plan("README.md").split("## Targets that a simulation can test")[1].split("\n## ")[0]
    lines = [line for line in table.splitlines() if "|" in line]
    head, _, *body = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    column = head.index(place)
    return {cells[0] for cells in body if cells[column] != "—"}


def check_targets(place: str, by_row: Mapping[str, Sequence[str]]) -> None:
    """Every row of the digest has its targets, every target its row, its clause and its reason."""
    targets = shipped(place).plain["targets"]
    assert sorted(name for names in by_row.values() for name in names) == sorted(targets)
    assert set(by_row) == promised(place)
    for name, target in targets.items():
        assert target["clause"], name
        if target["measure"] == "declared":
            assert target["waits_for"] in WAITS_FOR, name
            assert target["states"], name


def check_figures(place: str) -> None:
    """Every figure that a target states is exact."""
    sourced = shipped(place)
    for path in sourced.leaves():
        if path[0] == "targets" and "states" in path:
            assert sourced.of(path).confidence == "exact", path


def check_sources(place: str) -> None:
    """Every stated figure and fact is the plan's, and exact, or says why not."""
    check_figures(place)
    sourced = shipped(place)
    for path in sourced.leaves():
        if path[0] == "targets" and "states" in path:
            assert str(sourced.of(path).source).startswith("plan,"), path
        if path[:2] == ("place", "facts"):
            assert sourced.of(path).confidence in ("exact", "estimated"), path
            assert str(sourced.of(path).source).startswith("plan,"), path
