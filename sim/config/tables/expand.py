"""The tables that a config names become mappings in it, as if their rows had been written there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from sim.config.problems import Problem, did_you_mean, short
from sim.config.provenance import Path
from sim.config.tables.sheet import Sheet, read_sheet
from sim.config.tables.specs import PROVENANCE, TABLES
from sim.sheets import find


@dataclass(frozen=True)
class Expanded:
    """A config whose tables are mappings, where their cells were written, and what is wrong with them.

    ``where`` maps paths to texts such as ``towns.csv, row 5, column people``. ``torn`` are the paths of
    the sections that had problems, and so may lack rows.
    """

    mapping: dict[str, Any]
    where: Mapping[Path, str]
    problems: tuple[Problem, ...]
    torn: frozenset[Path]

    def locate(self, path: Path) -> str:
        """Return where a path or the nearest above it was written in a table; "" if in none."""
        above = (path[:end] for end in range(len(path), 0, -1))
        return next((self.where[each] for each in above if each in self.where), "")

    def spoilt(self, path: Path) -> bool:
        """Whether what is wrong at a path may only follow from rows that a table lacks."""
        return bool(path) and any(section[: len(path)] == path for section in self.torn)


def expand(mapping: Mapping[str, Any], folders: Sequence[FilePath]) -> Expanded:
    """Return the config with its tables read, each from the first of the folders that has the file.

    A file may also lie in the subfolder of its section, as the YAML files of ``place`` do. A section is
    a table where it has the key ``file``; ``sim.config.tables.specs`` says which may be. Rows written
    beside ``file`` go before those in it, and ``source``, ``confidence`` and ``note`` hold for all.
    Never raises: what is wrong is in ``problems``, and the rows it is about are left out.
    """
    expanded = {str(key): node for key, node in mapping.items()}
    where: dict[Path, str] = {}
    problems: list[Problem] = []
    torn: set[Path] = set()
    for path in TABLES:
        section = _section(expanded, path)
        if section is None:
            continue
        sheet = _read(path, section, folders)
        where |= sheet.where
        problems += sheet.problems
        torn |= {path} if sheet.problems else set()
        said = _said(section)
        beside = {key: node for key, node in section.items() if key not in ("file", *said)}
        rows = _merged(sheet.rows, beside, path, where)
        expanded = _put(expanded, path, (_said(section["file"]) or said) | rows)
    return Expanded(expanded, where, tuple(problems), frozenset(torn))


def _section(mapping: Mapping[str, Any], path: Path) -> Mapping[str, Any] | None:
    """Return the section at a path where it names a file, else None."""
    node: Any = mapping
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) and isinstance(_file(node), str) else None


def _file(section: Mapping[str, Any]) -> Any:
    """Return what a section names as its file, with or without provenance of its own."""
    named = section.get("file")
    return named.get("value") if isinstance(named, Mapping) else named


def _said(node: Any) -> dict[str, Any]:
    """Return the provenance that a node carries; a file named by an override has its own."""
    said = {c.name: node[c.name] for c in PROVENANCE if c.name in node} if isinstance(node, Mapping) else {}
    return {key: text for key, text in said.items() if not isinstance(text, Mapping | list)}


def _read(path: Path, section: Mapping[str, Any], folders: Sequence[FilePath]) -> Sheet:
    """Return the rows of a section's file, or the problem that there is no such file."""
    name = str(_file(section))
    places = [place for folder in folders for place in (folder, folder / path[0])]
    found = find(name, places)
    if name.lower().endswith(".csv") and found:
        return read_sheet(path, TABLES[path], found)
    expected = "a file ending in .csv; a spreadsheet can be saved as one"
    if name.lower().endswith(".csv"):
        there = {file.name for place in places for file in place.glob("*.csv")}
        shown = ", ".join(str(short(folder)) for folder in folders)
        expected = f"a file in {shown}{did_you_mean(name, there)}"
    return Sheet(path, TABLES[path], name, problems=[Problem((*path, "file"), repr(name), expected)])


def _put(mapping: Mapping[str, Any], path: Path, section: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a mapping with another section at a path; the original stays as it is."""
    first, *below = path
    return {**mapping, first: _put(mapping[first], tuple(below), section) if below else section}


def _merged(
    rows: Mapping[str, Any], beside: Mapping[str, Any], path: Path, where: dict[Path, str]
) -> dict[str, Any]:
    """Return rows with what is written beside their file put over them, and no longer located in it.

    Mappings are merged, but for those that are a value with its provenance.
    """
    merged = dict(rows)
    for key, node in beside.items():
        here, below = (*path, str(key)), merged.get(str(key))
        if isinstance(below, Mapping) and isinstance(node, Mapping) and "value" not in {*below, *node}:
            merged[str(key)] = _merged(below, node, here, where)
        else:
            merged[str(key)], where[here] = node, ""
    return merged
