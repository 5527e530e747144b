"""What providers can tell of themselves besides times, and the providers that one is made of."""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from sim.seams import TravelTimes
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


def parts(travel: TravelTimes) -> Iterator[TravelTimes]:
    """Yield the providers that a provider is made of, each once."""
    if isinstance(travel, Traffic):
        yield from parts(travel.provider)
    elif isinstance(travel, ByMode):
        for each in {id(each): each for each in travel.providers.values()}.values():
            yield from parts(each)
    else:
        yield travel


def telling(travel: TravelTimes) -> Iterator[Telling]:
    """Yield those of the parts that have something to say."""
    yield from (each for each in parts(travel) if isinstance(each, Telling))
