"""A point of a sweep."""

from dataclasses import dataclass, field
from functools import cached_property

from sim.compose.settings import Label, Setting


@dataclass(frozen=True)
class Point:
    """One study of a sweep: the settings that make it, and which of their keys are swept."""

    settings: tuple[Setting, ...] = field(repr=False)
    swept: frozenset[str]

    @cached_property
    def labels(self) -> dict[str, Label]:
        """The value of each swept key, as text where it is a list or a mapping."""
        return {s.name: s.label for s in self.settings if s.key in self.swept}

    @property
    def overrides(self) -> tuple[str, ...]:
        """All its overrides, such that ``prepare`` makes its study of them."""
        return tuple(setting.text for setting in self.settings)
