"""Chinese in figures: with a font that has it, or left out where none is installed."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONTS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
    *("Microsoft YaHei", "SimHei", "SimSun", "PingFang SC", "Heiti SC", "Arial Unicode MS"),
)
"""Fonts with Chinese that Linux, Windows and macOS may have."""

_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+ ?")


def legible(figure: "Figure") -> "Figure":
    """Return the figure with all its texts in letters that can be drawn."""
    from matplotlib.text import Text

    fonts = _installed()
    for text in figure.findobj(Text):
        if isinstance(text, Text) and _CHINESE.search(text.get_text()):
            text.set_fontfamily(["DejaVu Sans", *fonts])
            text.set_text(text.get_text() if fonts else _CHINESE.sub("", text.get_text()))
    return figure


@cache
def _installed() -> tuple[str, ...]:
    """Return those of the fonts that are installed."""
    from matplotlib.font_manager import fontManager

    names = {font.name for font in fontManager.ttflist}
    return tuple(name for name in FONTS if name in names)
