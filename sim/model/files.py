"""Files that a config names."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo

from sim.model.hints import did_you_mean
from sim.sheets import find, short


def found_among(*endings: str) -> BeforeValidator:
    """Return what finds a file by its name, and, where there is none, suggests those with such an ending.

    It is the first of that name in the ``folders`` of the validation context. Without endings, files that
    end as the name does are suggested.
    """

    def found(name: object, info: ValidationInfo) -> object:
        folders = (info.context or {}).get("folders") or [Path.cwd()]
        if not isinstance(name, str) or not name:
            raise ValueError("expected the name of a file")
        if (file := find(name, folders)) is not None:
            return file.resolve()
        wanted = endings or (Path(name).suffix,)
        there = {each.name for folder in folders for end in wanted for each in folder.glob(f"*{end}")}
        where = " or ".join(str(short(Path(folder))) for folder in dict.fromkeys(folders))
        raise ValueError(f"expected a file in {where}{did_you_mean(name, there)}")

    return BeforeValidator(found)


InputFile = Annotated[Path, found_among()]
"""Use it as a type hint in a plug-in, for a field called ``file``: results then know its content."""

TableFile = Annotated[Path, found_among(".csv", ".parquet")]
"""Rows in a file of text, or Parquet."""
