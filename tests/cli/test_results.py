"""`tocsin results`, on studies that ran."""

import io
import json
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from console import here

import sim
from sim.study import store
from sim.study.catalogue import Catalogue, QueryError, UnknownStudyError, ask, connect
from sim.study.ledger import Ledger
from sim.study.work import perform

SHORT = ("horizon=10 d", "incident=[structure_fire,medical_emergency]", "workers=1")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two studies that are complete, of two places, and one that was interrupted after two of three."""
    root = tmp_path_factory.mktemp("studies") / "it's results"
    sim.run(sim.prepare(*SHORT, "replications=3"), results=root)
    sim.run(sim.prepare(*SHORT, "replications=2", "place=shanting"), results=root)
    with suppress(KeyboardInterrupt), Ledger(sim.prepare(*SHORT, "replications=3", "seed=9"), root) as third:
        for task in list(third.tasks())[:2]:
            third.add(perform(task))
        raise KeyboardInterrupt
    return root


def results(*arguments: str, root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sim.cli", "results", *arguments, "--results", str(root)]
    return subprocess.run(command, capture_output=True, text=True)


def entry(root: Path, name: str, seed: int = 1):
    return next(
        each
        for each in Catalogue(root).entries
        if each.manifest["name"] == name and each.manifest["seed"] == seed
    )


def test_all_studies_are_listed_with_how_far_they_are(root: Path) -> None:
    found = results("list", root=root)
    assert found.returncode == 0
    rows = {line.split()[0]: line for line in found.stdout.splitlines()[1:]}
    assert len(rows) == 3
    assert "complete" in rows[entry(root, "shanting").path.name]
    assert "2 of 3" in rows[entry(root, "zhoucun", 9).path.name]
    assert "interrupted" in rows[entry(root, "zhoucun", 9).path.name]


def test_sql_sees_the_rows_that_notebooks_see(root: Path) -> None:
    whole = sim.load(entry(root, "zhoucun").path)
    sql = "SELECT replication, count(*) n, avg(x_m) x FROM incidents GROUP BY 1 ORDER BY 1"
    found = ask(sql, [entry(root, "zhoucun")])
    by = whole.incidents.groupby("replication")
    assert found.n.tolist() == by.size().tolist()
    assert found.x.tolist() == pytest.approx(by.x_m.mean().tolist())


def test_sql_over_all_studies_tells_them_apart_and_reads_what_is_unfinished(root: Path) -> None:
    found = ask(
        "SELECT study, count(DISTINCT replication) n FROM incidents GROUP BY 1", Catalogue(root).entries
    )
    assert sorted(found.n) == [2, 2, 3]
    states = ask("SELECT study, state, finished FROM studies", Catalogue(root).entries).set_index("study")
    assert states.finished.to_dict() == found.set_index("study").n.to_dict()


def test_a_query_prints_csv(root: Path) -> None:
    sql = "SELECT type, count(*) AS n FROM incidents GROUP BY type ORDER BY type"
    found = results("query", sql, "shanting", "--csv", root=root)
    table = pd.read_csv(io.StringIO(found.stdout)).set_index("type").n
    counted = sim.load(entry(root, "shanting").path).incidents.type.value_counts()
    assert table.to_dict() == {name: n for name, n in counted.to_dict().items() if n}


def test_export_writes_csv_that_reads_back(root: Path, tmp_path: Path) -> None:
    found = results("export", "shanting", "--csv", str(tmp_path / "csv"), root=root)
    assert found.returncode == 0
    back = pd.read_csv(tmp_path / "csv" / "responses.csv")
    whole = sim.load(entry(root, "shanting").path).responses
    assert back.arrived_s.sum() == pytest.approx(whole.arrived_s.sum())
    assert len(back) == len(whole)


def test_an_export_to_where_nothing_can_be_written_is_told(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder" / "incidents.csv").mkdir(parents=True)
    for to in ("file", "folder", "file/below"):
        found = results("export", "shanting", "--csv", str(tmp_path / to), root=root)
        assert found.returncode == 1
        assert "cannot write results" in found.stderr
        assert "Traceback" not in found.stderr
    assert (tmp_path / "file").read_text() == "mine"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["incidents.csv"]


def test_show_prints_the_answer_again(root: Path) -> None:
    found = results("show", "shanting", root=root)
    assert "Shanting" in found.stdout
    assert "2 replications" in found.stdout


def test_without_studies_there_is_nothing_to_query(tmp_path: Path) -> None:
    found = results("query", "SELECT count(*) FROM incidents", root=tmp_path)
    assert (found.returncode, found.stderr) == (2, "tocsin: no studies to query yet; try: tocsin run\n")


def test_bad_sql_and_unknown_studies_are_told_in_words(root: Path) -> None:
    for arguments, words in (
        (("query", "SELEKT 1"), "syntax error"),
        (("query", " ;"), "expected SQL, such as SELECT"),
        (("show", "zhoucn"), "no study 'zhoucn'"),
    ):
        found = results(*arguments, root=root)
        assert found.returncode == 2
        assert words in found.stderr
        assert "Traceback" not in found.stderr
    with pytest.raises(QueryError):
        ask("SELECT nothing FROM incidents", Catalogue(root).entries)
    with pytest.raises(UnknownStudyError):
        Catalogue(root).find("nope")


def test_a_study_is_found_by_its_hash_its_name_and_its_folder(root: Path) -> None:
    wanted = entry(root, "shanting")
    for name in (wanted.manifest["fingerprint"][:6], "shanting", wanted.path.name, str(wanted.path)):
        assert Catalogue(root).find(name).path == wanted.path


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"name": "an app", "points": []}', "\0"])
@pytest.mark.parametrize("file", ["manifest.json", "sweep.json"])
def test_a_file_that_is_damaged_or_not_ours_is_left_out_and_told(
    file: str, content: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = {"name": "good", "fingerprint": "abc", "state": "complete", "replications": 2, "finished": [0, 1]}
    for folder, told in {"good": ("manifest.json", json.dumps(good)), "odd": (file, content)}.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / told[0]).write_text(told[1])
    found = here("results", "list", "--results", str(tmp_path))
    assert found.returncode == 0
    assert "2 of 2" in found.stdout
    assert "odd" not in found.stdout
    assert f"{tmp_path / 'odd' / file} is left out" in caplog.text


@pytest.mark.parametrize(
    ("file", "content"), [("incidents.parquet", b"hi"), ("incidents.parquet", None), ("tables.json", b"{")]
)
def test_tables_that_are_damaged_are_told(file: str, content: bytes | None, tmp_path: Path) -> None:
    found = sim.run(sim.prepare(*SHORT, "replications=1"), results=tmp_path)
    if content is None:
        (found.path / file).unlink()
    else:
        (found.path / file).write_bytes(content)
    for words in (("run", *SHORT, "replications=1"), ("results", "show", found.path.name)):
        told = here(*words, "--results", str(tmp_path))
        assert told.returncode == 1
        assert "Traceback" not in told.stderr
        assert f"damaged; remove the folder to have it done again: '{found.path}'" in told.stderr


def test_what_may_mean_several_studies_or_none_means_none(tmp_path: Path) -> None:
    """The emptiest of names, a folder elsewhere, and the start of two hashes remove nothing."""
    hashes = ("abc1", "abc2", "b0")
    for fingerprint in hashes:
        folder = tmp_path / f"c-{fingerprint}"
        folder.mkdir()
        told = {"name": "abc" if fingerprint == "b0" else "c", "fingerprint": fingerprint}
        (folder / "manifest.json").write_text(json.dumps(told))
    for name, words in {
        "": "no study ''",
        "ab": "'ab' starts the hashes of c-abc1, c-abc2; expected more of one of them",
        "/elsewhere/c-b0": "no study",
    }.items():
        found = results("clean", name, "--yes", root=tmp_path)
        assert found.returncode == 2
        assert words in found.stderr
        assert "Traceback" not in found.stderr
    assert len(list(tmp_path.iterdir())) == 3
    assert Catalogue(tmp_path).find("abc").path.name == "c-b0", "a name goes before hashes"
    assert Catalogue(tmp_path).find("abc2").path.name == "c-abc2"


def test_views_can_be_asked_for_in_a_notebook(root: Path) -> None:
    (n,) = connect(Catalogue(root).entries).execute("SELECT count(*) FROM studies").fetchone()
    assert n == 3


def test_clean_removes_what_it_is_told_to_and_nothing_that_runs(tmp_path: Path) -> None:
    for seed in (1, 2, 3):
        sim.run(sim.prepare(*SHORT, "replications=1", f"seed={seed}"), results=tmp_path)
    one, two, three = (entry(tmp_path, "zhoucun", seed) for seed in (1, 2, 3))
    manifest = json.loads((one.path / "manifest.json").read_text())
    (one.path / "manifest.json").write_text(json.dumps(manifest | {"source_hash": "older"}))
    assert results("clean", root=tmp_path).returncode == 2
    assert "say --yes" in results("clean", "--stale", root=tmp_path).stdout
    assert one.path.is_dir()
    assert results("clean", "--stale", "--yes", root=tmp_path).returncode == 0
    assert not one.path.exists()
    with store.claimed(two.path):
        found = results("clean", two.path.name, three.path.name, "--yes", root=tmp_path)
        assert found.returncode == 1
        assert "running" in found.stderr
    assert two.path.is_dir()
    assert three.path.is_dir()
    assert results("clean", two.path.name, three.path.name, "--yes", root=tmp_path).returncode == 0
    assert not list(tmp_path.glob("*/manifest.json"))


def test_results_of_another_schema_are_refused(root: Path, tmp_path: Path) -> None:
    old = shutil.copytree(next(root.glob("zhoucun-*")), tmp_path / "zhoucun-0123456789ab")
    manifest = json.loads((old / "manifest.json").read_text())
    (old / "manifest.json").write_text(json.dumps(manifest | {"schema_version": 99}))
    told = results("show", old.name, root=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "results of schema 99, and this tocsin reads" in told.stderr
    with pytest.raises(ValueError, match="results of schema 99"):
        sim.load(old)


def test_who_looks_whether_a_folder_is_claimed_is_in_nobodys_way(tmp_path: Path) -> None:
    """Looked at all the time, it is claimed all the same."""
    over = threading.Event()
    (tmp_path / ".lock").touch()

    def look() -> None:
        while not over.is_set():
            store.is_claimed(tmp_path)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(50):
            with store.claimed(tmp_path):
                pass
    finally:
        over.set()
        looking.join()


def test_a_study_that_ended_since_it_was_read_was_not_killed(root: Path) -> None:
    ended = next(entry for entry in Catalogue(root).entries if entry.state == "complete")
    before = type(ended)(ended.path, ended.manifest | {"state": "running"})
    assert before.state == "complete"
