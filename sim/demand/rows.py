"""What the rows of a record mean in a world."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.demand.given import MARKS, Rows, World, card_of, names_of_units, timeless
from sim.demand.moments import seconds_of
from sim.model.calendar import Calendar
from sim.model.columns import Chunk
from sim.model.distributions import FloatArray
from sim.model.earth import project
from sim.model.hints import did_you_mean
from sim.model.incidents import IntArray
from sim.model.resources import Card
from sim.model.types import LEVELS


class Reader:
    """Turns chunks of a file into rows; knows the cards and the time zones met so far."""

    def __init__(self, world: World, calendar: Calendar) -> None:
        self._world, self._calendar = world, calendar
        self.cards: dict[Card, int] = {}
        self.zones: dict[str, str] = {}

    def rows(self, chunk: Chunk) -> Rows:
        """Return the rows of a chunk, and tell what is wrong with them in its ``faults``."""
        n, place = len(chunk), self._world.place
        chunk.require("at", "type")
        at_s = seconds_of(chunk, self._calendar, self.zones)
        kinds = [kind.name for kind in self._world.types]
        of_type = chunk.indices("type", kinds, "incident type of this config")
        x_m, y_m = self._points(chunk)
        zone = np.full(n, -1)
        if "zone" in chunk.columns:
            zone = chunk.indices("zone", [each.name for each in place.zones], "zone")
        self._check_somewhere(chunk, of_type, np.isnan(x_m) & (zone < 0))
        card, marks = self._cards(chunk, of_type), self._marks(chunk) | self._reports(chunk, of_type)
        if "told" in marks:
            expected = "nothing beside needs, which are all that is sent"
            chunk.fault((card >= 0) & (marks["told"] >= 0), "reported_as", expected)
        self._check_levels(chunk, of_type, marks)
        self._check_magnitudes(chunk, of_type, marks)
        self._check_casualties(chunk, of_type, marks)
        return Rows(at_s, of_type, x_m, y_m, zone, marks, card, tuple(self.cards))

    def _check_somewhere(self, chunk: Chunk, of_type: IntArray, nowhere: NDArray[np.bool_]) -> None:
        """Tell the rows without a place whose type has none here either."""
        homeless = [i for i, kind in enumerate(self._world.types) if kind.where is None]
        expected = "a type that has a place here, or a row that says where"
        chunk.fault(nowhere & np.isin(of_type, homeless), "type", expected)

    def _check_levels(self, chunk: Chunk, of_type: IntArray, marks: Mapping[str, FloatArray]) -> None:
        """Tell the levels that a row's type does not have."""
        if "level" not in marks:
            return
        for kind in np.unique(of_type[of_type >= 0]).tolist():
            for level in range(1, len(LEVELS) + 1):
                if self._world.lacks(kind, level):
                    wrong = (of_type == kind) & (marks["level"] == level)
                    chunk.fault(wrong, "level", f"a level that {self._world.types[kind].name} has")

    def _check_magnitudes(self, chunk: Chunk, of_type: IntArray, marks: Mapping[str, FloatArray]) -> None:
        """Tell the magnitudes of types that have none, and the levels that a magnitude should stand for."""
        nothing = np.full(len(chunk), np.nan)
        level, magnitude = (~np.isnan(marks.get(name, nothing)) for name in ("level", "magnitude"))
        kinds = [i for i, kind in enumerate(self._world.types) if kind.magnitudes is not None]
        measured = np.isin(of_type, kinds)
        chunk.fault(magnitude & ~measured & (of_type >= 0), "magnitude", "none, because this type has none")
        expected = "a magnitude in this row, from which level and shaking follow"
        chunk.fault(level & ~magnitude & measured, "level", expected)

    def _reports(self, chunk: Chunk, of_type: IntArray) -> dict[str, FloatArray]:
        """Return what rows were reported as, and how many they hurt, where the file has columns for that."""
        found, kinds = {}, self._world.types
        if "reported_as" in chunk.columns:
            said = chunk.indices("reported_as", [kind.name for kind in kinds], "incident type of this config")
            told = found["told"] = np.where(said == of_type, -1.0, np.nan)
            for i, kind in enumerate(kinds):
                for place, other in enumerate(kind.reported_as):
                    told[(of_type == i) & (said == other.type)] = place
            wrong = (said >= 0) & (of_type >= 0) & np.isnan(told)
            chunk.fault(wrong, "reported_as", "its own type, or one that this is reported_as by its config")
        if "casualties" in chunk.columns:
            found["casualties"] = chunk.numbers("casualties", 0, 1e6)
            chunk.fault(found["casualties"] % 1 > 0, "casualties", "a whole number")
        return found

    def _check_casualties(self, chunk: Chunk, of_type: IntArray, marks: Mapping[str, FloatArray]) -> None:
        """Tell the numbers of casualties at levels that do not go by them."""
        nothing = np.full(len(chunk), np.nan)
        hurt, level = (marks.get(name, nothing) for name in ("casualties", "level"))
        for i, kind in enumerate(self._world.types):
            counted = [n for n, each in enumerate(kind.levels, 1) if each.casualties is not None]
            known = np.isin(level, counted) | (np.isnan(level) & bool(counted))
            wrong = (of_type == i) & ~np.isnan(hurt) & ~known
            chunk.fault(wrong, "casualties", f"none, because {kind.name} does not go by them at this level")

    def _points(self, chunk: Chunk) -> tuple[FloatArray, FloatArray]:
        """Return metres east and north, NaN where no point is said."""
        if "lat" in chunk.columns:
            lat, lon = chunk.numbers("lat", -90, 90), chunk.numbers("lon", -180, 180)
            if self._world.place.origin is None:
                chunk.tell("lat and lon", "x and y, because the place is in metres")
                return lat, lon
            x_m, y_m = project(lat, lon, self._world.place.origin)
            self._check_inside(chunk, x_m, y_m, "lat", "a point in the area; are lat and lon swapped?")
            return x_m, y_m
        if "x" in chunk.columns:
            x_m, y_m = chunk.numbers("x"), chunk.numbers("y")
            self._check_inside(chunk, x_m, y_m, "x", "a point in the area")
            return x_m, y_m
        nowhere = np.full(len(chunk), np.nan)
        return nowhere, nowhere

    def _check_inside(self, chunk: Chunk, x_m: FloatArray, y_m: FloatArray, name: str, expected: str) -> None:
        other = {"lat": "lon", "x": "y"}[name]
        half = (chunk.texts(name) == "") != (chunk.texts(other) == "")
        chunk.fault(half.to_numpy(), name, "both coordinates, or neither")
        chunk.fault(self._world.outside(np.stack([x_m, y_m], axis=1)), name, expected)

    def _marks(self, chunk: Chunk) -> dict[str, FloatArray]:
        """Return the marks that the file has columns for."""
        place, found = self._world.place, {}
        for name in ("call_handling", "scene", "handover"):
            if name in chunk.columns:
                found[MARKS[f"{name}_s"]] = chunk.numbers(name, least=0.0)
        if "priority" in chunk.columns:
            found["priority"] = chunk.numbers("priority", 1, 1000)
            chunk.fault(found["priority"] % 1 > 0, "priority", "a whole number")
        if "magnitude" in chunk.columns:
            found["magnitude"] = chunk.numbers("magnitude", 0, 9.5)
        if "level" in chunk.columns:
            numbers = [*LEVELS, *map(str, range(1, len(LEVELS) + 1))]
            level = chunk.indices("level", numbers, "level").astype(float)
            found["level"] = np.where(level < 0, np.nan, level % len(LEVELS) + 1)
        if "hospital" in chunk.columns:
            hospitals = [site.name for site in place.hospitals]
            chosen = chunk.indices("hospital", hospitals, "hospital").astype(float)
            found["hospital"] = np.where(chosen < 0, np.nan, chosen)
        if "transport" in chunk.columns:
            said = chunk.answers("transport").astype(float)
            found["transport"] = np.where(said < 0, np.nan, said)
            if not place.hospitals:
                chunk.fault(found["transport"] == 1, "transport", "a place with a hospital")
        return found

    def _cards(self, chunk: Chunk, of_type: IntArray) -> IntArray:
        """Return each row's own response card as an index, -1 where its level's holds."""
        found = np.full(len(chunk), -1)
        if "needs" not in chunk.columns:
            return found
        texts = np.asarray(chunk.texts("needs"), object)
        for text in sorted(set(texts.tolist()) - {""}):
            for kind in np.unique(of_type[texts == text]).tolist():
                rows = (texts == text) & (of_type == kind)
                try:
                    timed = "scene" in chunk.columns and (chunk.texts("scene")[rows] != "").all()
                    found[rows] = self._card(text, kind, timed=bool(timed))
                except ValueError as error:
                    chunk.fault(rows, "needs", str(error).removeprefix("expected "))
        return found

    def _card(self, text: str, of_type: int, *, timed: bool) -> int:
        """Return the index of the card that a text describes. Raises ValueError."""
        needs: dict[str, float] = {}
        known = names_of_units(self._world.fleet)
        for part in text.replace("；", ";").replace(",", ";").split(";"):
            name, _, count = part.replace("：", ":").partition(":")
            if name.strip() not in known:
                raise ValueError(
                    f"expected a known unit kind or capability{did_you_mean(name.strip(), known)}"
                )
            if not count.strip().isdigit():
                raise ValueError("expected units and numbers, such as engine:2; ambulance:1")
            needs[name.strip()] = needs.get(name.strip(), 0.0) + float(count)
        card = card_of(needs, self._world.fleet)
        if idle := [self._world.fleet.resources[r].name for r, _ in card if not self._world.fleet.least[r]]:
            raise ValueError(f"expected what a unit in fleet.units brings, and none brings {idle[0]}")
        kind = self._world.types[of_type] if of_type >= 0 else None
        if kind and not timed and (without := timeless(card, kind, self._world.fleet)):
            raise ValueError(f"expected scene_s, because {kind.name} has no time on scene for {without[0]}")
        return self.cards.setdefault(card, len(self.cards))
