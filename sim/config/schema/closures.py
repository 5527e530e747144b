"""What is closed to travel for a while: a bridge that is down, a flooded district."""

from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from sim.config.schema.base import Latitude, Longitude, Strict
from sim.model.units import Coordinate, PositiveMetres, PositiveSeconds


def _names(value: Any) -> Any:
    """Read one name as a list of it, and numbers as names; accept at least one."""
    several = value if isinstance(value, list) else [value]
    if not several:
        raise ValueError("expected at least one name")
    return [str(each) if isinstance(each, int) and not isinstance(each, bool) else each for each in several]


Name = str | int
Names = Annotated[list[str], BeforeValidator(_names, json_schema_input_type=list[Name] | Name)]


class ClosureConfig(Strict):
    """What is closed, from ``at`` on: until a moment, for as long as ``lasting``, or for good.

    Moments are times since the start ("9 h"), of the first day ("09:10"), or dates and times. ``roads`` are
    what the network calls them, ``nodes`` likewise, ``zones`` the names of zones or of towns;
    ``within`` is a distance around a point, ``lat`` and ``lon`` or ``x`` and ``y``.
    """

    title: str = ""
    at: str
    until: str | None = None
    lasting: PositiveSeconds | None = None
    roads: Names | None = None
    nodes: Names | None = None
    zones: Names | None = None
    within: PositiveMetres | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    x: Coordinate | None = None
    y: Coordinate | None = None

    @model_validator(mode="after")
    def _whole(self) -> "ClosureConfig":
        if self.until is not None and self.lasting is not None:
            raise ValueError("expected until or lasting, not both")
        pairs = [(self.lat, self.lon), (self.x, self.y)]
        told = [pair for pair in pairs if pair != (None, None)]
        if len(told) > 1 or any(None in pair for pair in told):
            raise ValueError("expected one point, by lat and lon or by x and y")
        if bool(told) != (self.within is not None):
            raise ValueError("expected a point beside within, such as lat and lon")
        if not (told or self.roads or self.nodes or self.zones):
            raise ValueError("expected what is closed: roads, nodes, zones, or within of a point")
        return self
