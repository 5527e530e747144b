"""Counting again, from the facts of a log alone, who was where and what incidents had been asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

import numpy as np
import pandas as pd

import sim
from sim.model.log import CAUSES, FATES, MISSION_FIELDS, MOVE_FIELDS, UNMET_FIELDS, Log
from sim.model.types import IncidentType, Level

ENOUGH = 1e-9
NO_CAUSE = -1


@dataclass(frozen=True)
class Recount:
    """The facts of one replication, and what follows from them."""

    scenario: sim.Scenario
    log: Log

    @classmethod
    def of(cls, mapping: dict[str, Any]) -> "Recount":
        scenario = sim.build(mapping).scenario
        return cls(scenario, sim.simulate(scenario, seed=3))

    @cached_property
    def missions(self) -> pd.DataFrame:
        """A row a mission in order of assignment; ``cause`` by its word, and nothing for who came."""
        found = pd.DataFrame(self.log.missions, columns=list(MISSION_FIELDS))
        whole = {name: found[name].astype(int) for name in ("incident", "slot", "unit")}
        cause = [CAUSES[int(c)] if c == c else "" for c in found.cause]
        kind = [self.scenario.fleet.units[i].kind for i in whole["unit"]]
        return found.assign(**whole, cause=cause, kind=kind).sort_values("assigned_s", kind="stable")

    @cached_property
    def moves(self) -> pd.DataFrame:
        """A row for each time that a unit was sent to stand by elsewhere, in order."""
        return pd.DataFrame(self.log.moves, columns=list(MOVE_FIELDS)).astype({"unit": int})

    @cached_property
    def unmet(self) -> dict[tuple[int, int, str], float]:
        """What incidents did not get, by row, resource and fate."""
        found: dict[tuple[int, int, str], float] = {}
        for row, resource, amount, fate in pd.DataFrame(
            self.log.unmet, columns=list(UNMET_FIELDS)
        ).itertuples(index=False):
            key = int(row), int(resource), FATES[int(fate)]
            found[key] = found.get(key, 0.0) + amount
        return found

    def type_of(self, row: int) -> IncidentType:
        return self.scenario.types[int(self.log.incidents.type[row])]

    def mistaken_for(self, row: int) -> IncidentType | None:
        """What it was reported as, if that was not what it is."""
        told, own = int(self.log.incidents.taken_for[row]), int(self.log.incidents.type[row])
        return None if told == own else self.scenario.types[told]

    def told_level(self, row: int) -> int:
        """The level (index) that it is reported at, of the type that it is reported as."""
        kind, level = self.mistaken_for(row), int(self.log.incidents.level[row]) - 1
        return kind.counterpart(level) if kind else level

    def levels(self, row: int) -> tuple[int, int]:
        """The levels (1 to 4) that an incident was reported at, and was of in the end."""
        reported, found = int(self.log.incidents.level[row]), int(self.log.outcomes.found_level[row])
        return reported, found or reported

    def meaning(self, row: int) -> Level:
        """What the level means that an incident was of in the end."""
        return self.type_of(row).levels[self.levels(row)[1] - 1]

    def over_s(self, row: int) -> float:
        """When its common task was over, if it had one; inf while it is not."""
        out_s = float(self.log.outcomes.out_s[row])
        return out_s if out_s == out_s else inf

    def sized_up(self, row: int, missions: pd.DataFrame) -> bool:
        """Whether the first unit has sized it up before it was over, or the run was."""
        sized_up_s = missions.arrived_s.min() + float(self.log.incidents.size_up_s[row])
        return bool(sized_up_s < min(self.log.horizon_s, self.over_s(row)))

    def knows(self, row: int, missions: pd.DataFrame) -> bool:
        """Whether the log tells of which level it is taken to be: not of one of another type that is late."""
        told = self.mistaken_for(row)
        late = told.levels[self.told_level(row)].becomes.late if told else None
        return late is None or self.sized_up(row, missions)

    def asked(self, row: int, missions: pd.DataFrame) -> dict[int, float]:
        """What it asked for in the end: what its level sends later only once it has been sized up."""
        meaning, sized_up = self.meaning(row), self.sized_up(row, missions)
        if (told := self.mistaken_for(row)) and not sized_up:
            return dict(told.levels[self.told_level(row)].card)
        return meaning.whole if self.type_of(row).is_commanded and sized_up else dict(meaning.card)

    def brought(self, missions: pd.DataFrame) -> dict[int, float]:
        """What the units of some missions bring together."""
        found: dict[int, float] = {}
        for unit in missions.unit:
            for r, amount in self.scenario.fleet.offers[unit]:
                found[r] = found.get(r, 0.0) + amount
        return found

    def in_service(self, unit: int, at_s: float) -> bool:
        """Whether a unit can be had at a moment, by the reasons for which it is out of service."""
        return not any(from_s <= at_s and not until_s <= at_s for from_s, until_s in self._spells[unit])

    @cached_property
    def _spells(self) -> list[list[tuple[float, float]]]:
        """When each unit was out of service, from when until when."""
        found: list[list[tuple[float, float]]] = [[] for _ in self.scenario.fleet.units]
        for unit, _, from_s, until_s in self.log.out_of_service.tolist():
            found[int(unit)].append((from_s, until_s))
        return found

    def by_unit(self) -> Iterator[pd.DataFrame]:
        """The missions of each unit in order."""
        for _, mine in self.missions.groupby("unit"):
            yield mine

    def by_incident(self) -> Iterator[tuple[int, pd.DataFrame]]:
        """The missions of each incident that was decided on, in order."""
        mine, none = dict(list(self.missions.groupby("incident"))), self.missions[:0]
        for row in np.flatnonzero(~np.isnan(self.log.decided_s)).tolist():
            yield row, mine.get(row, none)

    def at_base(self, unit: int, at_s: float) -> int | None:
        """The site at which a unit is in quarters just before a moment; None where it is out."""
        base = self.scenario.fleet.units[unit].base
        home_s = 0.0
        for begun_s, ended_s, site in self._outings[unit]:
            if begun_s >= at_s:
                break
            base, home_s = base if site is None else site, ended_s
        return base if home_s <= at_s else None

    @cached_property
    def _outings(self) -> list[list[tuple[float, float, int | None]]]:
        """When each unit left and was in quarters, and at which site where it was moved."""
        found: list[list[tuple[float, float, int | None]]] = [[] for _ in self.scenario.fleet.units]
        for mission in self.missions.itertuples():
            found[mission.unit].append((mission.assigned_s, mission.in_quarters_s, None))
        for move in self.moves.itertuples():
            found[move.unit].append((move.ordered_s, move.there_s, int(move.to_site)))
        return [sorted(outings, key=lambda outing: (outing[0], outing[2] is None)) for outings in found]


def told(moments: np.ndarray) -> np.ndarray:
    """The moments that are known."""
    return moments[~np.isnan(moments)]
