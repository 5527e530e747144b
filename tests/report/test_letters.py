"""Titles in Chinese are drawn where a font has them, and left out where none does."""

import warnings
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from sim.report import letters


def drawn(tmp_path: Path) -> str:
    figure = Figure()
    ax = figure.subplots()
    ax.set_title("徐圩 Xuwei, 5 min")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        letters.legible(figure).savefig(tmp_path / "any.png")
    return str(ax.get_title())


def test_chinese_is_never_drawn_as_boxes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(tmp_path).endswith("Xuwei, 5 min")
    monkeypatch.setattr(letters, "FONTS", ())
    letters._installed.cache_clear()
    assert drawn(tmp_path) == "Xuwei, 5 min"
    letters._installed.cache_clear()
