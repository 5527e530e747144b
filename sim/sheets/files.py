"""A file of cells: its encoding and delimiter, and its rows as a spreadsheet numbers them."""

import csv
import os
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path as FilePath

ENCODINGS = ("utf-8-sig", "gb18030")
"""In the order in which they are tried; the first takes UTF-8 with and without a byte order mark."""

DELIMITERS = ",;\t"

Row = tuple[int, list[str]]
"""A row's number, from 1 as a spreadsheet shows it, and its cells without space around them."""

_ERROR = re.compile(r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)", re.IGNORECASE)


class UnreadableError(ValueError):
    """A file that is not rows of cells: what was found, what was expected, and the row where it is known."""

    def __init__(self, found: str, expected: str, row: int | None = None) -> None:
        self.found, self.expected, self.row = found, expected, row
        super().__init__(f"{found}, expected {expected}")


@dataclass(frozen=True)
class Form:
    """How a file of cells is written: the name of its encoding, and its delimiter."""

    encoding: str
    delimiter: str


def form_of(file: FilePath) -> Form:
    """Return how a file is written; the delimiter is the one that makes the most of the header.

    Raises UnreadableError when the file cannot be opened, or is text in none of the encodings.
    """
    with _told():
        names = ("utf-16",) if _starts_as_utf_16(file) else ENCODINGS
        encoding = next((name for name in names if _decodes(file, name)), None)
        if encoding is None:
            raise UnreadableError("other bytes than text", "text in UTF-8, GB18030 or UTF-16")
        return Form(encoding, max(DELIMITERS, key=lambda each: _width(file, Form(encoding, each))))


def read_rows(file: FilePath) -> Iterator[Row]:
    """Yield the rows of a file, the header first, without those that are empty or begin with ``#``.

    Raises UnreadableError, also between rows, where a quoted cell has no end.
    """
    form = form_of(file)
    with _told(), file.open(encoding=form.encoding, newline="") as lines:
        yield from _rows(lines, form.delimiter)


def find(name: str, folders: Sequence[FilePath]) -> FilePath | None:
    """Return the file of that name in the first of the folders that has it, None where none has."""
    files = [folder / name for folder in folders]
    return next((file for file in files if os.path.isfile(file)), None)  # never raises, as is_file may


def short(file: FilePath) -> FilePath:
    """Return a path relative to the working folder, where it lies below it."""
    with suppress(ValueError):
        return file.relative_to(FilePath.cwd())
    return file


def is_error(cell: str) -> bool:
    """Whether a cell is what spreadsheets write for a formula that failed, such as ``#N/A``."""
    return _ERROR.fullmatch(cell) is not None


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the operating system says of a file as an UnreadableError."""
    try:
        yield
    except OSError as error:
        raise UnreadableError(error.strerror or str(error), "a file that can be read") from None


def _is_comment(cell: str) -> bool:
    return cell.startswith("#") and not is_error(cell)


def _says_something(cells: list[str]) -> bool:
    """Whether a row is neither empty nor a comment."""
    return any(cell.strip(DELIMITERS) for cell in cells) and not _is_comment(cells[0])


def _decodes(file: FilePath, encoding: str) -> bool:
    """Whether the whole file is text in this encoding; text has no null characters."""
    with file.open(encoding=encoding, newline="") as lines:
        try:
            return all("\0" not in part for part in iter(lambda: lines.read(1 << 20), ""))
        except UnicodeDecodeError:
            return False


def _starts_as_utf_16(file: FilePath) -> bool:
    """Whether a file begins with the byte order mark of UTF-16, as what Excel calls Unicode text does."""
    with file.open("rb") as content:
        return content.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE)


def _width(file: FilePath, form: Form) -> int:
    """Return how many cells the header has in this form, 0 when it cannot be read so."""
    with file.open(encoding=form.encoding, newline="") as lines, suppress(UnreadableError):
        return len(next(_rows(lines, form.delimiter), (0, []))[1])
    return 0


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    number = 0
    try:
        reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
        for number, written in enumerate(reader, 1):
            cells = list(map(str.strip, written))
            if cells and (cells[0].isalnum() or _says_something(cells)):  # most rows need no closer look
                yield number, cells
    except csv.Error as error:
        raise UnreadableError(str(error), "cells whose quotes are closed", number + 1) from None
