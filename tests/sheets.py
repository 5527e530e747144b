"""Tables for tests: written to a folder, and expanded as one section of a config."""

from pathlib import Path
from typing import Any

from sim.config import Problem
from sim.config.tables import Expanded, expand

TOWNS = "name,kind,lat,lon,people\n"
GROUPS = {"towns": "place", "zones": "place", "sites": "place", "rates": "place", "units": "fleet"}


def expanded(folder: Path, section: str, content: str | bytes, **beside: Any) -> Expanded:
    file = folder / f"{section}.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return expand({GROUPS[section]: {section: {"file": file.name, **beside}}}, [folder])


def rows(folder: Path, section: str, content: str | bytes, **beside: Any) -> dict[str, Any]:
    found = expanded(folder, section, content, **beside)
    assert found.problems == ()
    return found.mapping[GROUPS[section]][section]


def problem(folder: Path, section: str, content: str | bytes, **beside: Any) -> Problem:
    (found,) = expanded(folder, section, content, **beside).problems
    return found


def spot(found: Problem) -> str:
    return found.where.rpartition("/")[2]
