"""A folder to start from: a small invented county, complete, with a comment on everything."""

from pathlib import Path
from string import Template

from sim.compose.folders import shipped
from sim.config import ConfigError, Problem

GROUPS = ("place", "fleet", "targets")
"""Groups of which a place has a file of its own, called by its name."""


def write_starter(folder: Path, name: str) -> list[Path]:
    """Write the starter into a new folder, its place called ``name``; return the files.

    Raises ConfigError when the folder has anything in it, or the name cannot be one of a place.
    """
    problems = []
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problems.append(Problem(("folder",), repr(str(folder)), "a new or empty folder; nothing was written"))
    if not (name.isidentifier() and name.isascii()):
        expected = "letters, digits and _ after the first letter (give another one with --name)"
        problems.append(Problem(("name",), repr(name), expected))
    if problems:
        raise ConfigError(problems)
    source = shipped("starter")
    written = []
    for file in sorted(source.rglob("*.*")):
        group = file.parent.name
        target = folder / file.relative_to(source)
        if group in GROUPS:
            target = target.with_name(f"{name}.yaml")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(file.read_text(encoding="utf-8")).safe_substitute(name=name), "utf-8")
        written.append(target)
    return written
