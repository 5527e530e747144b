"""Calls: answered in turn by the call-takers, classified, and handed to the dispatcher."""

from collections.abc import Iterable
from heapq import heapreplace

from sim.engine.case import Case
from sim.engine.clock import Clock, Story
from sim.engine.dispatcher import Dispatcher
from sim.engine.log import Recorder
from sim.model.resources import CommandCentre


class Desk:
    """The call-takers. Calls are answered in order of report, each by the first who is free."""

    def __init__(self, centre: CommandCentre) -> None:
        self._pick_up_s = centre.pick_up_s
        self._free_s = [0.0] * (centre.call_takers or 0)

    def take(self, case: Case) -> tuple[float, float]:
        """Return when the call is answered and when it is classified, in seconds."""
        begun = case.reported_s
        if self._free_s and self._free_s[0] > begun:
            begun = self._free_s[0]
        answered = begun + self._pick_up_s
        classified = answered + case.handling_s
        if self._free_s:
            heapreplace(self._free_s, classified)
        return answered, classified


def calls(
    clock: Clock, incoming: Iterable[Case], desk: Desk, recorder: Recorder, dispatcher: Dispatcher
) -> Story:
    """Every call as it is reported, first to last."""
    for case in incoming:
        yield case.reported_s
        answered_s, classified_s = desk.take(case)
        recorder.call(case.row, answered_s, classified_s)
        if classified_s == case.reported_s:
            dispatcher.open(case, classified_s)
        else:
            clock.tell(_classify(case, classified_s, dispatcher))


def _classify(case: Case, classified_s: float, dispatcher: Dispatcher) -> Story:
    """A call is being handled; then the incident is opened."""
    yield classified_s
    dispatcher.open(case, classified_s)
