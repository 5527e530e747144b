"""From a plain mapping to a frozen Study; strict, and every error names its path."""

from sim.config.build import build
from sim.config.problems import ConfigError, Problem
from sim.config.provenance import CONFIDENCES, Provenance, split

__all__ = ["CONFIDENCES", "ConfigError", "Problem", "Provenance", "build", "split"]
