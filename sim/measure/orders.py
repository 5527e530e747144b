"""What was changed on the way: units called off or moved, incidents raised or lowered."""

from collections.abc import Iterable, Mapping

import numpy as np

from sim.measure.columns import Table, column, words
from sim.measure.rare import mistaken
from sim.model.log import CAUSES, MISHAPS
from sim.model.units import HOUR_S

CUT_OFF = "cut off"
FAILED = tuple(CAUSES[i] for i in MISHAPS)
ORDERED = tuple(each for each in CAUSES if each not in (CUT_OFF, *FAILED))


def count_orders(incidents: Table, responses: Table, moves: Table) -> dict[str, float]:
    """Return what is counted of a replication, by what it is called, without what did not happen.

    Missions that were given up by their cause, but for those that were cut off; ``raised`` and ``lowered``
    incidents; ``mistaken`` ones, which were reported as another type, and those ``found_out``; ``moves``
    between stations, the ``move_hours`` that they took, those broken off left out, and the ``move_km`` that
    were driven on all of them.
    """
    cause = words(responses, "cause")
    found = {each: float(cause.isin((each,)).sum()) for each in CAUSES if each != CUT_OFF}
    level, later = words(incidents, "level").codes, words(incidents, "found_level").codes
    graver = (later >= 0) & (later < level)
    found |= {"raised": float(graver.sum()), "lowered": float(((later >= 0) & (later > level)).sum())}
    if (wrong := mistaken(incidents)).any():
        found_out = ~np.isnan(column(incidents, "known_s")[wrong])
        found |= {"mistaken": float(wrong.sum()), "found_out": float(found_out.sum())}
    if moves:
        took_s = column(moves, "there_s") - column(moves, "begun_s")
        found |= {"moves": float(len(took_s)), "move_hours": float(np.nansum(took_s)) / HOUR_S}
        found["move_km"] = float(np.nansum(column(moves, "length_m"))) / 1000
    return {name: n for name, n in found.items() if n}


def in_all(counts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the counts of all replications together."""
    found: dict[str, float] = {}
    for each in counts:
        for name, n in each.items():
            found[name] = found.get(name, 0.0) + n
    return found


def in_words(counts: Mapping[str, float]) -> list[str]:
    """Return the counts in words: a line for units, one for moves, one for incidents; none for nothing."""
    lines = []
    for what, causes in (("called off on their way", ORDERED), ("that failed to come", FAILED)):
        if told := [f"{counts[each]:,.0f} {each}" for each in causes if each in counts]:
            lines.append(f"units {what}: {', '.join(told)}")
    if "moves" in counts:
        hours, km = counts.get("move_hours", 0.0), counts.get("move_km", 0.0)
        lines.append(
            f"moves between stations: {counts['moves']:,.0f}, {km:,.0f} km, {hours:,.0f} h on the road"
        )
    if "mistaken" in counts:
        found_out = f"{counts.get('found_out', 0.0):,.0f} of them found out"
        lines.append(f"incidents reported as another type: {counts['mistaken']:,.0f}, {found_out}")
    changed = [f"{counts[each]:,.0f} {each}" for each in ("raised", "lowered") if each in counts]
    return lines + ([f"incidents found to be of another level: {', '.join(changed)}"] if changed else [])
