"""Trips of units that are under way: where each of them is, and where it can turn."""

from dataclasses import dataclass
from math import inf, isnan
from typing import TYPE_CHECKING

from sim.seams import Point, Route, TravelTimes

if TYPE_CHECKING:
    from sim.engine.crew import Crew
    from sim.engine.mission import Mission


@dataclass
class Drive:
    """A trip, over one leg of a mission, from a point that it leaves at ``begun_s``.

    ``planned_s`` is when it was to end before any road closed; ``decided_s`` is the moment by whose traffic
    it goes; ``route`` is looked for when it is asked.
    """

    leg: str
    mode: str
    origin: Point
    destination: Point
    begun_s: float
    end_s: float
    noise: float
    planned_s: float
    decided_s: float
    route: Route | None = None

    def share(self, now_s: float) -> float:
        """Return the share of its time that is over."""
        return (now_s - self.begun_s) / (self.end_s - self.begun_s)

    def changed(self, now_s: float) -> bool:
        """Whether roads that have closed or opened give reason to go another way from here on."""
        return self.route is None or self.route.changed(self.share(now_s))

    def turning(self, now_s: float) -> tuple[Point, float]:
        """Return where the unit can first turn, and when it is there.

        That is where it sets out from, if it has not yet, or no road leads on.
        """
        if self.end_s == inf:
            return self.origin, max(self.begun_s, now_s)
        if self.route is None:
            return self.origin, self.begun_s
        point, until_s = self.route.turn(self.share(now_s))
        return point, now_s + until_s * self.noise


def move_of(crew: "Crew") -> Drive:
    """Return the trip of a crew that moves to another base, as it was planned."""
    ends, moments = (crew.leg_from, crew.home), (crew.leg_s, crew.home_s)
    return Drive("home", crew.modes.home, *ends, *moments, 1.0, planned_s=crew.home_s, decided_s=crew.leg_s)


def drive_of(crew: "Crew", mission: "Mission", now_s: float, travel: TravelTimes) -> Drive | None:
    """Return the trip that a crew is on, or about to begin, with its route so far; None for none."""
    leg = mission.leg(now_s)
    drive = mission.drive if mission.drive and mission.drive.leg == leg else _planned(crew, mission, leg)
    if drive is None:
        return None
    if drive.route is None and drive.begun_s < now_s < drive.end_s < inf:
        drive.route = travel.route(drive.origin, drive.destination, at_s=drive.begun_s, mode=drive.mode)
    return drive


def _planned(crew: "Crew", m: "Mission", leg: str) -> Drive | None:
    """Return the trip of a leg as it was planned; None where that is none."""
    if leg == "out":
        origin, outset_s = m.turn or (crew.home, m.enroute_s)
        ends, moments, noise = (origin, m.scene), (outset_s, m.arrived_s), m.marks.noise_out
        mode, decided_s = crew.modes[m.haste], m.assigned_s + (outset_s - m.enroute_s) / noise
    elif leg == "hospital":
        to = m.scene if isnan(m.hospital) else crew.hospital(m)
        ends, moments = (m.scene, to), (m.left_scene_s, m.at_destination_s)
        noise, mode = m.marks.noise_hospital, crew.modes.with_patient(m.haste)
        decided_s = m.left_scene_s
    elif leg == "home":
        ends, moments, noise = (crew.leg_from, crew.home), (crew.leg_s, crew.home_s), m.marks.noise_home
        mode, decided_s = crew.modes.home, crew.leg_s
    else:
        return None
    return Drive(leg, mode, *ends, *moments, noise, planned_s=moments[1], decided_s=decided_s)
