"""What can only be seen to be wrong once a policy is there, beside the fleet and the incident types."""

from collections.abc import Mapping, Sequence

from sim.config.checks import SECTIONS
from sim.config.plugins import PlugIn
from sim.config.problems import Problem
from sim.dispatch.sending import Sending
from sim.measure.cards import too_large
from sim.model.resources import Ask, Fleet
from sim.model.types import LEVELS, IncidentType
from sim.seams import HEARD, Policy

WHOLE = "with dispatch.whole nobody goes before all can"


def unheard(policies: Mapping[str, Policy]) -> list[Problem]:
    """Return what policies want to hear of and never will."""
    return [
        Problem((section,), f"a policy that hears of {word!r}", f"one that hears of {' or '.join(HEARD)}")
        for section, policy in policies.items()
        for word in policy.hears
        if word not in HEARD
    ]


def never_filled(dispatch: PlugIn | None, types: Sequence[IncidentType], fleet: Fleet) -> list[Problem]:
    """Return what cards ask for beyond all that can come, where units go all at once or not at all.

    What no unit brings at all is told elsewhere; see checks.
    """
    if dispatch is None or not (issubclass(dispatch.cls, Sending) and dispatch.options["whole"]):
        return []
    found = []
    for each in too_large(types, fleet):
        name, measure = fleet.resources[each.resource]
        if fleet.slots([Ask(each.resource, each.now + each.later)], LEVELS.index(each.level) + 1):
            path = ("incident", each.type, "levels", each.level, *(() if each.now else ("later",)))
            asked = [f"{each.now:g}"] * bool(each.now) + [f"{each.later:g} later"] * bool(each.later)
            expected = f"at most {each.most:g}, all that can come to level {each.level}; {WHOLE}"
            found.append(Problem((*path, SECTIONS[measure], name), " and ".join(asked), expected))
    return found
