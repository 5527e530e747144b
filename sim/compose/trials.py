"""Which points of a sweep are tried before any runs, so that a wrong value is not told in mid-run."""

from collections.abc import Iterable, Iterator, Sequence

from sim.compose.point import Point
from sim.compose.settings import Setting
from sim.model.units import parts_of


def trials_of(points: Sequence[Point]) -> Iterator[Point]:
    """Yield the first points which have, between them, all that is telling.

    Telling is every combination of what is not a plain value, and every plain value, but that of numbers
    of one key in one unit the least and the greatest stand for those between.
    """
    telling = _telling({setting for point in points for setting in point.settings})
    seen: set[object] = set()
    for point in points:
        told = {s.text for s in point.settings if s.plain and s.text in telling}
        new = {tuple(s.text for s in point.settings if not s.plain), *told} - seen
        if new:
            seen |= new
            yield point


def _telling(settings: Iterable[Setting]) -> set[str]:
    """Return the texts of plain values: of numbers in one unit, the least and the greatest."""
    found: dict[tuple[str, str], dict[float, str]] = {}
    others = set()
    for setting in settings:
        value = setting.value
        if not setting.plain or isinstance(value, bool) or not isinstance(value, int | float | str):
            others.add(setting.text)
        elif size := parts_of(value) if isinstance(value, str) else (float(value), type(value).__name__):
            found.setdefault((setting.key, size[1]), {})[size[0]] = setting.text
        else:
            others.add(setting.text)
    return others.union(*({sizes[min(sizes)], sizes[max(sizes)]} for sizes in found.values()))
