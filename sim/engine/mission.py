"""An order as it is carried out: the facts that become a row of the log."""

from math import isnan
from typing import TYPE_CHECKING

from sim.engine.case import Case, SlotMarks
from sim.model.log import CAUSES, MISHAPS
from sim.seams import Point

if TYPE_CHECKING:
    from sim.engine.drive import Drive
    from sim.engine.staging import Staging

NAN = float("nan")


class Mission:
    """What one order makes a unit do for an incident, as far as it is foreseen now; NaN for the rest.

    The attributes that MISSION_FIELDS names are the facts of the log. ``haste`` says by which of its Modes
    the unit travels: as when it was sent, and from the scene as is known when it leaves that.
    """

    at_work_s = left_scene_s = at_destination_s = NAN
    transferred_s = cleared_s = in_quarters_s = hospital = cause = NAN
    place: int | None = None
    drive: "Drive | None" = None
    turn: tuple[Point, float] | None = None
    staging: "Staging | None" = None

    def __init__(
        self,
        case: Case,
        marks: SlotMarks,
        unit: int,
        from_base: bool,
        assigned_s: float,
        notified_s: float,
        expected_s: float,
        nearest_s: float,
    ) -> None:
        self.case, self.marks, self.haste = case, marks, case.haste
        self.incident, self.slot, self.unit, self.from_base = case.row, marks.slot, unit, from_base
        self.assigned_s, self.expected_s, self.nearest_s = assigned_s, expected_s, nearest_s
        self.notified_s = notified_s
        self.enroute_s = enroute_s = notified_s + marks.turnout_s if from_base else notified_s
        self.arrived_s = enroute_s + expected_s * marks.noise_out

    @property
    def scene(self) -> Point:
        """Where the incident is."""
        return self.case.x_m, self.case.y_m

    def leg(self, now_s: float) -> str:
        """Return which trip is on, or about to begin: out, hospital or home; else where it stays."""
        if isnan(self.cause):
            if not self.arrived_s <= now_s:
                return "out"
            if not self.left_scene_s <= now_s:
                return "at the scene"
            if self.marks.transport and not self.at_destination_s <= now_s:
                return "hospital"
            if not self.cleared_s <= now_s:
                return "at hospital"
        if self.in_quarters_s <= now_s:
            return "in quarters"
        return "out of service" if self.cause in MISHAPS else "home"

    def roll(self, enroute_s: float) -> None:
        """Have the unit set out at another moment."""
        self.enroute_s = enroute_s
        self.arrived_s = enroute_s + self.expected_s * self.marks.noise_out

    def give_up(self, cause: str, now_s: float) -> None:
        """Have it end now, on its way out."""
        self.arrived_s = self.at_work_s = self.left_scene_s = NAN
        self.at_destination_s = self.transferred_s = self.hospital = NAN
        self.notified_s, self.enroute_s = (
            moment_s if moment_s <= now_s else NAN for moment_s in (self.notified_s, self.enroute_s)
        )
        self.cleared_s, self.cause, self.drive = now_s, CAUSES.index(cause), None
