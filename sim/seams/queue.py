"""In which turn incidents are served that wait."""

from abc import ABC, abstractmethod

from sim.seams.dispatch import Incident


class QueueDiscipline(ABC):
    """Says whose turn it is, of the incidents that wait for units of a kind."""

    @abstractmethod
    def key(self, incident: Incident) -> float | tuple[float, ...]:
        """Return a number, or a tuple of them: the least goes first, of equals who was reported first.

        It is asked for when an incident begins to wait, and again when its level has changed. It must not
        depend on what else changes meanwhile, such as what is ``lacking``; nor need it: who has waited for
        longer is who was reported earlier.
        """
