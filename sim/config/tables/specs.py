"""Which sections of a config may be tables, and what their columns mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.config.provenance import Path
from sim.config.tables import cells
from sim.config.tables.cells import Reader

LENGTH, AREA = ("m", "km"), ("m2", "km2")
RATE = (
    "per 1000 people per year",
    "per 100000 people per year",
    *("per hour", "per day", "per year"),
)


@dataclass(frozen=True)
class Column:
    """A column: how its cells are read, the units its heading may say, and whether each row needs it."""

    name: str
    read: Reader = cells.text
    required: bool = False
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A section that may be a table: the columns that name a row, all columns, and a value's own.

    A row with no more than the column ``value`` becomes that value rather than a mapping. ``shapes``
    says that rows may also be the features of a map.
    """

    keys: tuple[str, ...]
    columns: Mapping[str, Column]
    value: str = ""
    shapes: bool = False


_TOWN_KINDS = {"街道": "urban", "城区": "urban", "城市": "urban"} | dict.fromkeys(
    ("镇", "乡", "农村"), "rural"
)
_ZONE_KINDS = {
    **dict.fromkeys(("建成区", "城区", "城市"), "built_up"),
    **dict.fromkeys(("农村", "乡村"), "rural"),
    **dict.fromkeys(("林地", "森林"), "forest"),
    "水域": "water",
}
_SITE_KINDS = {
    "消防站": "fire_station",
    "医院": "hospital",
    "仓库": "depot",
    "物资库": "depot",
    "停机坪": "helipad",
    "避难场所": "shelter",
}
_CONFIDENCES = {
    "精确": "exact",
    "近似": "approx",
    **dict.fromkeys(("估计", "估算"), "estimated"),
    **dict.fromkeys(("假设", "假定"), "assumed"),
}

PROVENANCE = (Column("source"), Column("confidence", cells.one_of(_CONFIDENCES)), Column("note"))
_POINT = (
    Column("title"),
    Column("lat", cells.degrees),
    Column("lon", cells.degrees),
    Column("x", cells.quantity, units=LENGTH),
    Column("y", cells.quantity, units=LENGTH),
)
_REPORT_DELAY = Column("report_delay", cells.law, units=("s", "min", "h"))


def _table(keys: tuple[str, ...], *columns: Column, value: str = "", shapes: bool = False) -> Table:
    """Return a table whose rows are named by ``keys`` and may say where they come from."""
    named = [Column(key, cells.name, required=True) for key in keys]
    return Table(keys, {column.name: column for column in (*named, *columns, *PROVENANCE)}, value, shapes)


TABLES: Mapping[Path, Table] = {
    ("place", "towns"): _table(
        ("name",),
        *_POINT,
        Column("kind", cells.one_of(_TOWN_KINDS), required=True),
        Column("people", cells.number, required=True),
        Column("district"),
        _REPORT_DELAY,
    ),
    ("place", "zones"): _table(
        ("name",),
        *_POINT,
        Column("kind", cells.one_of(_ZONE_KINDS)),
        Column("people", cells.number, required=True),
        Column("side", cells.quantity, units=LENGTH),
        Column("district"),
        _REPORT_DELAY,
        shapes=True,
    ),
    ("place", "sites"): _table(
        ("name",),
        *_POINT,
        Column("kind", cells.one_of(_SITE_KINDS), required=True),
        Column("accepts", cells.levels),
        Column("capacity", cells.whole),
        Column("area", cells.quantity, units=AREA),
    ),
    ("place", "rates"): _table(
        ("type",), Column("rate", cells.quantity, required=True, units=RATE), value="rate"
    ),
    ("closures",): _table(
        ("name",),
        *_POINT,
        Column("at", required=True),
        Column("until"),
        Column("lasting", cells.quantity, units=("min", "h", "d")),
        Column("roads", cells.several),
        Column("nodes", cells.several),
        Column("zones", cells.several),
        Column("within", cells.quantity, units=LENGTH),
    ),
    ("fleet", "units"): _table(
        ("base", "kind"),
        Column("count", cells.whole, required=True),
        Column("crew", cells.whole),
        value="count",
    ),
}
"""By the path of the section. Another table is another entry here."""

BOUNDARIES: tuple[Path, ...] = (("place", "zoning", "boundary"), ("place", "zoning", "forest", "boundary"))
"""Texts that may be the polygons of a file."""
