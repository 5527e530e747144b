"""The names that a config declares, so that others may be checked against them."""

from collections.abc import Mapping, Set
from typing import Any

from sim.config.provenance import Path
from sim.model.targets import CLOCKS


def declared(plain: Mapping[str, Any], torn: Set[Path]) -> dict[str, set[str]]:
    """Return the names in a config by what they name, as far as it is well formed.

    What is named in ``torn`` sections, of which rows are missing, is left out: any name may be known.
    """
    kinds, sites = _mappings(plain, "fleet", "kinds"), _mappings(plain, "place", "sites")
    scattered = _mappings(plain, "place", "scattered")
    capabilities = {word for kind in kinds.values() for word in _words(kind, "capabilities")}
    site_kinds = {str(spot.get("kind")) for spot in [*sites.values(), *scattered.values()]}
    names = {
        "unit kind": _keys(plain, "fleet", "kinds"),
        "unit kind or capability": _keys(plain, "fleet", "kinds") | capabilities,
        "equipment of a unit kind": {word for kind in kinds.values() for word in _words(kind, "equipment")},
        "site": _keys(plain, "place", "sites"),
        "site or kind of site": _keys(plain, "place", "sites") | site_kinds,
        "town": _keys(plain, "place", "towns") | _keys(plain, "place", "zones"),
        "kind of weather": _keys(plain, "weather", "kinds"),
        "incident type": _keys(plain, "incident"),
        "target": _keys(plain, "targets"),
        "clock": set(CLOCKS),
    }
    unknown = {"kind of weather"} if not names["kind of weather"] else set()
    if ("place", "sites") in torn:
        unknown |= {"site", "site or kind of site"}
    if {("place", "towns"), ("place", "zones")} & torn:
        unknown |= {"town"}
    return {what: known for what, known in names.items() if what not in unknown}


def _node(plain: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    node: Any = plain
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else {}


def _keys(plain: Mapping[str, Any], *path: str) -> set[str]:
    return set(map(str, _node(plain, path)))


def _mappings(plain: Mapping[str, Any], *path: str) -> dict[str, Mapping[str, Any]]:
    """Return the mappings under the keys of a path."""
    return {key: each for key, each in _node(plain, path).items() if isinstance(each, Mapping)}


def _words(each: Mapping[str, Any], key: str) -> set[str]:
    found = each.get(key)
    return set(map(str, found)) if isinstance(found, list | Mapping) else set()
