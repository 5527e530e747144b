"""The data dictionary: every column of every table is described, in files, in the docs, and on demand."""

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from console import here
from worlds import ROOT

import sim
from sim.measure.dictionary import DICTIONARY

ALL = (
    "horizon=60 d",
    "workers=1",
    "replications=1",
    "move_up=dmexclp",
    "centre=separate",
    "+fleet.kinds.engine.duty={hours: {day: {start: 8 h, end: 20 h}, night: {start: 20 h, end: 8 h}}}",
)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> sim.Results:
    return sim.run(sim.prepare(*ALL), results=tmp_path_factory.mktemp("all"))


def test_every_column_that_is_written_is_described_in_its_file(results: sim.Results) -> None:
    files = sorted(results.path.glob("*.parquet"))
    assert {file.stem for file in files} == DICTIONARY.keys()
    for file in files:
        schema = pq.read_schema(file)
        told = {each.name: each.metadata[b"description"].decode() for each in schema}
        described = DICTIONARY[file.stem].columns
        assert told == {name: meaning for name, meaning in described.items() if name in told}
        assert list(told) == [name for name in described if name in told]


def test_the_docs_tell_the_same() -> None:
    text = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    sections = re.findall(r"^### `(\w+)`: a row is (.*?) \((.*?)\)\n\n(.*?)(?=^#|\Z)", text, re.M | re.S)
    told = {
        name: (row, when, dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", body, re.M)))
        for name, row, when, body in sections
    }
    assert told == {name: (each.row, each.when, dict(each.columns)) for name, each in DICTIONARY.items()}


def test_units_are_in_names() -> None:
    moments = {
        name
        for each in DICTIONARY.values()
        for name, meaning in each.columns.items()
        if "when " in meaning[:5]
    }
    assert all(name.endswith("_s") for name in moments)


def test_columns_are_told_on_demand() -> None:
    told = here("results", "columns", "unmet")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("unmet: a row is something that an incident asked for and did not get")
    assert all(name in told.stdout for name in DICTIONARY["unmet"].columns)
    assert "assembled_s" not in told.stdout
    assert "assembled_s" in here("results", "columns").stdout
    wrong = here("results", "columns", "incident")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "no table 'incident'; did you mean \"incidents\"?" in wrong.stderr


def test_lazy_tables_are_the_same_as_frames(results: sim.Results) -> None:
    counted = results.lazy("incidents").filter("type = 'structure_fire'").aggregate("count(*) AS n").df()
    assert counted.n.item() == (results.incidents.type == "structure_fire").sum() > 0
    assert results.lazy("moves").df().length_m.sum() == pytest.approx(results.moves.length_m.sum())
    with pytest.raises(ValueError, match="has no table 'shift'"):
        results.lazy("shift")


def test_lazy_tables_of_a_run_that_is_not_done(tmp_path: Path) -> None:
    """Parts are read where there is no Parquet file yet."""
    from sim.study.ledger import Ledger
    from sim.study.work import perform

    study = sim.prepare("horizon=10 d", "incident=[structure_fire]", "replications=3", "workers=1")
    with Ledger(study, tmp_path) as ledger:
        for task in list(ledger.tasks())[:2]:
            ledger.add(perform(task))
        found = sim.load(ledger.folder).lazy("incidents").aggregate("replication", "replication")
        assert sorted(found.df().replication) == [0, 1]
