"""Whether a policy keeps the promises of its seam, for whoever writes one."""

import pickle
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sim.conformance import ConformanceError
from sim.engine.run import PolicyError, simulate
from sim.model.log import Log
from sim.scenario import Scenario
from sim.seams import HEARD, Policy
from sim.study.watched import MeddlingError, Watched


def check_policy(policy: Policy, scenario: Scenario, *, seed: int = 1) -> None:
    """Try a policy on a scenario, and raise ConformanceError with every promise that it breaks.

    It is frozen and can be sent to other processes; it hears of what there is; it changes nothing of what it
    is shown; each of its orders can be carried out; the same days give the same orders, whatever was run
    before; and somebody is served. Take a scenario of some weeks in which units are short at times.
    """
    broken = (
        list(_made(policy)) or list(_watched(policy, scenario, seed)) or list(_run(policy, scenario, seed))
    )
    if broken:
        raise ConformanceError(type(policy).__name__, broken)


def _made(policy: Any) -> Iterator[str]:
    """Yield what is wrong with how it is made."""
    if not isinstance(policy, Policy):
        yield f"{policy!r} is no sim.seams.Policy"
        return
    if unknown := [word for word in policy.hears if word not in HEARD]:
        yield f"hears: {', '.join(map(repr, unknown))}, expected only {' and '.join(map(repr, HEARD))}"
    made = getattr(policy, "__dataclass_params__", None)
    if made is None or not made.frozen:
        yield "it is no frozen dataclass, which a config could make: write @dataclass(frozen=True)"
    try:
        pickle.loads(pickle.dumps(policy))
    except Exception as error:
        yield f"it cannot be sent to other processes: {error}"


def _watched(policy: Policy, scenario: Scenario, seed: int) -> Iterator[str]:
    """Yield what it changes that it is shown; whatever else goes wrong is told by ``_run``."""
    try:
        simulate(replace(scenario, policy=Watched(policy)), seed=seed, replication=1)
    except PolicyError as error:
        if isinstance(error.__cause__, MeddlingError):
            yield str(error)


def _run(policy: Policy, scenario: Scenario, seed: int) -> Iterator[str]:
    """Yield what is wrong with what it orders."""
    world = replace(scenario, policy=policy)
    try:
        second = simulate(world, seed=seed, replication=1)
        first = simulate(world, seed=seed, replication=0)
        again = simulate(world, seed=seed, replication=1)
    except PolicyError as error:
        yield str(error)
        return
    if not _same(second, again):
        yield "the same days give other orders when others were run between: it remembers, or draws"
    if len(second.incidents) and not len(second.missions) and not len(first.missions):
        yield f"nobody is ever sent: {len(second.incidents):,} incidents, no missions"


def _same(one: Log, other: Log) -> bool:
    """Whether two logs hold the same facts, to the bit."""
    return one.missions.tobytes() == other.missions.tobytes() and one.moves.tobytes() == other.moves.tobytes()
