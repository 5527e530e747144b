"""Incidents that are given, one by one, by a script or a record: what is said of each, and where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.births import Births
from sim.demand.marks import mark
from sim.demand.where import scatter, within_zones
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents, IntArray
from sim.model.place import Place
from sim.model.resources import Ask, Card, Fleet
from sim.model.types import Becomes, IncidentType
from sim.rng import Streams

MARKS = {
    "level": "level",
    "priority": "priority",
    "magnitude": "magnitude",
    "call_handling_s": "handling_s",
    "scene_s": "scene_s",
    "transport": "transport",
    "hospital": "hospital",
    "handover_s": "handover_s",
}
"""What may be said of an incident, and the column of Incidents that holds it."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Incidents that are given, shapes (n,); NaN, or -1 in ``zone`` and ``card``, for what is not said.

    ``marks`` are columns of Incidents. A row without a place happens where its type does; one with only a
    zone, somewhere in it. ``cards`` are those that rows name, in place of their level's.
    """

    at_s: FloatArray
    type: IntArray
    x_m: FloatArray
    y_m: FloatArray
    zone: IntArray
    marks: Mapping[str, FloatArray]
    card: IntArray
    cards: tuple[Card, ...] = ()

    def __len__(self) -> int:
        return len(self.at_s)

    def at(self, rows: IntArray) -> "Rows":
        """Return some of the rows."""
        return Rows(
            at_s=self.at_s[rows],
            type=self.type[rows],
            x_m=self.x_m[rows],
            y_m=self.y_m[rows],
            zone=self.zone[rows],
            marks={name: column[rows] for name, column in self.marks.items()},
            card=self.card[rows],
            cards=self.cards,
        )

    @classmethod
    def joined(cls, parts: "Sequence[Rows]") -> "Rows":
        """Return the rows of all parts, which say the same marks; the cards are those of the last."""

        def whole(name: str) -> Any:
            return np.concatenate([getattr(part, name) for part in parts])

        marks = {name: np.concatenate([part.marks[name] for part in parts]) for name in parts[0].marks}
        where = (whole("x_m"), whole("y_m"), whole("zone"))
        return cls(whole("at_s"), whole("type"), *where, marks, whole("card"), parts[-1].cards)


@dataclass(frozen=True)
class World:
    """What rows are read and completed against."""

    place: Place
    fleet: Fleet
    types: tuple[IncidentType, ...]

    def outside(self, points: FloatArray) -> NDArray[np.bool_]:
        """Return which points (n, 2) are farther than `EDGE_M` from the square around all zones."""
        half = np.sqrt(self.place.area_m2)[:, None] / 2 + EDGE_M
        low, high = (self.place.centres - half).min(axis=0), (self.place.centres + half).max(axis=0)
        return np.asarray(((points < low) | (points > high)).any(axis=1))

    def lacks(self, kind: int, level: int) -> bool:
        """Whether a type does not have a level, 1 to 4."""
        return not self.types[kind].levels[level - 1].defined


EDGE_M = 10_000.0
"""How far outside the place's zones an incident may lie before it counts as a mistake."""


def complete(rows: Rows, world: World, streams: Streams, *, prompt: bool) -> Incidents:
    """Return the incidents of rows: what is given to the last bit, what is absent drawn.

    ``prompt`` says that each is reported at the moment given, so that nothing is drawn before it. An
    incident's number is its row.
    """
    parts = []
    for i, kind in enumerate(world.types):
        for card in np.unique(rows.card[rows.type == i]).tolist():
            chosen = np.flatnonzero((rows.type == i) & (rows.card == card))
            own = kind if card < 0 else _with_card(kind, rows.cards[card], world.fleet)
            named = streams if card < 0 else streams.below(str(card))
            births = _births(rows.at(chosen), kind, world.place, named, prompt)
            known = {"number": chosen} | ({} if card < 0 else {"size_up_s": np.full(len(chosen), np.inf)})
            parts.append(replace(mark(births, i, own, world.place, world.fleet, named), **known))
    return Incidents.merge(parts) if parts else Incidents.none()


def _births(rows: Rows, kind: IncidentType, place: Place, streams: Streams, prompt: bool) -> Births:
    def stream(purpose: str) -> np.random.Generator:
        return streams("births", kind.name, purpose)

    zone, where = rows.zone.copy(), np.stack([rows.x_m, rows.y_m], axis=1)
    nowhere = np.flatnonzero(np.isnan(rows.x_m) & (zone < 0))
    if len(nowhere) and kind.where is not None:
        zone[nowhere], where[nowhere] = scatter(kind.where, place, stream, len(nowhere))
    somewhere = np.flatnonzero(np.isnan(where[:, 0]))
    if len(somewhere):
        where[somewhere] = within_zones(zone[somewhere], place, stream)
    pointed = np.flatnonzero(zone < 0)
    if len(pointed):
        zone[pointed] = place.zones_at(where[pointed])
    return Births(rows.at_s, zone, where[:, 0], where[:, 1], rows.marks, prompt)


def _with_card(kind: IncidentType, card: Card, fleet: Fleet) -> IncidentType:
    """Return a type all of whose incidents ask for a card, from the call to the end."""
    slots = fleet.slots(card)
    one, two, three, four = (
        replace(level, card=card, slots=slots, later=(), becomes=Becomes()) for level in kind.levels
    )
    return replace(kind, levels=(one, two, three, four), reported_as=())


def card_of(needs: Mapping[str, float], fleet: Fleet) -> Card:
    """Return the card that asks for so many units of kinds or capabilities. Raises KeyError for others."""
    known = {each.name: i for i, each in enumerate(fleet.resources) if each.measure == "units"}
    return tuple(Ask(known[name], count) for name, count in needs.items() if count)


def timeless(card: Card, kind: IncidentType, fleet: Fleet) -> list[str]:
    """Return the unit kinds that a card can take and that have no time on scene in this type."""
    sent = [k for k, _ in fleet.slots(card)]
    own = [level for level in kind.levels if level.defined]
    return [fleet.kinds[k].name for k in sent if not all(level.keeps(k) for level in own)]


def names_of_units(fleet: Fleet) -> list[str]:
    """Return the kinds and capabilities that a card can ask units for."""
    return [each.name for each in fleet.resources if each.measure == "units"]
