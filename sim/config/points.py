"""Points of a config in metres."""

from sim.config.schema.base import Located
from sim.config.schema.place import PlaceConfig
from sim.model.earth import LatLon, project


def origin_of(config: PlaceConfig) -> LatLon | None:
    """Return the mean (latitude, longitude) of the towns or zones; None for places in metres."""
    spots = list((config.towns or config.zones or {}).values())
    lats, lons = [s.lat for s in spots if s.lat is not None], [s.lon for s in spots if s.lon is not None]
    return (sum(lats) / len(lats), sum(lons) / len(lons)) if lats and lons else None


def point(spot: Located, origin: LatLon | None) -> tuple[float, float]:
    """Return a point in metres."""
    if origin is not None and spot.lat is not None and spot.lon is not None:
        return project(spot.lat, spot.lon, origin)
    return spot.x or 0.0, spot.y or 0.0
