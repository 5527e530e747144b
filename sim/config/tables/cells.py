"""What a cell's text means. Each reader returns the value, or raises ValueError with what was expected."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from sim.sheets.words import UNITS, normal

Reader = Callable[[str], Any]

_DIGITS = r"[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?"
_NUMBER = re.compile(_DIGITS, re.ASCII)
_QUANTITY = re.compile(rf"({_DIGITS})\s*(\S.*)", re.ASCII)

RESERVED = ("file", "value", "source", "confidence", "note", "uncertain")
"""Keys that mean something of their own wherever they stand in a config."""


def text(cell: str) -> str:
    """Return the text as it is written."""
    return cell


def name(cell: str) -> str:
    """Return a text that can be a key. Raises ValueError for one that would be misread in a config."""
    if "." in cell:
        raise ValueError("expected a name without a dot, which overrides would take for a level")
    if cell.casefold() == "nan" or cell in RESERVED:
        raise ValueError(f"expected a name other than nan, {', '.join(RESERVED)}")
    return cell


def number(cell: str) -> float:
    """Return a number, an int where it is whole. Raises ValueError unless it is one, and finite."""
    written = _narrow(cell)
    value = float(written.replace(",", "")) if _NUMBER.fullmatch(written) else math.nan
    if not math.isfinite(value):
        raise ValueError("expected a number, such as 33,300")
    return int(value) if value.is_integer() else value


def whole(cell: str) -> int:
    """Return a whole number. Raises ValueError unless it is one."""
    value = number(cell)
    if not isinstance(value, int):
        raise ValueError("expected a whole number, such as 3")
    return value


def degrees(cell: str) -> float:
    """Return degrees. Raises ValueError unless it is a number, without commas."""
    if "," in _narrow(cell):
        raise ValueError("expected degrees with a decimal point, such as 36.804")
    return float(number(cell))


def quantity(cell: str) -> str:
    """Return a number with its unit as the program says it; other texts as they are."""
    match = _QUANTITY.fullmatch(_narrow(cell))
    unit = UNITS.get(normal(match[2])) if match else None
    return f"{match[1]} {unit}" if match and unit else cell


def law(cell: str) -> Any:
    """Return a quantity, or a distribution written as in YAML, such as ``{dist: exponential, mean: 20 min}``.

    Raises ValueError when such a mapping cannot be read.
    """
    written = _narrow(cell)
    if not written.startswith("{"):
        return quantity(cell)
    try:
        found = yaml.safe_load(written)
    except yaml.YAMLError:
        found = None
    if not isinstance(found, dict):
        raise ValueError("expected a time, or a mapping such as {dist: exponential, mean: 20 min}")
    return found


def measured(cell: str, unit: str) -> str:
    """Return a bare number with the unit its heading says. Raises ValueError unless it is bare."""
    written = _narrow(cell)
    if not _NUMBER.fullmatch(written):
        raise ValueError(f"expected a number without a unit, because the heading says {unit}")
    return f"{written} {unit}"


def levels(cell: str) -> list[str]:
    """Return the words of a list such as ``I;II``, ``I、II`` or ``I II``."""
    return re.sub(r"[;,、/\s]+", " ", _narrow(cell).upper()).split()


def several(cell: str) -> list[str]:
    """Return the names of a list such as ``Main Bridge; Hill Road``."""
    return [part for each in re.split(r"[;；、]", cell) if (part := each.strip())]


def one_of(words: Mapping[str, str]) -> Reader:
    """Return a reader of words: those given by their meaning, others in their normal form."""

    def read(cell: str) -> str:
        return words.get(normal(cell), normal(cell))

    return read


def _narrow(cell: str) -> str:
    """Return a text with digits, letters and signs of full width made narrow, and numerals spelt out."""
    return unicodedata.normalize("NFKC", cell).strip()
