"""Several policies as one."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sim.seams import AnyOrder, Policy, View, Ways


@dataclass(frozen=True)
class Chain(Policy):
    """Asks one policy after the other; each sees what the orders of those before it have done."""

    policies: tuple[Policy, ...]

    def begin(self, ways: Ways) -> "Chain":
        """Return the chain of its policies as they are for one replication."""
        return replace(self, policies=tuple(policy.begin(ways) for policy in self.policies))

    @property
    def hears(self) -> Collection[str]:
        """What any of them hears of."""
        return {word for policy in self.policies for word in policy.hears}

    @property
    def moves(self) -> bool:
        """Whether any of them moves units."""
        return any(policy.moves for policy in self.policies)

    def decide(self, view: View) -> Iterator[AnyOrder]:
        """Yield the orders of each in turn."""
        for policy in self.policies:
            yield from policy.decide(view)
