"""The kit for policies: what ships keeps its promises, and what breaks them is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import plugins
import pytest
from worlds import call, stations, world

import sim
from sim.dispatch.chain import Chain
from sim.dispatch.closest import Closest
from sim.dispatch.compliance import Compliance
from sim.dispatch.dmexclp import Dmexclp
from sim.dispatch.least_busy import LeastBusy
from sim.dispatch.preference import Preference
from sim.seams import AnyOrder, Move, Order, Policy, View


@pytest.fixture(scope="module")
def busy() -> sim.Scenario:
    mapping = world(
        horizon="300 h",
        place__zones={"z": {"x": "1500 m", "y": "0 m", "people": 1, "side": "6 km"}},
        place__sites=stations({"s": (0, 0), "t": (3000, 0)}),
        fleet__units={"s": {"unit": 2}, "t": {"unit": 1}},
        fleet__available="clearing",
        incident__call=call("2 per hour"),
        travel__speeds={"unit": {"built_up": {"day": "10 m/s", "night": "10 m/s"}}},
    )
    return sim.build(mapping).scenario


@pytest.mark.parametrize(
    ("cls", "options"),
    [
        (Closest, {}),
        (Closest, {"whole": True, "relieve_by": 60.0}),
        (LeastBusy, {"within": 60.0}),
        (Preference, {"zones": {"z": ["t", "s"]}}),
        (Dmexclp, {"kinds": ["unit"], "within": 200.0, "busy": 0.5}),
        (Compliance, {"kinds": ["unit"], "priority": ["t", "s"]}),
    ],
)
def test_what_ships_keeps_its_promises(cls: Any, options: dict[str, Any], busy: sim.Scenario) -> None:
    filled = {name: getattr(busy, name) for name in ("place", "fleet") if name in cls.__dataclass_fields__}
    policy = cls(**filled, **options)
    if policy.moves:
        with pytest.raises(sim.ConformanceError, match="nobody is ever sent"):
            sim.check_policy(policy, busy)
        policy = Chain((Closest(), policy))
    sim.check_policy(policy, busy)


@dataclass(frozen=True)
class Deaf(Policy):
    @property
    def hears(self) -> tuple[str, ...]:
        return ("rumours",)

    def decide(self, view: View) -> Iterable[AnyOrder]:
        return ()


@dataclass(frozen=True)
class Forgetful(Policy):
    """Counts over replications."""

    seen: list[int]

    def decide(self, view: View) -> Iterator[Order]:
        for need in view.needs:
            self.seen.append(1)
            if len(self.seen) % 7:
                for unit, _ in view.candidates(need):
                    yield Order(unit, need.incident)
                    break


@dataclass(frozen=True)
class Raising(Policy):
    def decide(self, view: View) -> Iterable[AnyOrder]:
        raise KeyError("zone 7")


@dataclass(frozen=True)
class Nowhere(Closest):
    """Moves units to where none has a base."""

    def decide(self, view: View) -> Iterator[AnyOrder]:
        for unit, _ in view.standing_by(0):
            yield Move(unit, 99)


@dataclass(frozen=True)
class Crossing(Policy):
    """Crosses what it has seen to off the list of what an incident lacks."""

    def decide(self, view: View) -> Iterator[Order]:
        for need in view.needs:
            for unit, _ in view.candidates(need):
                yield Order(unit, need.incident)
                break
            else:
                need.incident.lacking.pop(need.resource)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Hasty(Closest):
    """Sets the clock forward."""

    def decide(self, view: View) -> Iterator[AnyOrder]:
        yield from super().decide(view)
        view.now_s += 60


@dataclass(frozen=True)
class Speechless(Policy):
    def decide(self, view: View) -> Iterable[AnyOrder]:
        return None  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        (Crossing(), r"at [0-9.]+ s: it changes what incident \d+ lacks"),
        (Hasty(), r"at [0-9.]+ s: it changes view.now_s"),
        (Speechless(), "Speechless.decide gave None, not orders"),
        (Deaf(), "rumours"),
        (Forgetful([]), "it remembers, or draws"),
        (Raising(), "decide raises KeyError: 'zone 7'"),
        (Nowhere(), "no unit has its base there"),
        (plugins.TakesAtWork(), "is not free"),
        ("closest", "is no sim.seams.Policy"),
    ],
)
def test_what_breaks_a_promise_is_told(policy: Any, told: str, busy: sim.Scenario) -> None:
    with pytest.raises(sim.ConformanceError, match=told):
        sim.check_policy(policy, busy)
