"""The schemas in a folder of configs, and the settings that make an editor use them."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from sim.config.editors.groups import schemas
from sim.config.problems import ConfigError, Problem

FOLDER = ".schema"
SETTINGS = Path(".vscode", "settings.json")
MARK = "Written by tocsin schema, which writes it anew; not to be edited."
"""Tells a file of ours from one of the user's."""

_FILES = {"config": ["config.yaml"], "experiment": ["experiment/*.yaml", "experiments/*.yaml"]}


@dataclass(frozen=True)
class Written:
    """The groups that have a schema in a folder, and whether the settings there name these."""

    folder: Path
    groups: tuple[str, ...]
    in_use: bool

    @property
    def settings(self) -> str:
        """What VS Code's settings must have: which schema is for which files."""
        files = {f"./{FOLDER}/{group}.json": _FILES.get(group, [f"{group}/*.yaml"]) for group in self.groups}
        return json.dumps({"yaml.schemas": files}, indent=2) + "\n"


def write_schemas(folder: Path) -> Written:
    """Write a schema for the files of each group, and settings for VS Code where there are none.

    Raises ConfigError when the folder is not there, cannot be written, or has a file of the user's in place
    of a schema; then nothing is written.
    """
    if not folder.is_dir():
        raise ConfigError([Problem(("folder",), repr(str(folder)), "a folder that exists")])
    found = schemas()
    files = {folder / FOLDER / f"{group}.json": schema for group, schema in found.items()}
    foreign = [file for file in files if file.exists() and MARK not in _text(file)]
    if foreign:
        expected = "a file that tocsin schema wrote, or none; nothing was written"
        raise ConfigError([Problem(("folder",), repr(str(file)), expected) for file in foreign])
    settings = folder / SETTINGS
    try:
        for file, schema in files.items():
            _write(file, json.dumps({"$comment": MARK} | schema, ensure_ascii=False) + "\n")
        if not settings.exists():
            _write(settings, Written(folder, tuple(found), in_use=True).settings)
    except OSError as error:
        expected = "a folder that can be written"
        raise ConfigError([Problem(("folder",), f"{error.filename}: {error.strerror}", expected)]) from None
    told = _text(settings)
    return Written(folder, tuple(found), all(f"{FOLDER}/{group}.json" in told for group in found))


def _write(file: Path, text: str) -> None:
    """Write a file aside and rename it, so that it is never half there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    aside.replace(file)


def _text(file: Path) -> str:
    """Return what a file says, nothing where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
