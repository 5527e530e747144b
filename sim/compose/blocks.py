"""What a sweep is a product of: blocks of rows, a row being the settings that go together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sim.compose.settings import Setting


@dataclass(frozen=True)
class Block:
    """Rows of settings, of which each point has one; of a fixed override there is one row."""

    rows: tuple[tuple[Setting, ...], ...]
    swept: bool = True

    @property
    def keys(self) -> set[str]:
        """The keys that its settings set, signs included."""
        return {setting.key for row in self.rows for setting in row}

    def without(self, keys: Collection[str]) -> "Block":
        """Return the block without the settings of some keys."""
        return replace(self, rows=tuple(tuple(s for s in row if s.key not in keys) for row in self.rows))


def latest(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without what later ones say of the same key; the last to speak has its way."""
    said: set[str] = set()
    swept: set[str] = set()
    kept = []
    for block in reversed(blocks):
        left = block.without(said if block.swept else swept)
        said |= block.keys
        swept |= block.keys if block.swept else set()
        kept += [left] if left.keys else []
    return kept[::-1]
