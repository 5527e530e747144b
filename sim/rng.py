"""Randomness asked for by purpose.

A stream is named by words, so that its numbers do not depend on what else was drawn, in which
order, or by which process. Two fleets, or two policies, meet the same days.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np


def _word(purpose: str) -> int:
    """Return a whole number below 2**64 that stands for a word on every machine."""
    return int.from_bytes(blake2b(purpose.encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Streams:
    """The random streams of one replication.

    >>> streams = Streams(seed=1, replication=0)
    >>> bool(streams("fire", "arrivals").random() == streams("fire", "arrivals").random())
    True
    """

    seed: int
    replication: int
    above: tuple[str, ...] = ()

    def below(self, *words: str) -> "Streams":
        """Return the streams whose names begin with these words."""
        return Streams(self.seed, self.replication, (*self.above, *words))

    @property
    def root(self) -> "Streams":
        """The streams of the replication, whose names begin with no words."""
        return Streams(self.seed, self.replication)

    def __call__(self, *purpose: str) -> np.random.Generator:
        """Return the stream for these words, always from its beginning."""
        key = (self.replication, *map(_word, (*self.above, *purpose)))
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))
