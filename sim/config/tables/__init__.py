"""Spreadsheets in a config: ``towns: {file: towns.csv}`` stands for the rows of that file."""

from sim.config.tables.expand import Expanded, expand

__all__ = ["Expanded", "expand"]
