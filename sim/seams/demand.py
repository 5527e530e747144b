"""Where incidents come from."""

from collections.abc import Iterable

from sim.model.incidents import Incidents
from sim.rng import Streams


class IncidentSource:
    """Gives the incidents of one replication: of its own, what those of others set off, or both."""

    def incidents(self, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the incidents that occur in [0, horizon_s), with all their random marks: by default none.

        Ask ``streams`` for randomness by purpose; the marks must depend on nothing else, so that two
        fleets or policies meet the same days.
        """
        return Incidents.none()

    def following(self, parents: Incidents, streams: Streams, *, horizon_s: float) -> Incidents:
        """Return the incidents that ``parents`` set off before the horizon: by default none.

        ``parents`` are one source's incidents, of one generation; every source is asked about them,
        and then about their children. Name each child's ``parent`` by that one's ``number``.
        """
        return Incidents.none()

    def notes(self, *, horizon_s: float) -> Iterable[str]:
        """Return, in words, what a run leaves out, or a user may not expect: by default nothing."""
        return ()
