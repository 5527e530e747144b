"""What a policy did wrong, in plain words."""

from collections.abc import Iterable
from pathlib import Path
from traceback import extract_tb
from typing import Any

from sim.engine.case import Case
from sim.engine.crew import Crew
from sim.seams import HEARD, Move, Order, Policy, Recall, Ways

HERE = str(Path(__file__).parent)


class PolicyError(Exception):
    """A policy gave an order that cannot be carried out, or failed."""


def begun(policy: Policy, ways: Ways) -> Policy:
    """Return the policy for one replication; raises PolicyError where it fails, or hears of what is not."""
    name = type(policy).__name__
    try:
        found: Any = policy.begin(ways)
        unknown = [word for word in found.hears if word not in HEARD] if isinstance(found, Policy) else []
    except (Exception, SystemExit) as error:
        raise PolicyError(f"{name}.begin raises {in_words(error)}") from error
    if not isinstance(found, Policy):
        raise PolicyError(f"{name}.begin gave {found!r}, not a policy")
    if unknown:
        raise PolicyError(
            f"{name} hears of {', '.join(map(repr, unknown))}, not only of {' and '.join(HEARD)}"
        )
    return found


def fault(policy: Policy, given: Any, order: Any, error: BaseException) -> str | None:
    """Return what a policy did wrong, by what came of asking it; None where the fault is not its own.

    ``given`` is what it returned, ``order`` the last one that came of it.
    """
    if isinstance(error, PolicyError):
        return str(error)
    name, frames = f"{type(policy).__name__}.decide", extract_tb(error.__traceback__)
    if not isinstance(given, Iterable):
        return f"{name} gave {given!r}, not orders"
    if len(frames) > 1 and frames[1].filename.startswith(HERE):
        return None if _is_sound(order) else f"{name} gave {order!r}, not an order"
    return f"{name} raises {in_words(error)}"


def _is_sound(order: Any) -> bool:
    """Whether something is an order, of a unit and to an incident."""
    if not isinstance(order, Order | Recall | Move) or not isinstance(order.unit, Crew):
        return False
    return isinstance(order, Recall) or isinstance(order[1], Case if isinstance(order, Order) else int)


def in_words(error: BaseException) -> str:
    """Return what was raised, and the last place outside of the engine that it went through."""
    what = f"{type(error).__name__}: {error}".removesuffix(": ")
    places = [each for each in extract_tb(error.__traceback__) if not each.filename.startswith(HERE)]
    return f"{what} ({Path(places[-1].filename).name}, line {places[-1].lineno})" if places else what
