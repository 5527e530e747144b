"""Replications over processes, and the results they leave on disk."""

from sim.study.runner import Results, load, run

__all__ = ["Results", "load", "run"]
