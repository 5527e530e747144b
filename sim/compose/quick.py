"""Many points composed quickly: Hydra composes what they share, and plain values are put into copies of it.

What cannot be done faithfully so is left to Hydra, point by point: what adds, deletes or merges, mappings,
what ``${...}`` refers to, the settings of tables, and names of files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path as FilePath
from typing import Any

from sim.compose.composed import Composed, composed_of
from sim.compose.overrides import stamp
from sim.compose.settings import Setting
from sim.config import Problem, split
from sim.config.build import makers_of
from sim.config.fingerprint import digest, dumps, text_of
from sim.config.provenance import Path
from sim.config.tables import expand
from sim.config.tables.named import section_at


class Composer:
    """Composes the settings of points; remembers what Hydra made, so that it is asked once for each base."""

    def __init__(self, config_dir: str | FilePath | None) -> None:
        self._config_dir = config_dir
        self._bases: dict[tuple[str, ...], Base] = {}
        self._crossing: dict[tuple[Path, ...], frozenset[Path]] = {}

    def compose(self, settings: Sequence[Setting]) -> tuple[Composed, list[Problem]]:
        """Return what ``composed_of`` makes of the settings' texts, and what is wrong with them.

        Raises ConfigError when nothing can be composed.
        """
        base, plain = self._split(settings)
        told = (*base.composed.overrides, *(setting.text for setting in plain))
        return replace(base.composed, written=base.put(plain), overrides=told), list(base.problems)

    def fingerprint(self, settings: Sequence[Setting]) -> str:
        """Return the fingerprint of the study that the settings make.

        They must be right; raises ConfigError when nothing can be composed, or a plug-in is not.
        """
        base, plain = self._split(settings)
        return base.fingerprint(plain)

    def _split(self, settings: Sequence[Setting]) -> tuple["Base", list[Setting]]:
        """Return the base of some settings, and those of them to put into it."""
        crossing = self._crossing_of(settings)
        odd = {s for s in settings if not s.plain or s.path in crossing}
        while True:
            base = self._base(tuple(s.text for s in settings if s in odd))
            refused = [s for s in settings if s not in odd and not base.takes(s)]
            if not refused:
                return base, [s for s in settings if s not in odd]
            odd.update(refused)

    def _base(self, told: tuple[str, ...]) -> "Base":
        if told not in self._bases:
            self._bases[told] = Base(*composed_of(told, self._config_dir))
        return self._bases[told]

    def _crossing_of(self, settings: Sequence[Setting]) -> frozenset[Path]:
        """Return the paths that lie above or below another's, so that their order counts."""
        paths = tuple(s.path for s in settings if not s.chooses)
        if paths not in self._crossing:
            pairs = [pair for pair in combinations(paths, 2) if cross(*pair)]
            self._crossing[paths] = frozenset(path for pair in pairs for path in pair)
        return self._crossing[paths]


def cross(one: Path, other: Path) -> bool:
    """Whether one path is the other's, or above it."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


@dataclass(frozen=True)
class Base:
    """What Hydra composed, and what is known of putting values into it."""

    composed: Composed
    problems: Sequence[Problem]
    _taken: dict[Setting, bool] = field(default_factory=dict)
    _templates: dict[tuple[Path, ...], "Template | None"] = field(default_factory=dict)
    _makers: list[str] = field(default_factory=list)

    def takes(self, setting: Setting) -> bool:
        """Whether a plain value can be put as Hydra would."""
        if setting not in self._taken:
            self._taken[setting] = self._would_take(setting)
        return self._taken[setting]

    def put(self, settings: Sequence[Setting]) -> dict[str, Any]:
        """Return a copy of the mapping with values set and stamped, sharing what they leave as it is."""
        mapping = self.composed.written
        for setting in settings:
            mapping = put(mapping, setting.path, setting.value, setting.text)
        return mapping

    def fingerprint(self, settings: Sequence[Setting]) -> str:
        """Return the fingerprint of the study that the mapping with the settings makes."""
        if not self._makers:
            self._makers.append(makers_of(self.put(settings), self.composed.folders))
        paths = tuple(setting.path for setting in settings)
        if paths not in self._templates:
            self._templates[paths] = self._template(settings)
        template = self._templates[paths]
        if template is None:
            text = text_of(split(expand(self.put(settings), self.composed.folders).mapping).plain)
        else:
            text = template.filled([setting.value for setting in settings])
        return digest(text, self._makers[0])

    def _would_take(self, setting: Setting) -> bool:
        node: Any = self.composed.written
        *above, last = setting.path
        for part in above:
            node = node.get(part) if isinstance(node, dict) else None
        if not isinstance(node, dict) or last not in node:
            return False
        found = node[last]
        if isinstance(found, dict) and ("value" not in found or isinstance(setting.value, list)):
            return False
        if any(cross(setting.path, path) for path in self.composed.tied) or self._in_table(setting.path):
            return False
        old = found["value"] if isinstance(found, dict) else found
        return not (self._is_file(old, setting.path) or self._is_file(setting.value, setting.path))

    def _in_table(self, path: Path) -> bool:
        """Whether a path lies in a section that names a file."""
        return any(section_at(self.composed.written, path[:end]) for end in range(1, len(path)))

    def _is_file(self, value: Any, path: Path) -> bool:
        """Whether a value names a file, or a list one."""
        if isinstance(value, list):
            return any(self._is_file(each, path) for each in value)
        places = [place for folder in self.composed.folders for place in (folder, folder / path[0])]
        return isinstance(value, str) and any((place / value).is_file() for place in places)

    def _template(self, settings: Sequence[Setting]) -> "Template | None":
        """Return the text of the config with holes for values; None where these are not told as they are."""
        marks = [f"<hole {i} of {len(settings)}>" for i in range(len(settings))]
        holes = [replace(s, value=mark, text="") for s, mark in zip(settings, marks, strict=True)]
        plain = split(expand(self.put(holes), self.composed.folders).mapping).plain
        return template_of(text_of(plain), marks)


@dataclass(frozen=True)
class Template:
    """A text with holes: pieces of it, and which value comes after each piece but the last."""

    pieces: tuple[str, ...]
    order: tuple[int, ...]

    def filled(self, values: Sequence[Any]) -> str:
        """Return the text with values in its holes."""
        parts = [self.pieces[0]]
        for i, piece in zip(self.order, self.pieces[1:], strict=True):
            parts += [dumps(values[i]), piece]
        return "".join(parts)


def template_of(text: str, marks: Sequence[str]) -> Template | None:
    """Return a text with holes where the marks are; None when a mark is there more than once."""
    quoted = [dumps(mark) for mark in marks]
    if any(text.count(mark) > 1 for mark in quoted):
        return None
    found = sorted((text.index(mark), i) for i, mark in enumerate(quoted) if mark in text)
    pieces, end = [], 0
    for start, i in found:
        pieces.append(text[end:start])
        end = start + len(quoted[i])
    return Template((*pieces, text[end:]), tuple(i for _, i in found))


def put(mapping: dict[str, Any], path: Path, value: Any, override: str) -> dict[str, Any]:
    """Return a copy of a mapping with a value at a path that is there, stamped as the override's."""
    copied = node = dict(mapping)
    for part in path[:-1]:
        below = dict(node[part])
        node[part] = below
        node = below
    node[path[-1]] = value
    stamp(copied, path, value, override)
    return copied
