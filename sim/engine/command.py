"""The officer in command of an incident: sizes it up, and has the centre send what else it takes."""

from math import inf
from typing import TYPE_CHECKING

from sim.engine.clock import FINDINGS, Clock, Story
from sim.engine.log import Recorder
from sim.model.types import IncidentType

if TYPE_CHECKING:
    from sim.engine.case import Case
    from sim.engine.dispatcher import Dispatcher


class Command:
    """What is asked for now, and at which level; ``level`` and ``found`` index the levels of the type.

    The first unit sizes the incident up: it is of the level that is then ``found``, and what that level
    sends later follows. It is raised when its card has not assembled in time, and when its task escapes,
    as its level says that it is of at the moment; the time counts from when it was taken to be of it.
    ``priority`` is that of its report until the level changes, and then that of the level.
    """

    def __init__(
        self,
        kind: IncidentType,
        row: int,
        level: int,
        found: int,
        priority: int,
        size_up_s: float,
        clock: Clock,
        recorder: Recorder,
    ) -> None:
        self._kind, self._row, self._found, self._size_up_s = kind, row, found, size_up_s
        self._clock, self._recorder = clock, recorder
        self.priority = priority
        self._level, self._begun, self._sized_up, self._raised = level, False, False, False
        self.asked: dict[int, float] = dict(kind.levels[level].card)

    @property
    def level(self) -> int:
        """The level that it is taken to be of now, 1 to 4."""
        return self._level + 1

    def begin(self, case: "Case", now_s: float, dispatcher: "Dispatcher") -> None:
        """Watch for what has not come in time, from the moment that units are sent."""
        self._dispatcher = dispatcher
        self._watch(case, now_s)
        if case.scene is not None:
            case.scene.when_escapes = lambda moment_s: self._escaped(case, moment_s)

    def arrived(self, case: "Case", now_s: float) -> None:
        """Have the first unit size the incident up."""
        if not self._begun:
            self._begun = True
            self._clock.tell(self._size_up(case, now_s), FINDINGS + self._row)

    def _size_up(self, case: "Case", now_s: float) -> Story:
        known_s = now_s + self._size_up_s
        yield known_s
        self._sized_up = True
        self._change(case, min(self._found, self._level) if self._raised else self._found, known_s)

    def _watch(self, case: "Case", now_s: float) -> None:
        late = self._kind.levels[self._level].becomes.late
        if late is not None:
            story = self._late(case, self._level, now_s + late.after_s, late.level)
            self._clock.tell(story, FINDINGS + self._row)

    def _late(self, case: "Case", level: int, at_s: float, graver: int) -> Story:
        """Raise an incident that is of a level still, and whose card has not assembled by then."""
        yield at_s
        if self._level == level and not self._dispatcher.assembled(case, at_s):
            self._raise(case, graver, at_s)

    def _escaped(self, case: "Case", now_s: float) -> None:
        level = self._kind.levels[self._level].becomes.escapes
        if level is not None:
            self._raise(case, level, now_s)

    def _raise(self, case: "Case", level: int, now_s: float) -> None:
        if level < self._level:
            self._raised = True
            self._change(case, level, now_s)

    def _change(self, case: "Case", level: int, now_s: float) -> None:
        """Ask for what the level takes beyond what was asked for, and do without the rest."""
        if case.scene is not None and case.scene.out_s < inf:
            return
        before = self.priority
        if level != self._level:
            self._recorder.found_level[self._row] = level + 1
            self._recorder.found_s[self._row] = now_s
            self._level, self.priority = level, self._kind.levels[level].priority
            self._dispatcher.level_changed(case, now_s)
            self._watch(case, now_s)
        wanted = self._kind.levels[level].whole if self._sized_up else dict(self._kind.levels[level].card)
        less = any(amount - wanted.get(r, 0.0) > 1e-9 for r, amount in self.asked.items())
        self.asked = wanted
        self._dispatcher.ask_anew(case, now_s)
        if less:
            self._dispatcher.call_back(case)
        if self.priority > before:
            self._dispatcher.serve_all()
