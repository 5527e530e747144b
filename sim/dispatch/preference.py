"""Send by fixed lists: for each zone, which bases or units go first."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Literal

from sim.dispatch.sending import Rule, Sending
from sim.model.files import InputFile
from sim.model.hints import did_you_mean
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.seams import FreeUnit, Incident, Need, View
from sim.sheets import Fault, FileError, UnreadableError, canonical, read_rows


@dataclass(frozen=True, kw_only=True)
class Preference(Sending):
    """Units go by the list of the incident's zone, or else of its town: bases, or single units, in order.

    See Sending. The lists are in ``zones`` by the name of a zone or a town, or in a ``file`` (CSV) with the
    column ``zone`` and then the first choice, the second, and so on. A first-due area is a list of one. Of
    the units at a base, or on their way there, the closest goes first. Others, and all for a zone without a
    list, go last: the ``closest``, or ``none``. Raises FileError with all names that are unknown, and with
    the zones to which none would go.
    """

    place: Place
    fleet: Fleet
    zones: Mapping[str, list[str]] = field(default_factory=dict)
    file: InputFile | None = None
    others: Literal["closest", "none"] = "closest"

    def __post_init__(self) -> None:
        super().__post_init__()
        if bool(self.zones) == (self.file is not None):
            raise ValueError("expected either zones, or a file")
        if faults := list(self._faults()):
            raise FileError(faults)

    def choose(self, view: View, need: Need, over: Rule | None) -> Iterator[tuple[FreeUnit, float]]:
        """Yield the units of the list, and then the others by travel time."""
        ranks = self._ranks.get(need.incident.zone, {})
        found = [(ranks.get(each[0].index, inf), each) for each in view.candidates(need, over)]
        found.sort(key=lambda ranked: ranked[0])
        for rank, each in found:
            if rank < inf or self.others == "closest":
                yield each

    def may_go(self, unit: FreeUnit, incident: Incident) -> bool:
        """Whether a unit is in the list of the incident's zone, or others go as well."""
        return self.others == "closest" or unit.index in self._ranks.get(incident.zone, {})

    def listed(self, zone: int) -> Collection[int]:
        """Return the units (indices) in the list of a zone."""
        return self._ranks[zone].keys()

    @cached_property
    def _ranks(self) -> Mapping[int, Mapping[int, int]]:
        """By zone, the place in its list of each unit."""
        by_name: dict[str, dict[int, int]] = {}
        for name, _, _, choices in self._lists:
            ranks = by_name.setdefault(name, {})
            for rank, choice in enumerate(choices):
                for unit in self._called[choice]:
                    ranks.setdefault(unit, rank)
        return {
            i: by_name.get(zone.name, by_name.get(zone.town, {})) for i, zone in enumerate(self.place.zones)
        }

    @cached_property
    def _called(self) -> Mapping[str, list[int]]:
        """The units that a name stands for: its own, or those of a base."""
        found: dict[str, list[int]] = {}
        for i, unit in enumerate(self.fleet.units):
            found[unit.name] = [i]
            found.setdefault(self.place.sites[unit.base].name, []).append(i)
        return found

    @cached_property
    def _lists(self) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
        """Each list: its zone, where in the file or under which path it was found, and its names."""
        if self.file is None:
            return [(zone, "", ("zones", zone), list(names)) for zone, names in self.zones.items()]
        name = self.file.name
        try:
            (_, heading), *rows = read_rows(self.file)
        except UnreadableError as error:
            raise FileError([Fault(name, error.found, error.expected)]) from None
        if canonical(heading[0], {"zone"})[0] != "zone":
            raise FileError([Fault(f"{name}, row 1", heading[0], "the column zone first")])
        return [
            (row[0], f"{name}, row {number}", (), [cell for cell in row[1:] if cell]) for number, row in rows
        ]

    def _faults(self) -> Iterator[Fault]:
        """Yield the zones, bases and units that are not there, and zones with two lists, or with none."""
        zones, seen = {name for zone in self.place.zones for name in (zone.name, zone.town)}, set()
        for zone, where, path, names in self._lists:
            if zone not in zones:
                hint = did_you_mean(zone, zones)
                yield Fault(where, f"the zone {zone!r}", f"a zone or a town of the place{hint}", path)
            if zone in seen:
                yield Fault(where, f"a second list for {zone!r}", "one list a zone", path)
            seen.add(zone)
            for each in names:
                if each not in self._called:
                    hint = did_you_mean(each, self._called)
                    expected = f"a base with units, or a unit such as station/engine-1{hint}"
                    yield Fault(where, repr(each), expected, path)
        bare = [zone.name for zone in self.place.zones if not {zone.name, zone.town} & seen]
        if bare and self.others == "none":
            found = f"no list for {', '.join(bare[:5])}{', ...' if len(bare) > 5 else ''}"
            yield Fault("", found, "a list for each zone or its town, or others: closest", ("others",))
