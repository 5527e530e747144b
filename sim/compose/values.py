"""The values of a sweep in Hydra's grammar, one by one."""

from itertools import islice
from pathlib import Path
from typing import Any

from hydra.core.override_parser.types import Glob, Override, RangeSweep
from hydra.errors import HydraException

from sim.compose.folders import choices

MOST = 1_000_000
"""More values, or points, than this are a slip of the pen."""


def values_of(parsed: Override, config_dir: str | Path | None) -> list[Any]:
    """Return the values that an override sweeps over, in order. Raises ValueError with what is expected."""
    if parsed.is_interval_sweep():
        raise ValueError("values one by one, such as range(1,3); an interval is for a design, by from and to")
    if _size(parsed._value) > MOST:
        raise ValueError(f"at most {MOST:,} values")
    if values := _listed(parsed, config_dir):
        return values
    raise ValueError("at least one value")


def _listed(parsed: Override, config_dir: str | Path | None) -> list[Any]:
    glob: object = parsed._value  # Hydra's hints leave it out
    if isinstance(glob, Glob):
        return glob.filter(choices("", config_dir).get(parsed.key_or_group, []))
    try:
        return list(islice(parsed.sweep_iterator(), MOST + 1))
    except (HydraException, ValueError):  # a range with a step of 0
        return []


def _size(sweep: object) -> float:
    """Return how many values a range has; 0 for other sweeps, which are written one by one."""
    if not isinstance(sweep, RangeSweep) or not sweep.step:
        return 0
    size = (float(sweep.stop or 0) - float(sweep.start or 0)) / float(sweep.step)
    return size if size <= MOST else MOST + 1
