"""Where each number comes from, and how sure it is.

Any mapping in a config may carry the texts ``source``, ``confidence`` and ``note``; they hold for everything
below it, until something nearer says otherwise. A single value carries them as
``{value: 74 s, source: "...", confidence: exact}``, and how ``uncertain`` it is may be said there, too. All
of it is taken out before the strict build.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

Path = tuple[str, ...]

CONFIDENCES = ("exact", "approx", "estimated", "assumed")
"""As stated or published; read with an error; worked out from other facts; nothing but judgement."""

UNCERTAIN = "uncertain"
"""The key beside a single ``value`` that says what else it may be."""

_KEYS = {"source", "confidence", "note"}


@dataclass(frozen=True)
class Provenance:
    """What is known of a value's origin; None where nothing is said."""

    source: str | None = None
    confidence: str | None = None
    note: str | None = None


def basis(said: Provenance) -> str:
    """Return how a value is known: stated (by a plan), published, estimated or assumed; "" if unsaid."""
    if said.confidence in ("exact", "approx"):
        return "stated" if (said.source or "").startswith("plan") else "published"
    return said.confidence or ""


@dataclass(frozen=True)
class Sourced:
    """A config without its provenance (``plain``), and the provenance by path.

    ``uncertain`` is what is said, by the paths of single values, of what else they may be.
    """

    plain: dict[str, Any]
    by_path: Mapping[Path, Provenance]
    uncertain: Mapping[Path, Any]

    def of(self, path: Path) -> Provenance:
        """Return what holds for a path: each of its parts from the nearest mapping that says it.

        A confidence said nearer than a source does not borrow that source.
        """
        found = Provenance()
        for end in range(len(path), -1, -1):
            here = self.by_path.get(path[:end], Provenance())
            if found == Provenance():
                found = here
            if found.confidence and found.source:
                break
            if not found.confidence:
                found = Provenance(found.source or here.source, here.confidence, found.note or here.note)
        return found

    def leaves(self) -> dict[Path, Any]:
        """Return every value by its path, in the order of the config; a list is one value."""
        found: dict[Path, Any] = {}
        _collect(self.plain, (), found)
        return found


def split(mapping: Mapping[str, Any]) -> Sourced:
    """Take the provenance out of a composed config."""
    by_path: dict[Path, Provenance] = {}
    uncertain: dict[Path, Any] = {}
    plain = cast("dict[str, Any]", _strip(mapping, (), by_path, uncertain))
    return Sourced(plain, by_path, uncertain)


def _strip(node: Any, path: Path, by_path: dict[Path, Provenance], uncertain: dict[Path, Any]) -> Any:
    if isinstance(node, list):
        return [_strip(item, (*path, str(i)), by_path, uncertain) for i, item in enumerate(node)]
    if not isinstance(node, Mapping):
        return node
    said = {key: node[key] for key in _KEYS & node.keys() if not isinstance(node[key], Mapping | list)}
    if said:
        by_path[path] = Provenance(**{key: None if text is None else str(text) for key, text in said.items()})
    rest = {str(key): item for key, item in node.items() if key not in said}
    if rest.keys() == {"value", UNCERTAIN} and not isinstance(rest["value"], Mapping):
        uncertain[path] = rest.pop(UNCERTAIN)
    if rest.keys() == {"value"}:
        return (
            _strip(rest["value"], path, by_path, uncertain)
            if not isinstance(rest["value"], Mapping)
            else rest
        )
    return {key: _strip(item, (*path, key), by_path, uncertain) for key, item in rest.items()}


def _collect(node: Any, path: Path, found: dict[Path, Any]) -> None:
    if isinstance(node, dict):
        for key, item in node.items():
            _collect(item, (*path, key), found)
    else:
        found[path] = node
