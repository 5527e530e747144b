"""What columns are called, in English and Chinese, and the units that their headings may say."""

import re
import unicodedata
from collections.abc import Collection

SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("名称", "名字", "路名", "道路名称"),
    "title": ("标题",),
    "kind": ("类型", "类别", "车辆类型", "单位类型"),
    "type": ("事件类型", "类型", "类别"),
    "lat": ("latitude", "纬度"),
    "lon": ("longitude", "lng", "经度"),
    "people": ("population", "人口", "人数"),
    "district": ("区县",),
    "side": ("边长",),
    "area": ("面积",),
    "capacity": ("容量", "床位"),
    "accepts": ("接收等级",),
    "base": ("驻地", "基地", "所属站"),
    "count": ("数量",),
    "crew": ("人员", "编制"),
    "rate": ("率", "发生率"),
    "source": ("来源",),
    "confidence": ("可信度",),
    "note": ("备注",),
    "report_delay": ("报告延迟", "报警延迟", "上报延迟"),
    "id": ("编号", "序号", "警情编号", "节点编号", "incident"),
    "at": ("time", "时间", "报警时间", "接警时间", "开始", "开始时间"),
    "zone": ("小区", "片区"),
    "level": ("等级", "级别"),
    "priority": ("优先级",),
    "magnitude": ("震级",),
    "reported_as": ("报警类型", "初报类型"),
    "casualties": ("伤亡人数", "受伤人数"),
    "call_handling": ("接警时长", "受理时长"),
    "scene": ("现场时长", "on_scene"),
    "handover": ("交接时长",),
    "transport": ("送医", "是否送医"),
    "hospital": ("医院",),
    "needs": ("出动力量", "力量需求"),
    "access": ("可离开", "可进出"),
    "from": ("origin", "起点", "起点编号", "出发地"),
    "to": ("destination", "终点", "终点编号", "目的地"),
    "length": ("长度", "路长", "distance"),
    "class": ("道路等级", "道路类型", "等级", "highway"),
    "until": ("至", "结束", "结束时间", "恢复时间", "开通时间"),
    "lasting": ("时长", "持续", "持续时间", "duration"),
    "roads": ("道路", "路段"),
    "nodes": ("节点",),
    "zones": ("区域", "片区"),
    "within": ("半径", "radius"),
    "oneway": ("one_way", "单行", "单向"),
}
"""Other words for a column. A word may stand for several; of these, a table knows one."""

_TRANSLATED = {
    "秒": "s",
    "分": "min",
    "分钟": "min",
    "小时": "h",
    "天": "d",
    "米": "m",
    "公里": "km",
    "千米": "km",
    "平方米": "m2",
    "平方公里": "km2",
    "平方千米": "km2",
    "每千人每年": "per 1000 people per year",
    "每十万人每年": "per 100000 people per year",
}
UNITS = {**_TRANSLATED, **{unit: unit for unit in _TRANSLATED.values()}}
"""Units as a spreadsheet may say them, and as the program does (sim.model.units has their sizes)."""

COUNTED = {"人", "个", "辆", "台", "张", "床", "度", "°"}
"""What may stand like a unit in the heading of a bare number."""

YES, NO = ("yes", "true", "1", "y", "是"), ("no", "false", "0", "n", "否")
"""Answers, in small letters."""


def normal(text: str) -> str:
    """Return a text in the form in which words are compared: one width, one case, ``_`` for spaces."""
    return re.sub(r"[\s_]+", "_", unicodedata.normalize("NFKC", text).strip().casefold())


def canonical(header: str, known: Collection[str]) -> tuple[str, str | None]:
    """Return the known column that a heading means, and the unit it says or None.

    ``x (m)``, ``X（米）`` and ``x_m`` are all ``("x", "m")``. A heading that means none of the known
    columns is returned in its normal form.
    """
    text = normal(header)
    if match := re.fullmatch(r"(.+?)_?[(\[](.+)[)\]]", text):
        return _name(match[1], known) or match[1], _unit(match[2])
    name, _, unit = text.rpartition("_")
    if _name(text, known) is None and unit in UNITS and (found := _name(name, known)):
        return found, UNITS[unit]
    return _name(text, known) or text, None


def _name(word: str, known: Collection[str]) -> str | None:
    """Return the known column that a normal word means, None if it means none."""
    return next((name for name in known if word == name or word in SYNONYMS.get(name, ())), None)


def _unit(word: str) -> str | None:
    """Return the unit that a normal word says as the program says it, None for what is counted."""
    said = word.strip("_").replace("_", " ")
    return None if said in COUNTED else UNITS.get(said, said)
