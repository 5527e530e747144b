"""Files that people write: their encoding, rows and words, and what is wrong with them."""

from sim.sheets.faults import Fault, FileError
from sim.sheets.files import Form, Row, UnreadableError, find, form_of, is_error, read_rows, short
from sim.sheets.words import NO, YES, canonical, normal

__all__ = [
    "NO",
    "YES",
    "Fault",
    "FileError",
    "Form",
    "Row",
    "UnreadableError",
    "canonical",
    "find",
    "form_of",
    "is_error",
    "normal",
    "read_rows",
    "short",
]
