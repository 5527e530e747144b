"""Judging a target: the verdict over all replications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from sim.measure.anytime import mean_sequence, share_sequence
from sim.measure.breakdown import CAUSES, chain_start, stages_between
from sim.measure.coverage import covered_share, share_within
from sim.measure.intervals import Interval, mean_interval, share_interval
from sim.measure.tallies import AnyTally, BurntTally, Tally
from sim.model.targets import BurntTarget, CoverageTarget, DeclaredTarget, ResponseTarget, Target
from sim.scenario import Scenario

FEWEST_FIRES = 30
"""A mean of fewer fires decides nothing: they are very unequal, and the largest may not have come yet."""


@dataclass(frozen=True)
class Breakdown:
    """Mean seconds by stage over all and over missed incidents, and the share of misses by cause.

    The stages begin with the call even where the target's clock starts later; ``in_clock`` says which
    of them the clock counts.
    """

    stages: tuple[str, ...]
    in_clock: tuple[bool, ...]
    mean_s: tuple[float, ...]
    missed_mean_s: tuple[float, ...]
    causes: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Verdict:
    """Is a target met? "undecided" when its interval holds the required share."""

    target: Target
    share: float
    lower: float
    upper: float
    verdict: str
    n: int
    breakdown: Breakdown | None = None

    def summary(self) -> dict[str, object]:
        """Return the verdict as a mapping that JSON can hold; None where nothing was counted."""
        bounds = {"share": self.share, "lower": self.lower, "upper": self.upper}
        return {
            "name": self.target.name,
            **{name: None if isnan(value) else value for name, value in bounds.items()},
            "required": None if isinstance(self.target, DeclaredTarget) else self.target.share,
            "verdict": self.verdict,
            "n": self.n,
        }


NOT_MODELLED = "not modelled yet"
"""The verdict on a target that is only declared."""


def judge(interval: Interval, required: float) -> str:
    """Return "met" when all of the interval reaches what is required, "missed" when none of it does."""
    if interval.lower >= required:
        return "met"
    return "missed" if interval.upper < required else "undecided"


def judge_most(interval: Interval, allowed: float) -> str:
    """Return "met" when all of the interval is within what is allowed, "missed" when none of it is."""
    if interval.upper <= allowed:
        return "met"
    return "missed" if interval.lower > allowed else "undecided"


def verdicts(
    scenario: Scenario, tallies: Sequence[Mapping[str, AnyTally]], *, anytime: bool = False
) -> list[Verdict]:
    """Return a verdict on each target of a scenario from the tallies of its replications.

    With ``anytime`` the intervals hold at all numbers of replications together (see measure.anytime), as
    they must where the replications went on until the answer was good enough.
    """
    return [
        _verdict(scenario, target, [each[target.name] for each in tallies if target.name in each], anytime)
        for target in scenario.targets
    ]


def _verdict(scenario: Scenario, target: Target, tallies: Sequence[AnyTally], anytime: bool) -> Verdict:
    match target:
        case ResponseTarget():
            return _responded(target, [each for each in tallies if isinstance(each, Tally)], anytime)
        case BurntTarget():
            return _burnt(target, [each for each in tallies if isinstance(each, BurntTally)], anytime)
        case DeclaredTarget():
            unknown = float("nan")
            return Verdict(target, unknown, unknown, unknown, NOT_MODELLED, 0)
    share, n = (
        covered_share(scenario, target)
        if isinstance(target, CoverageTarget)
        else share_within(scenario, target)
    )
    found = Interval(share, share, share)
    return Verdict(target, *found, judge(found, target.share) if n else "undecided", n)


def _responded(target: ResponseTarget, tallies: Sequence[Tally], anytime: bool) -> Verdict:
    hits, counts = np.array([t.hits for t in tallies]), np.array([t.n for t in tallies])
    found = (share_sequence if anytime else share_interval)(hits, counts, target.confidence_level)
    timed, missed = (max(1, sum(getattr(t, name) for t in tallies)) for name in ("timed", "missed_timed"))
    why = np.sum([t.causes for t in tallies], axis=0)
    stages = stages_between(chain_start(target.start), target.stop)
    counted = stages_between(target.start, target.stop)
    breakdown = Breakdown(
        stages=stages,
        in_clock=tuple(name in counted for name in stages),
        mean_s=tuple((np.sum([t.stage_s for t in tallies], axis=0) / timed).tolist()),
        missed_mean_s=tuple((np.sum([t.missed_stage_s for t in tallies], axis=0) / missed).tolist()),
        causes=tuple(zip(CAUSES, (why / max(1, why.sum())).tolist(), strict=True)),
    )
    return Verdict(target, *found, judge(found, target.share), int(counts.sum()), breakdown)


def _burnt(target: BurntTarget, tallies: Sequence[BurntTally], anytime: bool) -> Verdict:
    n, shares = sum(each.n for each in tallies), np.array([each.share for each in tallies])
    found = (mean_sequence if anytime else mean_interval)(shares, target.confidence_level)
    known = n >= FEWEST_FIRES
    return Verdict(target, *found, judge_most(found, target.share) if known else "undecided", n)
