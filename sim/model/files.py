"""Files that a config names."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo

from sim.model.hints import did_you_mean
from sim.sheets import find


def _found(name: object, info: ValidationInfo) -> object:
    """Return the file of that name in the first of the validation context's ``folders`` that has it."""
    folders = (info.context or {}).get("folders") or [Path.cwd()]
    if not isinstance(name, str) or not name:
        raise ValueError("expected the name of a file")
    if (found := find(name, folders)) is None:
        there = {file.name for folder in folders for file in folder.glob(f"*{Path(name).suffix}")}
        raise ValueError(f"expected a file in {' or '.join(map(str, folders))}{did_you_mean(name, there)}")
    return found.resolve()


InputFile = Annotated[Path, BeforeValidator(_found)]
"""Use it as a type hint in a plug-in, for a field called ``file``: results then know its content."""
