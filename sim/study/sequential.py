"""Studies that go on until they have said enough.

The rule is looked at after each replication in their order 0, 1, 2, ..., whichever are done first, so that
where a study stops depends on nothing but the study. Its verdicts are by intervals that hold at all numbers
of replications together (see measure.anytime): however often one looks, the verdict on a target is wrong
with a chance of at most 1 - its confidence level.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config import build
from sim.measure.tallies import AnyTally
from sim.measure.targets import Verdict, verdicts
from sim.model.until import Decided
from sim.scenario import Study
from sim.study.written import named_types

if TYPE_CHECKING:
    from sim.study.results import Results


def repeated(study: Study, rule: Decided) -> Study:
    """Return the study with a rule in place of its number of replications, as ``until`` in a config says it.

    Raises ConfigError when the rule is wrong.
    """
    precision = {"precision": f"{100 * rule.precision:.12g} %"} if rule.precision is not None else {}
    told = {**precision, "most": rule.most, "least": rule.least, "targets": list(rule.targets)}
    config = {**study.config, "until": told}
    built = build(config, other_types=named_types(config), folders=[*map(Path, study.folders)])
    return replace(
        study, until=built.until, replications=rule.most, fingerprint=built.fingerprint, config=built.config
    )


class Looks:
    """Looks at a study after each replication, in order.

    ``stop`` is how many replications it takes; None as long as that is not known.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._ended: dict[int, Mapping[str, AnyTally] | None] = {}
        self._tallies: list[Mapping[str, AnyTally]] = []
        self._next = 0
        self.stop = study.replications if study.until is None else None

    def add(self, replication: int, tallies: Mapping[str, AnyTally] | None) -> None:
        """Take down what a replication counted, or None for one that failed, and look at all up to it."""
        self._ended[replication] = tallies
        while self.stop is None and self._next in self._ended:
            found = self._ended.pop(self._next)
            self._next += 1
            self._tallies += [found] if found is not None else []
            if self._enough():
                self.stop = self._next

    def _enough(self) -> bool:
        rule, scenario = self._study.until, self._study.scenario
        if rule is None or self._next >= self._study.replications:
            return True
        if self._next < rule.least or not self._tallies:
            return False
        counted = replace(scenario, targets=tuple(t for t in scenario.targets if t.name in self._tallies[0]))
        return all(settled(verdict, rule) for verdict in verdicts(counted, self._tallies, anytime=True))


def settled(verdict: Verdict, rule: Decided) -> bool:
    """Whether a target holds nothing up any more."""
    if not verdict.n or isnan(verdict.share) or (rule.targets and verdict.target.name not in rule.targets):
        return True
    half = (verdict.upper - verdict.lower) / 2
    return verdict.verdict != "undecided" or (rule.precision is not None and half <= rule.precision)


def stopped(results: "Results") -> dict[str, object]:
    """Return how many replications a study took, of how many, and which targets are not settled by them."""
    rule = results.study.until or Decided()
    open_ = [verdict.target.name for verdict in results.verdicts if not settled(verdict, rule)]
    done = len(results.outcomes)
    return {"most": rule.most, "replications": done, "saved": rule.most - done, "not_settled": open_}
