"""Where the nodes of a table are: the zones and sites of a place, or a file's own."""

from collections import Counter
from math import isfinite
from pathlib import Path as FilePath

from sim.model.earth import LatLon, project
from sim.model.place import Place
from sim.sheets import Fault, FileError, UnreadableError, canonical, read_rows

KNOWN = ("name", "lat", "lon", "x", "y")
_METRES = {None: 1.0, "m": 1.0, "km": 1000.0}


def of_place(place: Place) -> dict[str, tuple[float, float]]:
    """Return where zones and sites are, by name; without the names that a zone and a site share."""
    zones = [(zone.name, (zone.x_m, zone.y_m)) for zone in place.zones]
    spots = zones + [(site.name, (site.x_m, site.y_m)) for site in place.sites]
    count = Counter(name for name, _ in spots)
    return {name: spot for name, spot in spots if count[name] == 1}


def read_nodes(file: FilePath, origin: LatLon | None) -> dict[str, tuple[float, float]]:
    """Return the nodes of a CSV in metres: a column name or id, and lat and lon, or x and y.

    Other columns are passed over. Raises FileError with everything that is wrong.
    """
    found: dict[str, tuple[float, float]] = {}
    faults: list[Fault] = []
    try:
        rows = read_rows(file)
        number, header = next(rows, (0, []))
        named = {
            ("name", None) if h.casefold() == "id" else canonical(h, KNOWN): i for i, h in enumerate(header)
        }
        columns = {name: i for (name, _), i in named.items() if name in KNOWN}
        scale = {name: _METRES.get(unit, 1.0) for name, unit in named}
        ends = ("lat", "lon") if {"lat", "lon"} <= columns.keys() else ("x", "y")
        if missing := [name for name in ("name", *ends) if name not in columns]:
            expected = "a column name, and lat and lon, or x and y"
            raise FileError(
                [Fault(f"{file.name}, row {number}", f"no column {', '.join(missing)}", expected)]
            )
        if ends == ("lat", "lon") and origin is None:
            raise FileError([Fault(file.name, "lat and lon", "x and y, because the place is in metres")])
        for row, cells in rows:
            where = f"{file.name}, row {row}"
            name, *spot = (
                cells[columns[key]] if columns[key] < len(cells) else "" for key in ("name", *ends)
            )
            if not name or name in found:
                faults.append(Fault(f"{where}, column name", repr(name), "names that are all different"))
            values = [_number(cell) * scale[key] for cell, key in zip(spot, ends, strict=True)]
            for key, cell, value in zip(ends, spot, values, strict=True):
                if not isfinite(value):
                    faults.append(Fault(f"{where}, column {key}", repr(cell), "a number"))
            x, y = values
            found[name] = project(x, y, origin) if origin and ends == ("lat", "lon") else (x, y)
    except UnreadableError as error:
        where = file.name if error.row is None else f"{file.name}, row {error.row}"
        faults.append(Fault(where, error.found, error.expected))
    if faults:
        raise FileError(faults)
    return found


def _number(cell: str) -> float:
    """Return a cell's number, NaN for what is none."""
    try:
        return float(cell)
    except ValueError:
        return float("nan")
