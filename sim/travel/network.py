"""Travel on a road network: nodes and arcs out of tables, GraphML or OpenStreetMap."""

import logging
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.model.files import TableFile, found_among
from sim.model.hints import did_you_mean
from sim.model.place import Place
from sim.model.resources import Fleet
from sim.model.units import Memory, Metres
from sim.rng import Streams
from sim.seams import Point, Route, TravelTimes
from sim.sheets import Fault, FileError
from sim.travel.roads import closing, graphml, osm
from sim.travel.roads.account import Account, account, far_zones, largest
from sim.travel.roads.chains import chains
from sim.travel.roads.graph import NEVER
from sim.travel.roads.paths import Paths
from sim.travel.roads.roads import TICK_S, Ints, Roads
from sim.travel.roads.snap import Snap
from sim.travel.roads.speeds import ModeSpeeds, timed
from sim.travel.roads.stretches import Stretches
from sim.travel.roads.survey import Survey
from sim.travel.roads.table import table
from sim.travel.roads.tables import read_tables
from sim.travel.roads.trips import CLOSES, Mode, Trips

RoadFile = Annotated[Path, found_among(*osm.SUFFIXES, *graphml.SUFFIXES)]

log = logging.getLogger("tocsin")


@dataclass(frozen=True)
class Network(TravelTimes):
    """Times on roads, by shortest paths.

    The roads are two tables, ``nodes`` and ``arcs``, or one ``file``: GraphML (.graphml, .graphml.gz), or
    OpenStreetMap's (.osm, .osm.gz, .osm.bz2, .pbf). ``speeds`` are those of each mode by class of road. A
    trip begins and ends at the node nearest to a point, among those that ``keep`` keeps: the ``largest``
    part of the network in which one can drive from anywhere to anywhere, or ``all``; the way there is at
    ``off_road`` speed. No base and no hospital may be farther than ``farthest`` from its node. Shortest
    times between all junctions are kept on disk (in the folder $TOCSIN_CACHE, else the user's cache) and in
    ``memory``, in which each process also keeps what closures make of them; where they would take more,
    they are worked out row by row.

    Raises FileError with all that is wrong with the files, and the sites that no road leads to.
    """

    place: Place
    fleet: Fleet
    speeds: Mapping[str, ModeSpeeds]
    file: RoadFile | None = None
    nodes: TableFile | None = None
    arcs: TableFile | None = None
    keep: Literal["largest", "all"] = "largest"
    farthest: Metres = 2000.0
    memory: Memory = 1e9
    cache: bool = True

    def __post_init__(self) -> None:
        if (self.file is None) == (self.nodes is None) or (self.nodes is None) != (self.arcs is None):
            raise ValueError("expected either file, or nodes and arcs")
        if not self.speeds:
            raise ValueError("expected the speeds of at least one mode")
        if faults := list(self._unreachable()):
            raise FileError(faults)

    def __repr__(self) -> str:
        """Return what it is of, without the place and the fleet."""
        return f"Network({self._source}, {', '.join(self.speeds)})"

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is quickly made of the roads; these are sent along, as reading takes longer."""
        return {name: value for name, value in self.__dict__.items() if name != "_open"}

    @property
    def modes(self) -> Collection[str]:
        """The modes that have speeds."""
        return self.speeds.keys()

    @property
    def closes(self) -> Collection[str]:
        """Roads, nodes, zones and circles."""
        return CLOSES

    def seconds(
        self, origins: FloatArray, destinations: FloatArray, *, at_s: float | FloatArray, mode: str
    ) -> FloatArray:
        """Return times in seconds, shape (n, m); see TravelTimes."""
        return self._open.seconds(origins, destinations, at_s=at_s, mode=mode)

    def between(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> float:
        """Return one trip's time in seconds; see TravelTimes."""
        return self._open.between(origin, destination, at_s=at_s, mode=mode)

    def route(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> Route:
        """Return the way of a trip; see TravelTimes."""
        return self._open.route(origin, destination, at_s=at_s, mode=mode)

    def begin(self, streams: Streams, *, horizon_s: float) -> Trips:
        """Return the roads, all open, with closures of their own; see TravelTimes."""
        return self._open.fresh()

    def nearest_nodes(self, points: FloatArray, mode: str) -> list[str]:
        """Return the names of the nodes at which trips of a mode to points (n, 2) leave the road."""
        nodes, _ = self._open.nearest(points, mode)
        return [self._roads.names[node] for node in nodes.tolist()]

    @property
    def summary(self) -> str:
        """What was read of the roads, in a line."""
        return self._read[1].summary

    def notes(self) -> Iterable[str]:
        """Return, in words, what looks unintended about the roads."""
        snaps = {mode: how.snap for mode, how in self._open.by_mode.items() if mode in self._used}
        hints = {name: did_you_mean(name, self.speeds) for name in self._roads.untaken}
        untaken = (
            f"the times {name}_s in {self._source} are of no mode of travel{hint}"
            for name, hint in hints.items()
        )
        return [*untaken, *self._read[1].notes, *far_zones(self.place, snaps, self.farthest)]

    def unknown(self, closure: Closure) -> Iterable[Fault]:
        """Return the roads and nodes that are not there; see Closing."""
        return closing.unknown(closure, self._roads, self._source)

    def idle(self, closure: Closure) -> str:
        """Return why a closure stops nobody; see Closing."""
        return closing.idle(closure, self._roads, self.place, self._used, self._reached)

    @cached_property
    def _reached(self) -> NDArray[np.bool_]:
        """Which nodes trips can get to."""
        if self.keep == "all":
            return np.ones(len(self._roads.x_m), np.bool_)
        return np.asarray(np.any([largest(self._roads, mode) for mode in self._used], axis=0))

    @property
    def _source(self) -> str:
        return (self.file or self.arcs or Path()).name

    @property
    def _roads(self) -> Roads:
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[Roads, Account]:
        log.info("Reading the roads of %s", self._source)
        survey = self._survey()
        roads = timed(survey, self.speeds)
        return roads, account(self._source, survey, roads, self.speeds, self._used, self.keep)

    @cached_property
    def _used(self) -> list[str]:
        """The modes that units go by, or all where there are none."""
        kinds = {unit.kind for unit in self.fleet.units}
        used = {mode for k in kinds for mode in self.fleet.kinds[k].modes}
        return [mode for mode in self.speeds if mode in used] or list(self.speeds)

    def _survey(self) -> Survey:
        if self.nodes is not None and self.arcs is not None:
            return read_tables(self.nodes, self.arcs, self.place.origin)
        assert self.file is not None
        name = self.file.name.lower()
        if not name.endswith((*osm.SUFFIXES, *graphml.SUFFIXES)):
            expected = f"a file ending in {', '.join((*osm.SUFFIXES, *graphml.SUFFIXES))}"
            more = "; tables are given as nodes and arcs" if name.endswith((".csv", ".parquet")) else ""
            raise FileError([Fault("", repr(self.file.name), expected + more, ("file",))])
        read = graphml.read_graphml if name.endswith(graphml.SUFFIXES) else osm.read_osm
        return read(self.file, self.place.origin)

    @cached_property
    def _open(self) -> Trips:
        return Trips(self._roads, self.place, {mode: self._mode(mode) for mode in self.speeds})

    def _mode(self, mode: str) -> Mode:
        """Return how a mode travels, with all times of its sites where these take little memory."""
        roads, left = self._roads, self.memory / len(self.speeds)
        nodes = _kept(roads, mode, self.keep)
        if not len(nodes):
            raise ValueError(f"expected a road in {self._source} that {mode} may take and leave")
        snap = Snap(nodes, roads.points)
        sites, everywhere = self._sites(mode), np.arange(len(roads.x_m))
        known = set(snap.many(sites)[0].tolist() if len(sites) else ())
        if (size := 16 * len(known) * len(everywhere)) > left / 4:
            known, size = set(), 0
        stretches = Stretches(chains(roads, mode))
        folder = cache_folder() if self.cache else None
        paths = Paths(stretches, table(stretches.graph(), most_bytes=left - size, folder=folder))
        found = Mode(paths, snap, self.speeds[mode].off_road, {}, {})
        for node in known:
            found.rows[node] = (paths.ticks_to(node, everywhere) * TICK_S).data
            found.columns[node] = (paths.ticks_from(everywhere, node) * TICK_S).data
        return found

    def _sites(self, mode: str) -> FloatArray:
        """Return the points of the bases of a mode's units and of the hospitals, shape (n, 2)."""
        return np.array([(site.x_m, site.y_m) for site in self._needed(mode)]).reshape(-1, 2)

    def _needed(self, mode: str) -> list[Any]:
        kinds = {k for k, kind in enumerate(self.fleet.kinds) if mode in kind.modes}
        bases = {unit.base for unit in self.fleet.units if unit.kind in kinds}
        carries = any(self.fleet.kinds[k].transports for k in kinds)
        sites = self.place.sites
        return [
            site for i, site in enumerate(sites) if i in bases or (carries and site in self.place.hospitals)
        ]

    def _unreachable(self) -> Iterator[Fault]:
        """Yield the bases and hospitals that are far from any road, or that no road joins to the others."""
        for mode, how in self._open.by_mode.items():
            sites = self._needed(mode)
            nodes, away_m = (
                how.snap.many(self._sites(mode)) if sites else (np.zeros(0, np.int64), np.zeros(0))
            )
            for site, off_m in zip(sites, away_m.tolist(), strict=True):
                if off_m > self.farthest:
                    found = f"{site.name}, {off_m / 1000:.1f} km from the nearest road that {mode} takes"
                    yield Fault(
                        self._source, found, f"a site within {self.farthest / 1000:g} km (see farthest)"
                    )
            joined = np.array([how.paths.ticks_to(int(node), nodes) < NEVER for node in nodes])
            for i, site in enumerate(sites):
                apart = [sites[j].name for j in range(len(sites)) if not (joined[i, j] and joined[j, i])]
                if len(apart) > len(sites) / 2:
                    others = ", ".join(apart[:3]) + (" and others" if len(apart) > 3 else "")
                    yield Fault(
                        self._source,
                        f"no way for {mode} between {site.name} and {others}",
                        "roads that join them",
                    )


def _kept(roads: Roads, mode: str, keep: Literal["largest", "all"]) -> Ints:
    """Return the nodes at which trips of a mode may begin and end."""
    if keep == "largest":
        return np.flatnonzero(largest(roads, mode) & roads.access)
    able = np.flatnonzero(roads.ticks[mode] >= 0)
    on_road = np.zeros(len(roads.x_m), np.bool_)
    on_road[roads.start[able]] = on_road[roads.end[able]] = True
    return np.flatnonzero(on_road & roads.access)


def cache_folder() -> Path:
    """Return where shortest times are kept between runs: $TOCSIN_CACHE, else the user's cache."""
    from platformdirs import user_cache_path

    return Path(os.environ.get("TOCSIN_CACHE") or user_cache_path("tocsin"))
