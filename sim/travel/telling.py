"""What providers can tell of themselves besides times, and the providers that one is made of."""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from sim.model.closures import Closure
from sim.seams import TravelTimes
from sim.sheets import Fault
from sim.travel.by_mode import ByMode
from sim.travel.traffic import Traffic


@runtime_checkable
class Telling(Protocol):
    """A provider that has something to say; none needs to."""

    @property
    def summary(self) -> str:
        """What was read, in a line; "" for nothing."""
        ...

    def notes(self) -> Iterable[str]:
        """Return, in words, what looks unintended."""
        ...


@runtime_checkable
class Closing(Protocol):
    """A provider that can say beforehand what a closure would do."""

    def unknown(self, closure: Closure) -> Iterable[Fault]:
        """Return what a closure names that is not there, with its path in a closure of a config."""
        ...

    def idle(self, closure: Closure) -> str:
        """Return, in words, why a closure stops nobody; "" where it does."""
        ...


def parts(travel: TravelTimes) -> Iterator[TravelTimes]:
    """Yield the providers that a provider is made of, each once."""
    if isinstance(travel, Traffic):
        yield from parts(travel.provider)
    elif isinstance(travel, ByMode):
        for each in {id(each): each for each in travel.providers.values()}.values():
            yield from parts(each)
    else:
        yield travel


def slowed(travel: TravelTimes) -> Iterator[Traffic]:
    """Yield what slows the parts down."""
    if isinstance(travel, Traffic):
        yield travel
    elif isinstance(travel, ByMode):
        yield from {
            id(each): each for each in travel.providers.values() if isinstance(each, Traffic)
        }.values()


def telling(travel: TravelTimes) -> Iterator[Telling]:
    """Yield those of the parts that have something to say."""
    yield from (each for each in parts(travel) if isinstance(each, Telling))
