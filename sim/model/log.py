"""The facts of one replication, as flat columns."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.model.distributions import FloatArray
from sim.model.incidents import Incidents

MISSION_FIELDS = (
    "incident",
    "slot",
    "unit",
    "assigned_s",
    "notified_s",
    "enroute_s",
    "arrived_s",
    "at_work_s",
    "left_scene_s",
    "at_destination_s",
    "transferred_s",
    "cleared_s",
    "in_quarters_s",
    "expected_s",
    "nearest_s",
    "from_base",
    "hospital",
    "cause",
)
"""One row a mission: indices, moments, expected travel of the unit sent and from the nearest base.

``cause`` indexes CAUSES where the mission was given up.
"""

CAUSES = ("cut off", "pre-empted", "relieved", "not needed", "did not come", "broken down")
"""Why a unit gave up on its way.

cut off: no open road led to the incident any more. pre-empted: it was sent to something more urgent.
relieved: another went instead. not needed: the incident was found to take less, or over.
did not come: the crew was not to be had. broken down: the vehicle failed.
"""

MISHAPS = CAUSES.index("did not come"), CAUSES.index("broken down")
"""Causes after which a unit is at its base again at a moment foreseen, and does not drive there."""


MOVE_FIELDS = ("unit", "from_site", "to_site", "ordered_s", "begun_s", "length_m", "there_s")
"""One row for each time that a unit was sent to stand by elsewhere: indices, moments in seconds, and metres.

``there_s`` is NaN where it was sent on before it was there. ``length_m`` is how far it drove (all of a move
that was under way at the horizon), along the road where the provider of travel times can tell, else straight.
"""

OUT_FIELDS = ("unit", "reason", "from_s", "until_s")
"""One row for each time that a unit was out of service: indices, and moments in seconds.

``reason`` indexes OUT_REASONS; ``until_s`` is NaN where it still was at the horizon. A unit may be out for
several reasons at once; one that is on a mission then finishes it.
"""

OUT_REASONS = (
    "off duty",
    "change of shift",
    "understaffed",
    "resting",
    "servicing",
    "did not come",
    "broken down",
)
"""Why a unit could not be sent.

off duty: no shift is on. change of shift: the last shift is out, or hands over. understaffed: there are
fewer people than the minimum crew. resting: the crew has worked as long as it may. servicing: the vehicle is
serviced, or due and not back yet. did not come, broken down: see CAUSES.
"""

UNMET_FIELDS = ("incident", "resource", "amount", "fate")
"""One row for what an incident asked for and did not get; ``fate`` indexes FATES."""

CALL_FIELDS = (
    "incident",
    "caller",
    "wait",
    "point",
    "taker",
    "came_s",
    "answered_s",
    "ended_s",
    "fate",
)
"""One row for each wait of a caller at an answering point: indices, and moments.

``caller`` indexes CALLERS, ``fate`` CALL_FATES, ``point`` the centre's answering points; ``wait`` counts
the caller's own, from 1. ``ended_s`` is when the call-taker is done, or the caller hangs up.
"""

CALLERS = ("first", "duplicate", "nuisance")
"""Who reports an incident, who calls about one that is reported already, and who calls about nothing."""

CALL_FATES = ("handled", "transferred", "hung up", "waiting")
"""What became of a call; one that is not answered by the horizon waits."""

FATES = ("waiting", "turned away", "withdrawn")
"""It waits at the horizon; the queue was full; or the incident was over before."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """How the incidents with a common task ended, shapes (n,); NaN for other incidents, and the open ones.

    ``cut_off`` says of any incident that a unit was free for it at some time, and could not get there,
    ``found_level`` (1 to 4) of which level it was found to be last, at ``found_s``, 0 where it never was.
    """

    controlled_s: FloatArray
    out_s: FloatArray
    burnt_m2: FloatArray
    escaped: NDArray[np.bool_]
    cut_off: NDArray[np.bool_]
    found_level: NDArray[np.int8]
    found_s: FloatArray


@dataclass(frozen=True, eq=False)
class Log:
    """What happened, NaN for what had not by the horizon.

    ``answered_s``, ``classified_s`` and ``decided_s`` have shape (n,), one row an incident; ``missions`` has
    shape (missions, len(MISSION_FIELDS)), in order of assignment, and ``staged_s`` (missions,), when each
    unit was at its force's staging point; ``unmet`` (k, len(UNMET_FIELDS)), ``moves`` (k, len(MOVE_FIELDS)),
    ``out_of_service`` (k, len(OUT_FIELDS)); ``calls`` (c, len(CALL_FIELDS)), none where each incident is one
    call to one number. An index that does not apply is NaN.
    """

    incidents: Incidents
    answered_s: FloatArray
    classified_s: FloatArray
    decided_s: FloatArray
    outcomes: Outcomes
    unmet: FloatArray
    calls: FloatArray
    missions: FloatArray
    horizon_s: float
    moves: FloatArray = field(default_factory=lambda: np.zeros((0, len(MOVE_FIELDS))))
    staged_s: FloatArray = field(default_factory=lambda: np.zeros(0))
    out_of_service: FloatArray = field(default_factory=lambda: np.zeros((0, len(OUT_FIELDS))))

    def mission(self, field: str) -> FloatArray:
        """Return one column of ``missions``."""
        return self.missions[:, MISSION_FIELDS.index(field)]

    def call(self, field: str) -> FloatArray:
        """Return one column of ``calls``."""
        return self.calls[:, CALL_FIELDS.index(field)]
