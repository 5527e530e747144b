"""Sections of a config that name a file: which they are, what they say, and where the file lies."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from sim.config.problems import Problem, did_you_mean, short
from sim.config.provenance import Path
from sim.config.tables.specs import PROVENANCE
from sim.sheets import find


def section_at(mapping: Mapping[str, Any], path: Path) -> Mapping[str, Any] | None:
    """Return the section at a path where it names a file, else None."""
    node: Any = mapping
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) and isinstance(plain(node, "file"), str) else None


def plain(section: Mapping[str, Any], key: str) -> Any:
    """Return what a section says by a key, with or without provenance of its own; None for nothing."""
    node = section.get(key)
    return node.get("value") if isinstance(node, Mapping) else node


def layer_of(section: Mapping[str, Any]) -> str | None:
    """Return the layer of its file that a section names, None where it names none."""
    layer = plain(section, "layer")
    return None if layer is None else str(layer)


def provenance(section: Mapping[str, Any]) -> dict[str, Any]:
    """Return the provenance of a section's file; one named by an override has its own."""
    return said(section["file"]) or said(section)


def said(node: Any) -> dict[str, Any]:
    """Return the provenance that a node carries."""
    found = {c.name: node[c.name] for c in PROVENANCE if c.name in node} if isinstance(node, Mapping) else {}
    return {key: text for key, text in found.items() if not isinstance(text, Mapping | list)}


def file_of(
    path: Path, section: Mapping[str, Any], folders: Sequence[FilePath], endings: Collection[str]
) -> FilePath | Problem:
    """Return a section's file, from the first of the folders that has it, or what is wrong with its name."""
    name = str(plain(section, "file"))
    places = [place for folder in folders for place in (folder, folder / path[0])]
    found = find(name, places)
    expected = f"a file ending in {' or '.join(endings)}"
    if ".csv" in endings:
        expected += "; a spreadsheet can be saved as .csv"
    if name.lower().endswith(tuple(endings)):
        if found:
            return found
        there = {file.name for place in places for end in endings for file in place.glob(f"*{end}")}
        shown = ", ".join(str(short(folder)) for folder in folders)
        expected = f"a file in {shown}{did_you_mean(name, there)}"
    return Problem((*path, "file"), repr(name), expected)
