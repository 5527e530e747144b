"""Incidents as the engine meets them: one at a time, with travel times worked out in batches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np

from sim.engine.command import Command
from sim.engine.gathering import Gathering
from sim.engine.reach import BATCH, Bases, Batch
from sim.engine.scene import Scene
from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents, IntArray
from sim.model.resources import Card, Resource
from sim.seams import TravelTimes

Turn = tuple[Any, int]
"""What sorts those that wait: the key of the queue discipline, by default the priority; then the row."""

Row = TypeVar("Row", bound=tuple[Any, ...])


class SlotMarks(NamedTuple):
    """A unit that a response card asks for, with its marks; see Incidents."""

    slot: int
    kind: int
    turnout_s: float
    noise_out: float
    access_s: float
    scene_s: float
    transport: bool
    noise_hospital: float
    handover_s: float
    noise_home: float
    hospital: int


class Case(NamedTuple):
    """One open incident: what a policy sees of it, what it still lacks, and its marks.

    ``lacking`` holds the amount of each resource; ``asks`` the resources of the card, one for each unit
    where units are asked for, or None where people or equipment are. ``scene`` is its common task.
    ``decided_s`` is when units may be sent: classified, and decided on by the level of command.
    ``sent`` is what each unit that was sent brings, ``haste`` says by which of their Modes units travel that
    are sent now. ``command`` is who may find it to be otherwise, if anybody; see Commanded. ``gathering`` is
    what has come, where units hold a scene until all has.
    """

    row: int
    type: int
    level: int
    priority: int
    zone: int
    x_m: float
    y_m: float
    reported_s: float
    decided_s: float
    lacking: dict[int, float]
    asks: tuple[int, ...] | None
    slots: list[SlotMarks]
    batch: Batch
    place_in_batch: int
    scene: Scene | None
    card: Card
    sent: list[Card]
    haste: int
    command: Command | None
    gathering: Gathering | None

    def __repr__(self) -> str:
        return f"incident {self.row}"

    @property
    def asked(self) -> Iterable[tuple[int, float]]:
        """The amount of each resource that is asked for by now."""
        return self.card

    @property
    def urgency(self) -> tuple[int, int]:
        """What the most urgent has least of: its priority, then its place in order of report."""
        return self.priority, self.row

    def brought(self, resource: int) -> float:
        """Return how much of a resource the units bring that were sent."""
        return sum(amount for offers in self.sent for r, amount in offers if r == resource)

    def can_spare(self, offers: Card) -> bool:
        """Whether the others that were sent bring all that is asked for, without one that brings this."""
        asked = dict(self.asked)
        return all(
            self.brought(r) - amount >= asked[r] - 1e-9 for r, amount in offers if amount and r in asked
        )

    def serve(self, kind: int, offers: Card) -> SlotMarks | None:
        """Take what a unit brings off what is lacking; return the slot that it fills, None without need."""
        lacking, useful = self.lacking, False
        for r, amount in offers:
            if r in lacking:
                useful = True
                lacking[r] -= amount
                if lacking[r] <= 1e-9:
                    del lacking[r]
        if useful:
            slots = self.slots
            for slot in slots:
                if slot.kind == kind:
                    slots.remove(slot)
                    return slot
        return None


class Commanded(Case):
    """An incident that may be found to be otherwise than it was reported: it is what it is taken for now."""

    __slots__ = ()

    @property
    def _officer(self) -> Command:
        assert self.command is not None
        return self.command

    @property
    def asked(self) -> Iterable[tuple[int, float]]:
        """The amount of each resource that is asked for by now."""
        return self._officer.asked.items()

    @property
    def type(self) -> int:
        """The type that it is taken for now."""
        return self._officer.type

    @property
    def level(self) -> int:
        """The level that it is taken to be of now, 1 to 4."""
        return self._officer.level

    @property
    def priority(self) -> int:
        """Its priority by the level that it is taken to be of now."""
        return self._officer.priority

    @property
    def haste(self) -> int:
        """By which of their Modes units travel that are sent now."""
        return self._officer.haste


@dataclass(frozen=True)
class Circumstances:
    """What turns the rows of ``incidents`` into cases; ``scene`` gives a row's common task, if any.

    ``command`` gives who is in command, where what is asked for may change; ``gathering`` what counts who has
    come, where that matters.
    ``decided_s`` is when units may be sent to each; see Case.
    ``haste`` is the index into Modes of each, as it is reported, shape (n,).
    """

    incidents: Incidents
    decided_s: FloatArray
    travel: TravelTimes
    bases: Sequence[Bases]
    resources: Sequence[Resource]
    scene: Callable[[int], Scene | None] | None
    haste: IntArray
    command: Callable[[int], Command | None] | None
    gathering: Callable[[int], Gathering] | None


def cases(given: Circumstances) -> Iterator[Case]:
    """Yield every incident in order of report, made in batches, so that few are alive at a time."""
    x, decided_s = given.incidents, given.decided_s
    asks = [_asks(card, given.resources) for card in x.cards]
    lacking = [dict(card) for card in x.cards]
    for start in range(0, len(x), BATCH):
        stop = min(start + BATCH, len(x))
        rows, first, last = slice(start, stop), int(x.first_slot[start]), int(x.first_slot[stop])
        points = np.stack([x.x_m[rows], x.y_m[rows]], axis=1)
        slots = list(_rows(repeat(SlotMarks), range(first, last), *_slot_columns(x, first, last)))
        ends = (x.first_slot[start : stop + 1] - first).tolist()
        marks = (x.taken_for, x.level, x.priority, x.zone, x.x_m, x.y_m, x.reported_s, decided_s)
        cards, commands = x.card[rows].tolist(), _each(given.command, start, stop)
        yield from _rows(
            [Case if command is None else Commanded for command in commands],
            range(start, stop),
            *(column[rows].tolist() for column in marks),
            [lacking[card].copy() for card in cards],
            [asks[card] for card in cards],
            [slots[i:j] for i, j in pairwise(ends)],
            [Batch(given.travel, given.bases, points, decided_s[rows])] * (stop - start),
            range(stop - start),
            _each(given.scene, start, stop),
            [x.cards[card] for card in cards],
            [[] for _ in cards],
            given.haste[rows].tolist(),
            commands,
            _each(given.gathering, start, stop),
        )


def _each(make: Callable[[int], Any] | None, start: int, stop: int) -> list[Any]:
    """Return what is made of each row, None for each where nothing is."""
    return [None] * (stop - start) if make is None else [make(i) for i in range(start, stop)]


def _asks(card: Card, resources: Sequence[Resource]) -> tuple[int, ...] | None:
    """Return a card's resources, one for each unit; None when it asks for people or equipment."""
    if any(resources[r].measure != "units" for r, _ in card):
        return None
    return tuple(r for r, amount in card for _ in range(round(amount)))


def _slot_columns(x: Incidents, first: int, last: int) -> list[list[Any]]:
    return [getattr(x, name)[first:last].tolist() for name in SlotMarks._fields[1:]]


def _rows(kinds: Iterable[type[Row]], *columns: Sequence[Any]) -> Iterator[Row]:
    """Yield named tuples, each of its kind, from their columns, without a Python call for each."""
    return map(tuple.__new__, kinds, zip(*columns, strict=True))
