"""A task while units work on it together: under control, escaped, burnt out, mopped up."""

from collections.abc import Callable, Generator
from math import inf
from typing import NamedTuple

from sim.engine.clock import Bell, Clock, Story
from sim.engine.log import Recorder
from sim.model.work import Task


class Marks(NamedTuple):
    """An incident's own figures for its task; see Incidents."""

    row: int
    begun_s: float
    effort: float
    mop_up_s: float
    burn_out_s: float


class Scene:
    """What is done and by how many, and what comes next: planned anew whenever a unit joins."""

    def __init__(self, task: Task, marks: Marks, clock: Clock, recorder: Recorder) -> None:
        self.task, self._marks = task, marks
        self._clock, self._recorder = clock, recorder
        self._done = self._rate = 0.0
        self._since_s = marks.begun_s
        self.escaped = self.controlled = False
        self._plan = 0
        self._over, self._relief = Bell(), Bell()
        self._staying = False
        self.out_s = self._relief_s = inf
        self.when_escapes: Callable[[float], None] | None = None

    def begin(self, now_s: float, when_over: Callable[[], None]) -> None:
        """Start to watch the task, at the moment that its incident is known."""
        self._when_over = when_over
        self._look_ahead(now_s)

    def work(self, rate: float, from_s: float, release: str = "out") -> Generator[float | Bell, None, float]:
        """Have a unit work along from a moment until its release; returns when that was, to it.

        That is the end, or "controlled": as soon as it is and somebody is there who stays until the end.
        """
        yield from_s
        self._join(rate, from_s)
        if release == "out":
            self._staying = True
            self._relieve(from_s)
            if self.out_s > from_s:
                yield self._over
            return max(from_s, self.out_s)
        if min(self._relief_s, self.out_s) > from_s:
            yield self._relief
        return max(from_s, min(self._relief_s, self.out_s))

    def _relieve(self, now_s: float) -> None:
        """Let those go who only stay until it is under control, where others do the rest."""
        if self.controlled and self._staying and self._relief_s == inf:
            self._relief_s = now_s
            self._relief.ring(self._clock)

    def _join(self, rate: float, now_s: float) -> None:
        if not self.controlled:
            self._done += self._rate * (now_s - self._since_s)
            self._since_s = now_s
            self._rate += rate
            self._look_ahead(now_s)

    def _look_ahead(self, now_s: float) -> None:
        """Plan what happens next if no other unit joins."""
        state = (self._done + self._rate * (now_s - self._since_s), self._rate, now_s)
        mine = (self._marks.begun_s, self._marks.effort)
        control_s = escape_s = inf
        if not self.escaped:
            control_s = self.task.control_s(*state, *mine)
            escape_s = self.task.escape_s(*state, *mine)
        end_s = max(now_s, self._marks.begun_s + self._marks.burn_out_s)
        self._plan += 1
        if control_s <= min(escape_s, end_s) and control_s < inf:
            self._clock.tell(self._wait(self._plan, control_s, self._control))
        elif escape_s <= end_s and escape_s < inf:
            self._clock.tell(self._wait(self._plan, escape_s, self._escape))
        elif end_s < inf:
            self._clock.tell(self._wait(self._plan, end_s, self._burn_out))

    def _wait(self, plan: int, moment_s: float, happens: Callable[[float], None]) -> Story:
        """Wait for what was planned; it happens unless the plan has changed."""
        yield moment_s
        if plan == self._plan:
            happens(moment_s)

    def _control(self, now_s: float) -> None:
        self._under_control(now_s)
        self._clock.tell(self._mop_up(now_s + self._marks.mop_up_s))

    def _escape(self, now_s: float) -> None:
        self.escaped = True
        self._recorder.escaped[self._marks.row] = True
        self._look_ahead(now_s)
        if self.when_escapes is not None:
            self.when_escapes(now_s)

    def _burn_out(self, now_s: float) -> None:
        self._under_control(now_s)
        self._end(now_s)

    def _under_control(self, now_s: float) -> None:
        self.controlled = True
        self._relieve(now_s)
        self._recorder.controlled_s[self._marks.row] = now_s
        self._record_area(now_s)

    def _record_area(self, now_s: float) -> None:
        marks = self._marks
        age_s = min(now_s - marks.begun_s, marks.burn_out_s)
        self._recorder.burnt_m2[marks.row] = self.task.area_m2(age_s, marks.effort)

    def close(self, horizon_s: float) -> None:
        """Record what has burnt by the horizon, where it still burns."""
        if not self.controlled and self._marks.begun_s < horizon_s:
            self._record_area(horizon_s)

    def _mop_up(self, out_s: float) -> Story:
        yield out_s
        self._end(out_s)

    def _end(self, out_s: float) -> None:
        """Let all units go, and call for no more."""
        self.out_s = out_s
        self._recorder.out_s[self._marks.row] = out_s
        self._when_over()
        self._over.ring(self._clock)
        self._relief.ring(self._clock)
