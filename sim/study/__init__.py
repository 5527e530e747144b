"""Replications over processes, and the results they leave on disk."""

from sim.study.results import Results, load
from sim.study.runner import run

__all__ = ["Results", "load", "run"]
