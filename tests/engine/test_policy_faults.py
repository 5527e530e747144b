"""What a policy does wrong is told with the incident, the moment and the order; no run goes on for ever."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from worlds import stations, world

import sim
from sim.seams import Move, Order, Policy, Recall, View, Ways

Decide = Callable[[View], Any]


@dataclass(frozen=True)
class Made(Policy):
    """Does what it is told to, on top of sending the closest."""

    what: Decide
    says_that_it_moves: bool = False

    @property
    def moves(self) -> bool:
        return self.says_that_it_moves

    def decide(self, view: View) -> Any:
        return self.what(view)


def orders(of: Callable[[Any, Any], Any]) -> Decide:
    """What a policy orders that gives ``of`` the closest unit and the need, for each of the needs."""

    def decide(view: View) -> Iterator[Any]:
        for need in view.needs:
            for unit, _ in view.candidates(need):
                yield from of(unit, need)
                break

    return decide


def moving(view: View) -> Iterator[Move]:
    while True:
        for unit, site in view.standing_by(0):
            yield Move(unit, 1 - site)


def raising(view: View) -> Any:
    raise KeyError("zone 7")


def leaving(view: View) -> Any:
    raise SystemExit(0)


def staying(view: View) -> Iterator[Order]:
    for need in view.needs:
        for unit, _ in view.standing_by(0):
            yield Order(unit, need.incident)


@pytest.fixture(scope="module")
def one_call() -> sim.Scenario:
    """A call at 100 s in the middle of a zone, and a unit at each of two stations."""
    return scenario()


def scenario(**changes: Any) -> sim.Scenario:
    injects = [{"at": "100 s", "type": "call", "zone": "z"}]
    usual: dict[str, Any] = {
        "place__zones": {"z": {"x": "0 m", "y": "0 m", "side": "10 km", "people": 1}},
        "place__sites": stations({"s": (0, 0), "t": (3000, 0)}),
        "fleet__units": {"s": {"unit": 1}, "t": {"unit": 1}},
        "demand": {"drill": {"use": "sim.demand.timeline.Timeline", "known": True, "injects": injects}},
    }
    return sim.build(world(**usual | changes)).scenario


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (raising, r"Made.decide raises KeyError: 'zone 7' \(test_policy_faults.py, line \d+\)"),
        (leaving, r"Made.decide raises SystemExit: 0"),
        (lambda view: None, r"Made.decide gave None, not orders"),
        (orders(lambda unit, need: [(unit, need.incident)]), r"gave \(unit s/unit-1, incident 0\), not an"),
        (orders(lambda unit, need: [Order(None, need.incident)]), r"gave Order\(unit=None, incident=inc"),  # type: ignore[arg-type]
        (orders(lambda unit, need: [Order(need.incident, unit)]), r"gave Order\(unit=incident 0, inc"),
        (orders(lambda unit, need: [Order(unit, need)]), r"gave Order\(unit=unit s/unit-1, incident=Need"),
        (orders(lambda unit, need: [Order(unit.name, need.incident)]), r"gave Order\(unit='s/unit-1'"),
        (orders(lambda unit, need: [Recall(need)]), r"gave Recall\(unit=Need"),  # type: ignore[arg-type]
        (
            orders(lambda unit, need: [Order(unit, need.incident)] * 2),
            r"unit s/unit-1 was ordered to incident 0",
        ),
        (orders(lambda unit, need: [Order(unit, need.incident), Recall(unit)]), r"goes round in circles"),
        (
            orders(lambda unit, need: [Move(unit, 1)]),
            r"unit s/unit-1 was moved but the policy says it moves none",
        ),
    ],
)
def test_what_a_policy_does_wrong_is_told_with_incident_moment_and_order(
    what: Decide, why: str, one_call: sim.Scenario
) -> None:
    with pytest.raises(sim.PolicyError, match=r"incident 0 at 100.0 s: .*" + why):
        sim.simulate(replace(one_call, policy=Made(what)))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (moving, "goes round in circles"),
        (orders(lambda unit, need: [Move(unit, [7])]), r"gave Move\(unit=unit s/unit-1, site=\[7\]\), not"),  # type: ignore[arg-type]
        (orders(lambda unit, need: [Move(unit, 7)]), "no unit has its base there"),
    ],
)
def test_a_policy_that_moves_units_is_told_too(what: Decide, why: str, one_call: sim.Scenario) -> None:
    with pytest.raises(sim.PolicyError, match=r"incident 0 at 100.0 s: .*" + why):
        sim.simulate(replace(one_call, policy=Made(what, says_that_it_moves=True)))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            {
                "fleet__forces": {"theirs": {"bases": ["s", "t"], "reserve": 1}},
                "fleet__units": {"s": {"unit": 1}, "t": {"unit": 2}},
            },
            "not to go",
        ),
        ({"closures": {"all": {"zones": ["z"], "at": "50 s"}}}, "cannot get there"),
    ],
)
def test_no_unit_goes_where_it_may_not_or_cannot(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(sim.PolicyError, match=rf"unit s/unit-1 was ordered to incident 0 but .*{why}"):
        sim.simulate(replace(scenario(**changes), policy=Made(staying)))


@dataclass(frozen=True)
class Begins(Made):
    """Begins as something else."""

    as_: Any = None

    def begin(self, ways: Ways) -> Any:
        return self.as_ or raising(None)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Hears(Made):
    @property
    def hears(self) -> tuple[str, ...]:
        return ("rumours",)


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (Begins(staying), r"Begins.begin raises KeyError: 'zone 7' \(test_policy"),
        (Begins(staying, as_="closest"), "Begins.begin gave 'closest', not a policy"),
        (Hears(staying), "Hears hears of 'rumours', not only of freed and sent"),
    ],
)
def test_a_policy_that_cannot_begin_is_told(policy: Policy, why: str, one_call: sim.Scenario) -> None:
    with pytest.raises(sim.PolicyError, match=why):
        sim.simulate(replace(one_call, policy=policy))


def test_what_a_policy_will_never_hear_of_is_told_before_the_run() -> None:
    with pytest.raises(sim.ConfigError, match="a policy that hears of 'rumours'"):
        scenario(dispatch={"use": "plugins.Hopeful"})


def test_an_error_of_the_engine_is_not_blamed_on_the_policy(
    one_call: sim.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.engine.orders.Orders._send", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sim.simulate(one_call)
