"""What policies that move units up to empty stations have in common."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sim.model.hints import did_you_mean
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.seams import FreeUnit, Policy, View
from sim.sheets import Fault, FileError


@dataclass(frozen=True, kw_only=True)
class MoveUp(Policy):
    """Moves free units of some ``kinds`` between the ``stations``, by default all bases of these kinds.

    Not those of forces that keep a reserve, only come to larger incidents, or do not come straight.

    Raises FileError with the kinds and stations that are unknown.
    """

    place: Place
    fleet: Fleet
    kinds: list[str]
    stations: list[str] | None = None

    def __post_init__(self) -> None:
        if faults := list(self._faults()):
            raise FileError(faults)

    @property
    def moves(self) -> bool:
        """It moves units."""
        return True

    def free(self, view: View) -> list[tuple[FreeUnit, int]]:
        """Return the free units of its kinds and the sites that they stand by at, or are bound for."""
        free = (found for kind in self.numbers for found in view.standing_by(kind))
        return [(unit, site) for unit, site in free if unit.index in self.own]

    def moves_unit(self, unit: FreeUnit) -> bool:
        """Whether a unit is one of those that it may move."""
        return unit.kind in self.numbers and unit.index in self.own

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Its kinds as indices into the fleet's."""
        names = [kind.name for kind in self.fleet.kinds]
        return tuple(names.index(name) for name in self.kinds)

    @cached_property
    def sites(self) -> tuple[int, ...]:
        """The stations as indices into the place's sites."""
        if self.stations is None:
            units = (self.fleet.units[i] for i in self.own)
            return tuple(sorted({unit.base for unit in units if unit.kind in self.numbers}))
        return tuple(self.index[name] for name in self.stations)

    @cached_property
    def own(self) -> frozenset[int]:
        """The units that may be moved: those of which no force says when, or how, they come."""
        forces = ((i, unit.force) for i, unit in enumerate(self.fleet.units))
        return frozenset(i for i, force in forces if force.at_once and not force.reserve)

    @cached_property
    def index(self) -> dict[str, int]:
        """The sites where units of any kind have their bases, by name."""
        return {self.place.sites[unit.base].name: unit.base for unit in self.fleet.units}

    def _faults(self) -> Iterator[Fault]:
        kinds = [kind.name for kind in self.fleet.kinds]
        if not self.kinds:
            yield Fault("", "no kinds", "at least one kind of unit", ("kinds",))
        for name in dict.fromkeys(self.kinds):
            if self.kinds.count(name) > 1:
                yield Fault("", f"{name!r} {self.kinds.count(name)} times", "each kind once", ("kinds",))
            if name not in kinds:
                expected = f"a kind of unit{did_you_mean(name, kinds)}"
                yield Fault("", repr(name), expected, ("kinds",))
        yield from self._unknown(self.stations or [], ("stations",))

    def _unknown(self, stations: list[str], path: tuple[str, ...]) -> Iterator[Fault]:
        for name in stations:
            if name not in self.index:
                yield Fault("", repr(name), f"a base of units{did_you_mean(name, self.index)}", path)
