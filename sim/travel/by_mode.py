"""Several providers as one, each for its own modes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sim.model.closures import Closure
from sim.model.distributions import FloatArray
from sim.rng import Streams
from sim.seams import Point, Route, TravelTimes


@dataclass(frozen=True)
class ByMode(TravelTimes):
    """Asks for each mode the provider that has it."""

    providers: Mapping[str, TravelTimes]

    @classmethod
    def of(cls, *providers: TravelTimes) -> "ByMode":
        """Return one provider of all. Raises ValueError for a mode that two of them have."""
        by_mode: dict[str, TravelTimes] = {}
        for provider in providers:
            if shared := sorted(by_mode.keys() & set(provider.modes)):
                raise ValueError(f"expected other modes than {', '.join(shared)}, which travel has too")
            by_mode |= dict.fromkeys(provider.modes, provider)
        return cls(by_mode)

    @property
    def modes(self) -> Collection[str]:
        """Those of all."""
        return self.providers.keys()

    def begin(self, streams: Streams, *, horizon_s: float) -> "ByMode":
        """Return all of them as they are for one replication."""
        begun = {id(each): each.begin(streams, horizon_s=horizon_s) for each in self._parts}
        return ByMode({mode: begun[id(each)] for mode, each in self.providers.items()})

    @property
    def closes(self) -> Collection[str]:
        """What any of them can close, in their order; a closed road does not stop those that fly."""
        return tuple(dict.fromkeys(part for each in self._parts for part in each.closes))

    def close(self, closure: Closure) -> None:
        """Close it to those that can close any part of it."""
        for each in self._concerned(closure):
            each.close(closure)

    def reopen(self, closure: Closure) -> None:
        """Reopen it to them."""
        for each in self._concerned(closure):
            each.reopen(closure)

    def seconds(
        self, origins: FloatArray, destinations: FloatArray, *, at_s: float | FloatArray, mode: str
    ) -> FloatArray:
        """Return expected times in seconds, shape (n, m); see TravelTimes."""
        return self.providers[mode].seconds(origins, destinations, at_s=at_s, mode=mode)

    def between(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> float:
        """Return one trip's expected time in seconds; see TravelTimes."""
        return self.providers[mode].between(origin, destination, at_s=at_s, mode=mode)

    def route(self, origin: Point, destination: Point, *, at_s: float, mode: str) -> Route:
        """Return the way of the mode's own provider."""
        return self.providers[mode].route(origin, destination, at_s=at_s, mode=mode)

    def next_change_s(self, after_s: float) -> float:
        """Return the next change of any of them."""
        return min(each.next_change_s(after_s) for each in self._parts)

    @property
    def _parts(self) -> Iterable[TravelTimes]:
        """The providers, each once."""
        return {id(each): each for each in self.providers.values()}.values()

    def _concerned(self, closure: Closure) -> Iterable[TravelTimes]:
        """Return those that can close a part of a closure. Raises NotImplementedError when none can."""
        found = [each for each in self._parts if set(closure.parts) & set(each.closes)]
        if not found:
            raise NotImplementedError(f"no way of travel can close anything, such as {closure.name}")
        return found
