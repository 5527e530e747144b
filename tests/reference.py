"""The reference data and plan texts beside a checkout, and shipped places to hold against them."""

import csv
from typing import Any

import pytest
from worlds import SHARED

from sim.compose import compose, prepare
from sim.config import CONFIDENCES, split
from sim.config.provenance import Sourced
from sim.report.text import SETTINGS, is_number
from sim.scenario import Study

WAITS = (
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
)
"""What a declared target may wait for."""


def rows(name: str, place: str = "") -> list[dict[str, str]]:
    """Return the rows of a reference table, those of a place where one is named."""
    path = SHARED / "data" / "china" / name
    if not path.exists():
        pytest.skip(f"the reference data {name} is not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not place or row["place"] == place]


def plan_text(name: str) -> str:
    """Return a file of the plans."""
    path = SHARED / "plans" / name
    if not path.exists():
        pytest.skip(f"the plan's text {name} is not beside this checkout")
    return path.read_text(encoding="utf-8")


def promised(place: str) -> set[str]:
    """Return the rows of the digest's table of targets that have an entry for a place."""
    table = plan_text("README.md").split("## Targets that a simulation can test")[1].split("\n## ")[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
    column = lines[0].index(place)
    return {line[0] for line in lines[2:] if line[column] != "—"}


def shipped(place: str) -> Sourced:
    """Return the composed config of a place, with its provenance."""
    return split(compose(f"place={place}").mapping)


def unlabelled(sourced: Sourced) -> list[str]:
    """Return the numbers that do not say how sure they are, or from where although not assumed."""
    found = []
    for path, value in sourced.leaves().items():
        if is_number(value) and path[0] not in SETTINGS:
            said = sourced.of(path)
            if said.confidence not in CONFIDENCES or (said.confidence != "assumed" and not said.source):
                found.append(".".join(path))
    return found


def study_of(place: str, *overrides: str) -> Study:
    """Return the study of a place, without targets on types of incident that it does not have yet."""
    plain: dict[str, Any] = shipped(place).plain
    early = [name for name, t in plain["targets"].items() if set(t.get("types", [])) - set(plain["incident"])]
    return prepare(f"place={place}", *(f"~targets.{name}" for name in early), *overrides)


def towns_are_the_sources(place: str) -> None:
    """Check the towns of a place against its table: positions, people, and how sure they are."""
    sourced = shipped(place)
    towns = sourced.plain["place"]["towns"]
    facts = {row["name_zh"]: row for row in rows(f"{place}_towns.csv")}
    assert len(towns) == len(facts)
    for key, town in towns.items():
        row = facts[town["title"].split()[0]]
        assert (town["lat"], town["lon"]) == (float(row["lat"]), float(row["lon"]))
        assert town["people"] == int(row["population"])
        assert (town["kind"] == "urban") == (row["kind"] == "subdistrict")
        assert sourced.of(("place", "towns", key, "people")).confidence == row["pop_confidence"]
        for axis in ("lat", "lon"):
            said = sourced.of(("place", "towns", key, axis))
            assert said.confidence == row["coord_confidence"]
            if row["coord_confidence"] == "approx":
                assert row["coord_source"].split(" (")[0] in str(said.source)


def hospitals_are_the_sources(place: str) -> None:
    """Check that the known hospitals are there, as sure as the table is."""
    sourced = shipped(place)
    sites = sourced.plain["place"]["sites"]
    ours = {(site["lat"], site["lon"]): key for key, site in sites.items() if site["kind"] == "hospital"}
    for row in rows("hospitals.csv", place):
        key = ours[float(row["lat"]), float(row["lon"])]
        assert sites[key]["title"].split()[0] == row["name_zh"]
        assert sourced.of(("place", "sites", key, "lat")).confidence == row["confidence"]
