"""The data dictionary: what a row of each table is, and what its columns mean.

A unit is the end of a name: ``_s`` seconds since the start of the run, ``_m`` metres, ``_m2`` square metres.
What had not happened by the horizon, or does not apply, is empty (NaN).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Described:
    """What a row of a table is, when there are any, and what its columns mean."""

    row: str
    columns: Mapping[str, str]
    when: str = "always"


_INCIDENT = "the incident, as its row in the table of incidents, from 0 in each replication"
_UNIT = "the unit, by its name in the fleet"

DICTIONARY: Mapping[str, Described] = {
    "incidents": Described(
        "an incident, also one that is reported after the horizon",
        {
            "replication": "which replication, from 0",
            "incident": "its number in the replication, from 0, in the order of reports",
            "type": "its type, by the name in the config",
            "level": "how grave it is by the report: IV (ordinary) to I",
            "priority": "how urgent it is by the report, 1 first",
            "zone": "the zone it lies in",
            "zone_kind": "built_up, rural, forest or water",
            "town": "the town of the zone",
            "x_m": "where it is, eastwards from the place's origin",
            "y_m": "where it is, northwards from the place's origin",
            "occurred_s": "when it happened",
            "detected_s": "when somebody noticed",
            "reported_s": "when the first call about it came",
            "answered_s": "when that was answered",
            "classified_s": "when it was known what it is",
            "decided_s": "when units were to be sent",
            "assigned_s": "when the first unit was ordered",
            "notified_s": "when the first unit was told",
            "enroute_s": "when the first unit left",
            "arrived_s": "when the first unit was on scene",
            "assembled_s": "when all that the card asks for was on scene",
            "controlled_s": "when its common task was under control; without one, when the last unit left",
            "out_s": "when its common task was over; without one, when the last unit left",
            "cleared_s": "when the last unit was done with it",
            "units_needed": "units that it took, or would have taken",
            "units_sent": "units that were sent and did not give up on their way",
            "units_waiting": "units that it still waited for at the horizon",
            "units_turned_away": "units that it asked for in vain, the queue being full",
            "magnitude": "the size of an earthquake",
            "burnt_m2": "land that a fire burnt",
            "escaped": "whether a fire outgrew those who fought it",
            "cut_off": "whether a free unit could not get there for a time, roads being closed",
            "found_level": "how grave it was found to be last",
            "found_s": "when it was found to be so, the last time",
            "source": "the source of demand that it came from",
            "number": "its number in that source",
            "parent": "the incident that set it off",
            "duplicates": "further callers about it",
            "transfers": "how often calls about it were passed on to another centre",
            "hang_ups": "how often callers about it hung up",
            "reported_type": "the type that it was taken for by the report (only where types are mistaken)",
            "known_s": "when it was found out that it is of another type than was reported (likewise)",
            "casualties": "how many people it hurts (only where levels go by that)",
            "id": "what a record calls it (only with a record)",
        },
    ),
    "responses": Described(
        "a unit that was sent to an incident",
        {
            "replication": "which replication, from 0",
            "incident": _INCIDENT,
            "slot": "for which line of the response card, from 0",
            "unit": _UNIT,
            "kind": "its kind",
            "base": "the site that its base is",
            "hospital": "where it took a patient",
            "from_base": "whether it was at its base when it was ordered",
            "cause": "why it gave up on its way: cut off, pre-empted, relieved, not needed, did not come, "
            "broken down; empty where it did not",
            "expected_s": "the travel time that was expected of it (a duration)",
            "nearest_s": "that expected from the nearest base of its kind (a duration)",
            "assigned_s": "when it was ordered",
            "notified_s": "when it was told",
            "enroute_s": "when it left",
            "arrived_s": "when it was on scene",
            "at_work_s": "when its work began",
            "left_scene_s": "when it left the scene",
            "at_destination_s": "when it was at the hospital",
            "transferred_s": "when the patient was handed over",
            "cleared_s": "when it was done",
            "in_quarters_s": "when it was back at its base; empty where it was sent out again before",
            "force": "the force it belongs to (only with forces)",
            "staged_s": "when it was at its force's staging point (only with such points)",
        },
    ),
    "unmet": Described(
        "something that an incident asked for and did not get",
        {
            "replication": "which replication, from 0",
            "incident": _INCIDENT,
            "resource": "what was asked for: a capability, or equipment",
            "measure": "what it is counted in: units, crew (people) or equipment",
            "amount": "how much of it was lacking",
            "fate": "waiting (at the horizon), turned away (the queue was full) or withdrawn (over before)",
        },
    ),
    "calls": Described(
        "a wait of a caller at an answering point",
        {
            "replication": "which replication, from 0",
            "incident": "the incident that it is about; empty for a nuisance",
            "caller": "first (reports it), duplicate (reported already) or nuisance (about nothing)",
            "wait": "which of the caller's waits this is, from 1",
            "centre": "the answering point",
            "taker": "the call-taker there, from 0",
            "came_s": "when the call came there",
            "answered_s": "when it was answered",
            "ended_s": "when the call-taker was done, or the caller hung up",
            "fate": "handled, transferred, hung up or waiting (at the horizon)",
        },
        "with callers who dial a wrong number, hang up, or call again",
    ),
    "moves": Described(
        "a time that a unit was sent to stand by at another site",
        {
            "replication": "which replication, from 0",
            "unit": _UNIT,
            "from_site": "where its base was",
            "to_site": "where it was sent",
            "ordered_s": "when it was ordered",
            "begun_s": "when it set out",
            "length_m": "how far it drove",
            "there_s": "when it was there; empty where it was sent on before",
        },
        "with a policy that moves units",
    ),
    "shifts": Described(
        "an end of a unit's shift",
        {
            "replication": "which replication, from 0",
            "unit": _UNIT,
            "shift": "the shift",
            "begins_s": "when it began",
            "ends_s": "when it was to end",
            "relieved_s": "when the crew was back from what it was at, or had handed over",
        },
        "with units that keep hours",
    ),
    "out_of_service": Described(
        "a time that a unit could not be sent",
        {
            "replication": "which replication, from 0",
            "unit": _UNIT,
            "reason": "off duty, change of shift, understaffed, resting, servicing, did not come or "
            "broken down",
            "from_s": "from when on",
            "until_s": "until when; empty where it still was at the horizon",
        },
        "with shifts, servicing, absence or breakdowns",
    ),
}
"""Tables in the order in which they are told."""
