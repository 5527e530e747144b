"""The tables that a config names become mappings in it, as if their rows had been written there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from sim.config.problems import Problem, shown
from sim.config.provenance import Path
from sim.config.tables.features import read_features, read_whole
from sim.config.tables.named import file_of, layer_of, provenance, said, section_at
from sim.config.tables.shapes import SUFFIXES
from sim.config.tables.sheet import Sheet, read_sheet
from sim.config.tables.specs import BOUNDARIES, TABLES


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
    for path in (*TABLES, *BOUNDARIES):
        section = section_at(expanded, path)
        if section is not None:
            part = (_table if path in TABLES else _boundary)(path, section, folders)
            where |= part.where
            problems += part.problems
            torn |= {path} if part.problems else set()
            expanded = _put(expanded, path, part.node)
    return Expanded(expanded, where, tuple(problems), frozenset(torn))


class _Part(NamedTuple):
    """What a section becomes, where its values were written, and what is wrong with it."""

    node: Mapping[str, Any]
    where: Mapping[Path, str]
    problems: Sequence[Problem]


def _table(path: Path, section: Mapping[str, Any], folders: Sequence[FilePath]) -> _Part:
    """Return a section with the rows of its file, and what is written beside that put over them."""
    sheet = _read(path, section, folders)
    settings = {"file", "layer"} if TABLES[path].shapes else {"file"}
    beside = {key: node for key, node in section.items() if key not in settings | said(section).keys()}
    where = dict(sheet.where)
    rows = _merged(sheet.rows, beside, path, where)
    return _Part(provenance(section) | rows, where, sheet.problems)


def _read(path: Path, section: Mapping[str, Any], folders: Sequence[FilePath]) -> Sheet:
    """Return the rows of a section's file, or the problem that there is no such file."""
    table = TABLES[path]
    endings = (".csv", *SUFFIXES) if table.shapes else (".csv",)
    found = file_of(path, section, folders, endings)
    if isinstance(found, Problem):
        return Sheet(path, table, found.found, problems=[found])
    if found.suffix.lower() in SUFFIXES:
        return read_features(path, table, found, layer_of(section))
    return read_sheet(path, table, found)


def _boundary(path: Path, section: Mapping[str, Any], folders: Sequence[FilePath]) -> _Part:
    """Return the boundary in a section's file as a text with its provenance."""
    unknown = section.keys() - {"file", "layer"} - said(section).keys()
    problems = [
        Problem((*path, key), shown(section[key]), "no such key; file or layer") for key in sorted(unknown)
    ]
    found = file_of(path, section, folders, SUFFIXES)
    text = None
    if isinstance(found, Problem):
        problems.append(found)
    else:
        text, wrong = read_whole(path, found, layer_of(section))
        problems += wrong
    return _Part({"value": text} | provenance(section), {}, problems)


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
