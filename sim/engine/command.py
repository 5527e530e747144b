"""The officer in command of an incident: sizes it up, and has the centre send what else it takes."""

from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

from sim.engine.clock import FINDINGS, Clock, Story
from sim.engine.log import Recorder
from sim.model.resources import Modes
from sim.model.types import IncidentType, Level

if TYPE_CHECKING:
    from sim.engine.case import Case
    from sim.engine.dispatcher import Dispatcher


class Command:
    """What is asked for now, and at which level; ``level`` and ``found`` index the levels of its kind.

    It is taken for the type that it is ``told`` as, which may be another than its own ``kind``. The first
    unit sizes it up: it is of its kind, and of the level that is then ``found``, and what that sends later
    follows. It is raised when its card has not assembled in time, and when its task escapes, as its level
    says that it is of at the moment; the time counts from when it was taken to be of it. As long as it is
    taken for another type, nobody sees that its task escapes: that is found at the size-up.
    ``priority`` is that of its report until the level changes, and then that of the level.
    """

    def __init__(
        self,
        types: Sequence[IncidentType],
        kind: int,
        told: int,
        row: int,
        level: int,
        found: int,
        priority: int,
        size_up_s: float,
        clock: Clock,
        recorder: Recorder,
    ) -> None:
        self._types, self._own, self.type = types, kind, told
        self._row, self._found, self._size_up_s = row, found, size_up_s
        self._clock, self._recorder = clock, recorder
        self.priority = priority
        self._level = level if told == kind else types[told].counterpart(level)
        self._begun, self._sized_up, self._raised, self._escape_seen = False, False, False, False
        self.asked: dict[int, float] = dict(self._meaning.card)

    @property
    def level(self) -> int:
        """The level that it is taken to be of now, 1 to 4."""
        return self._level + 1

    @property
    def haste(self) -> int:
        """By which of their Modes units travel that are sent now."""
        return Modes._fields.index(self._meaning.urgency)

    @property
    def _meaning(self) -> Level:
        """What that means for the type that it is taken for."""
        return self._types[self.type].levels[self._level]

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
        self._change(case, self._own, self._judged(case), known_s)

    def _judged(self, case: "Case") -> int:
        """Return the level that it is found to be of: not lighter than it was raised to as what it is.

        Nor than one of the level found whose task has escaped, unless that has raised it already.
        """
        known = self.type == self._own
        level = min(self._found, self._level) if known and self._raised else self._found
        graver = self._types[self._own].levels[level].becomes.escapes
        unseen = case.scene is not None and case.scene.escaped and not self._escape_seen
        return min(level, graver) if unseen and graver is not None else level

    def _watch(self, case: "Case", now_s: float) -> None:
        late = self._meaning.becomes.late
        if late is not None:
            story = self._late(case, (self.type, self._level), now_s + late.after_s, late.level)
            self._clock.tell(story, FINDINGS + self._row)

    def _late(self, case: "Case", of: tuple[int, int], at_s: float, graver: int) -> Story:
        """Raise an incident that is of a type and level still, and whose card has not assembled by then."""
        yield at_s
        if (self.type, self._level) == of and not self._dispatcher.assembled(case, at_s):
            self._raise(case, graver, at_s)

    def _escaped(self, case: "Case", now_s: float) -> None:
        level = self._meaning.becomes.escapes
        if level is not None and self.type == self._own:
            self._escape_seen = True
            self._raise(case, level, now_s)

    def _raise(self, case: "Case", level: int, now_s: float) -> None:
        if level < self._level:
            self._raised = True
            self._change(case, self.type, level, now_s)

    def _change(self, case: "Case", kind: int, level: int, now_s: float) -> None:
        """Ask for what a level of a type takes beyond what was asked for, and do without the rest."""
        if case.scene is not None and case.scene.out_s < inf:
            return
        before = self.priority
        if (kind, level) != (self.type, self._level):
            if kind == self._own:
                self._recorder.found_level[self._row] = level + 1
                self._recorder.found_s[self._row] = now_s
            self.type, self._level = kind, level
            self.priority = self._meaning.priority
            self._dispatcher.level_changed(case, now_s)
            self._watch(case, now_s)
        wanted = self._meaning.whole if self._sized_up else dict(self._meaning.card)
        less = any(amount - wanted.get(r, 0.0) > 1e-9 for r, amount in self.asked.items())
        self.asked = wanted
        if less:
            self._dispatcher.call_back(case, now_s)
        self._dispatcher.ask_anew(case, now_s)
        if self.priority > before:
            self._dispatcher.serve_all()
