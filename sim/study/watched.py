"""A policy that is watched while it decides: whether it changes what it is shown."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from sim.engine.run import PolicyError
from sim.seams import AnyOrder, Incident, Need, Policy, View, Ways

SHOWN = ("now_s", "needs", "freed", "sent", "by_amount")
"""What a view shows, and no order changes."""


class MeddlingError(PolicyError):
    """A policy changes what it is shown."""


@dataclass(frozen=True)
class Watched(Policy):
    """Decides as another policy does; raises MeddlingError where that changes what it is shown."""

    of: Policy

    def begin(self, ways: Ways) -> "Watched":
        """Return the policy for one replication, watched."""
        return replace(self, of=self.of.begin(ways))

    @property
    def hears(self) -> Collection[str]:
        """What the other hears of."""
        return self.of.hears

    @property
    def moves(self) -> bool:
        """Whether the other moves units."""
        return self.of.moves

    def decide(self, view: View) -> Iterator[AnyOrder]:
        """Yield the orders of the other, and look after each what has become of what it was shown."""
        shown = _Shown(view)
        orders = iter(self.of.decide(view))
        while True:
            shown.remember()
            order = next(orders, None)
            if changed := shown.changed():
                raise MeddlingError(f"it changes {', '.join(changed)}")
            if order is None:
                return
            yield order


@dataclass
class _Shown:
    """What a policy is shown; the ``incidents`` are those that it has been asked about."""

    view: View
    before: dict[str, object] = field(default_factory=dict)
    incidents: dict[int, tuple[Incident, dict[int, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.view.needs = self._noted(self.view.needs)

    def _noted(self, needs: Iterable[Need]) -> Iterator[Need]:
        for need in needs:
            incident = need.incident
            self.incidents[incident.row] = incident, dict(incident.lacking)
            yield need

    def remember(self) -> None:
        """Remember what there is now."""
        self.before = {name: getattr(self.view, name) for name in SHOWN}
        for row, (incident, _) in self.incidents.items():
            self.incidents[row] = incident, dict(incident.lacking)

    def changed(self) -> list[str]:
        """Return what is not as it was when it was remembered, or first shown."""
        attributes = [name for name in SHOWN if getattr(self.view, name) is not self.before[name]]
        lacking = [incident for incident, was in self.incidents.values() if dict(incident.lacking) != was]
        return [f"view.{name}" for name in attributes] + [f"what {each} lacks" for each in lacking]
