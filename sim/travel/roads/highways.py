"""Roads as OpenStreetMap tags them: which there are, which way they lead, and what they are called.

https://wiki.openstreetmap.org/wiki/Key:highway, Key:access, Key:oneway.
"""

from collections.abc import Iterable, Mapping

_LINKED = ("motorway", "trunk", "primary", "secondary", "tertiary")

VEHICLES = (
    *_LINKED,
    *(f"{name}_link" for name in _LINKED),
    *("unclassified", "residential", "living_street", "service", "road", "track", "busway", "pedestrian"),
)
"""Classes of road that vehicles of the emergency services can use."""

ON_FOOT = ("footway", "path", "steps", "cycleway", "bridleway")
"""Classes of road that only people on foot can use."""

CLOSED_TO_VEHICLES = "footway"
"""The class of a road that motor vehicles are kept off."""

Tags = Mapping[str, str]

_YES, _BACK, _NO = ("yes", "true", "1"), ("-1", "reverse"), ("no", "false", "0")
_ALLOWED = ("yes", "designated", "permissive", "official")


def class_of(tags: Tags) -> str | None:
    """Return the class of a road, None for what is no road or closed to all.

    Emergency vehicles go through what is private, or open only to farmers, customers or deliveries. What
    is closed to all (``access=no``) is left out, and what is closed to motor vehicles counts as a
    footway, unless it says ``emergency=yes``. A closed road that people may walk is a footway too.
    """
    kind = tags.get("highway")
    if kind not in VEHICLES and kind not in ON_FOOT:
        return None
    if tags.get("emergency") in _ALLOWED:
        return kind
    if tags.get("access") == "no":
        open_to_motors = tags.get("motor_vehicle", tags.get("vehicle")) in _ALLOWED
        if not open_to_motors:
            return CLOSED_TO_VEHICLES if tags.get("foot") in _ALLOWED else None
    shut = tags.get("motor_vehicle", tags.get("vehicle")) == "no"
    return CLOSED_TO_VEHICLES if shut and kind in VEHICLES else kind


def directions(tags: Tags) -> tuple[bool, bool]:
    """Return whether one may follow a way, and go against it.

    Motorways and roundabouts are one-way unless they say otherwise. That a way on foot is one-way is
    meant for bicycles; reversible lanes count as open both ways.
    """
    said = tags.get("oneway")
    if class_of(tags) in ON_FOOT:
        return True, True
    if said in _BACK:
        return False, True
    implied = tags.get("highway") == "motorway" or tags.get("junction") in ("roundabout", "circular")
    return True, not (said in _YES or (implied and said not in _NO))


def allows_leaving(tags: Tags) -> bool:
    """Whether one may leave a road for a point beside it: not on motorways, bridges, or in tunnels."""
    raised = any(tags.get(key, "no") not in _NO for key in ("bridge", "tunnel"))
    return tags.get("highway") not in ("motorway", "motorway_link") and not raised


def label_of(names: Iterable[str | None], ways: Iterable[object]) -> str:
    """Return what a road is called: its names and numbers, and ``way/`` with its number in the map."""
    said = [part.strip() for name in names if name for part in name.split(";")]
    return ";".join(dict.fromkeys([*filter(None, said), *(f"way/{way}" for way in ways)]))
