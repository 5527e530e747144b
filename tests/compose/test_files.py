"""Config files are read as OmegaConf reads them, only quicker, and again once they change."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf
from worlds import ROOT

from sim.compose.files import SCHEME, Files

SHIPPED = sorted([*(ROOT / "configs").rglob("*.yaml"), *(ROOT / "experiments").glob("*.yaml")])


def read(folder: Path, name: str) -> Any:
    return Files("main", f"{SCHEME}://{folder}").load_config(name)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_shipped_files_say_the_same(file: Path) -> None:
    found = read(file.parent, file.name)
    assert found.config == OmegaConf.load(file)


WORDS = "1e3 12:30:00 2024-01-05 yes No on ~ null .inf .5 1_000 0x1f 010 1. '1' [1,2] {a: 1} 5.0 s"
scalars = st.sampled_from(WORDS.split()) | st.text("abc:#-'\" 0123456789.eE_", max_size=8)


@given(st.dictionaries(st.sampled_from("abcdef"), scalars, max_size=4))
def test_scalars_are_of_the_same_kind(tmp_path_factory: pytest.TempPathFactory, said: dict[str, str]) -> None:
    folder = tmp_path_factory.mktemp("said")
    (folder / "x.yaml").write_text("\n".join(f"{key}: {value}" for key, value in said.items()))
    try:
        expected: Any = OmegaConf.load(folder / "x.yaml")
    except Exception as error:
        with pytest.raises(type(error)):
            read(folder, "x")
        return
    found = read(folder, "x").config
    assert found == expected
    assert {key: type(value) for key, value in found.items()} == {
        key: type(value) for key, value in expected.items()
    }


def test_what_is_there_twice_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: 1\nb: 2\na: 3\n")
    with pytest.raises(yaml.constructor.ConstructorError, match="found duplicate key a") as raised:
        read(tmp_path, "x")
    assert raised.value.problem_mark is not None
    assert (raised.value.problem_mark.line, raised.value.problem_mark.name) == (2, str(tmp_path / "x.yaml"))


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    for value in (1, 2):
        file.write_text(f"# @package _global_\na: {value}\n")
        os.utime(file, ns=(value, value))
        found = read(tmp_path, "x")
        assert (found.config.a, found.header["package"]) == (value, "_global_")
        found.config.a = 5  # nobody else's
        assert read(tmp_path, "x").config.a == value
