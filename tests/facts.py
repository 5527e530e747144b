"""What the reference data and the plans state, for tests of shipped places; skips where they are absent."""

import csv

import pytest
from worlds import SHARED

from sim.compose import compose
from sim.config import split
from sim.config.provenance import Sourced

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


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of reference data."""
    path = SHARED / "data" / "china" / name
    if not path.exists():
        pytest.skip(f"the reference data {name} is not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plan(name: str) -> str:
    """Return the text of a plan, or of the digest of all."""
    path = SHARED / "plans" / name
    if not path.exists():
        pytest.skip(f"the plan {name} is not beside this checkout")
    return path.read_text(encoding="utf-8")


def shipped(place: str) -> Sourced:
    """Return the composed config of a place, with its provenance."""
    return split(compose(f"place={place}").mapping)


def check_towns(place: str) -> None:
    """Every town that has people in the data is here with the data's figures and confidences."""
    sourced = shipped(place)
    towns = sourced.plain["place"]["towns"]
    facts = {row["name_zh"]: row for row in rows(f"{place}_towns.csv") if row["population"]}
    assert {town["title"].split()[0] for town in towns.values()} == set(facts)
    for key, town in towns.items():
        row = facts[town["title"].split()[0]]
        assert (town["lat"], town["lon"]) == (float(row["lat"]), float(row["lon"])), key
        assert town["people"] == int(row["population"]), key
        assert (town["kind"] == "urban") == (row["kind"] == "subdistrict"), key
        for field, confidence in (("people", "pop"), ("lat", "coord"), ("lon", "coord")):
            said = sourced.of(("place", "towns", key, field))
            assert said.confidence == row[f"{confidence}_confidence"], (key, field)
            assert said.source, (key, field)


def check_hospitals_and_area(place: str) -> None:
    """The hospitals of the data are among ours, and the stated area is the zoning's."""
    ours = shipped(place).plain["place"]
    known = {(float(r["lat"]), float(r["lon"])) for r in rows("hospitals.csv") if r["place"] == place}
    spots = {(site["lat"], site["lon"]) for site in ours["sites"].values() if site["kind"] == "hospital"}
    assert known
    assert known <= spots
    (county,) = (row for row in rows("counties.csv") if row["place"] == place)
    assert ours["zoning"]["area"] == f"{county['area_km2_stated']} km2"


def digest_rows(place: str) -> set[str]:
    """Return the rows of the digest's table of targets in which a place has an entry."""
    table = plan("README.md").split("## Targets that a simulation can test")[1].split("\n## ")[0]
    lines = [line for line in table.splitlines() if "|" in line]
    head, _, *body = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    column = head.index(place)
    return {cells[0] for cells in body if cells[column] != "—"}


def check_targets(place: str, by_row: dict[str, list[str]]) -> None:
    """Every row of the digest has its targets, every target its row, its clause and its reason."""
    targets = shipped(place).plain["targets"]
    assert sorted(name for names in by_row.values() for name in names) == sorted(targets)
    assert set(by_row) == digest_rows(place)
    for name, target in targets.items():
        assert target["clause"], name
        if target["measure"] == "declared":
            assert target["waits_for"] in WAITS_FOR, name
            assert target["states"], name


def check_sources(place: str) -> None:
    """Every stated target and fact is the plan's, and exact, or says why not."""
    sourced = shipped(place)
    for path in sourced.leaves():
        if path[0] == "targets" and "states" in path:
            assert sourced.of(path).confidence == "exact", path
            assert str(sourced.of(path).source).startswith("plan,"), path
        if path[:2] == ("place", "facts"):
            assert sourced.of(path).confidence in ("exact", "estimated"), path
            assert str(sourced.of(path).source).startswith("plan,"), path
