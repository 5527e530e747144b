"""Spreadsheets in a config: ``towns: {file: towns.csv}`` stands for the rows of that file.

``expand`` reads the tables that a config names. ``read_rows``, ``form_of`` and ``canonical`` know files
and headings in general, and serve whoever reads other tables.
"""

from sim.config.tables.expand import Expanded, expand
from sim.config.tables.files import Form, UnreadableError, form_of, read_rows
from sim.config.tables.words import canonical

__all__ = ["Expanded", "Form", "UnreadableError", "canonical", "expand", "form_of", "read_rows"]
