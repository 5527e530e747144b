"""How distributions are written: files, editors' schema, and every mistake with its words."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.config.problems import from_pydantic
from sim.model.distributions import Constant, Distribution, Empirical, Law, LawOf, Numbers, Speeds
from sim.model.units import Share


class Written(BaseModel):
    time: Distribution = Constant(0.0)
    number: Numbers = Constant(0.0)
    speed: Speeds | None = None
    share: Annotated[Law, LawOf(Share)] = Constant(0.0)
    each: dict[str, Distribution] = {}


GAMMA: dict[str, Any] = {"dist": "gamma", "a": 2, "scale": "1 min"}
FILE: dict[str, Any] = {"dist": "empirical", "file": "a.csv", "column": "turnout", "unit": "s"}

BAD: dict[str, tuple[object, str, str, str]] = {
    "no unit": (60, "", "60", "a time with its unit (s, min, h, d, year), such as '5 min', or a mapping"),
    "no unit, as text": ("60", "", "'60'", "a time with its unit (s, min, h, d, year), such as '5 min'"),
    "nothing": (None, "", "None", "a time with its unit"),
    "a negative constant": ("-5 s", "", "'-5 s'", "a time of at least 0 s"),
    "no dist": ({"median": "74 s"}, "", "a mapping", "a time such as '5 min', or a mapping with dist"),
    "unknown dist": (GAMMA | {"dist": "gama"}, "dist", "'gama'", '; did you mean "gamma"?'),
    "unlike any dist": ({"dist": "xyzzy"}, "dist", "'xyzzy'", "empirical, or a name of scipy.stats"),
    "dist not a text": ({"dist": ["gamma"]}, "dist", "a list", "one of constant, exponential"),
    "one of ours meant": (
        {"dist": "expon", "mean": "5 min"},
        "dist",
        "'expon'",
        'a distribution with mean; did you mean "exponential"?',
    ),
    "a misspelt parameter": (
        {"dist": "lognormal", "median": "74 s", "sigma": 0.4, "mx": "5 min"},
        "mx",
        "'5 min'",
        'no such key; lognormal takes median, sigma, min, max, shift; did you mean "max"?',
    ),
    "an unknown shape parameter": (
        GAMMA | {"b": 3},
        "b",
        "3",
        "no such key; gamma takes a, loc, scale, min, max, shift",
    ),
    "a missing shape parameter": (
        {"dist": "gamma", "scale": "1 min"},
        "a",
        "nothing",
        "a value; gamma takes a, loc, scale, min, max, shift",
    ),
    "a missing scale": ({"dist": "gamma", "a": 2}, "scale", "nothing", "a value; gamma takes a, loc, scale"),
    "a shape that is a text": (GAMMA | {"a": "2"}, "a", "'2'", "a number, such as 3"),
    "a shape that is not finite": (GAMMA | {"a": float("nan")}, "a", "nan", "a number"),
    "a truth value": (GAMMA | {"a": True}, "a", "True", "a number"),
    "a scale without unit": (GAMMA | {"scale": 60}, "scale", "60", "a time with its unit"),
    "no scale": (GAMMA | {"scale": "0 s"}, "scale", "'0 s'", "a time above 0 s"),
    "outside the domain": (
        GAMMA | {"a": -2},
        "",
        "a mapping",
        "parameters within the domain of scipy.stats.gam",
    ),
    "half a trial": (
        {"dist": "binom", "n": 2.5, "p": 0.5, "scale": "1 s"},
        "",
        "a mapping",
        "parameters within the domain of scipy.stats.binom",
    ),
    "below zero": (
        {"dist": "norm", "loc": "1 min", "scale": "1 min"},
        "",
        "a mapping",
        "a time of at least 0 s in every draw; min and max cut off",
    ),
    "shifted below zero": (
        GAMMA | {"shift": "-1 min"},
        "",
        "a mapping",
        "a time of at least 0 s in every draw",
    ),
    "endless": ({"dist": "pareto", "b": 0.01, "scale": "1 s"}, "", "a mapping", "values of a finite size"),
    "endless too": ({"dist": "weibull", "mean": "1 s", "shape": 0.001}, "", "a mapping", "a finite size"),
    "min above max": (GAMMA | {"min": "5 min", "max": "1 min"}, "min", "'5 min'", "min below max"),
    "min at max": (GAMMA | {"min": "1 min", "max": "1 min"}, "min", "'1 min'", "min below max"),
    "nothing within": (GAMMA | {"min": "5 d"}, "", "a mapping", "a chance of at least 1e-09 to lie between"),
    "no count within": (
        {"dist": "poisson", "mu": 3, "scale": "1 min", "min": "130 s", "max": "170 s"},
        "",
        "a mapping",
        "to lie between min and max",
    ),
    "a constant beyond": (
        {"dist": "constant", "value": "5 s", "max": "1 s"},
        "",
        "a mapping",
        "to lie between",
    ),
    "a uniform beyond": (
        {"dist": "uniform", "low": "5 s", "high": "9 s", "min": "9 s"},
        "",
        "a mapping",
        "to lie between",
    ),
    "high below low": (
        {"dist": "uniform", "low": "5 s", "high": "1 s"},
        "",
        "a mapping",
        "high to be at least",
    ),
    "a steep sigma": ({"dist": "lognormal", "median": "5 s", "sigma": 4}, "sigma", "4", "at most 3"),
    "no sample": ({"dist": "empirical"}, "values", "nothing", "empirical without a file takes values, min"),
    "an empty sample": (
        {"dist": "empirical", "values": []},
        "values",
        "a list",
        "at least one value such as",
    ),
    "a bad value": ({"dist": "empirical", "values": ["5 s", 6]}, "values.1", "6", "a time with its unit"),
    "no value within": (
        {"dist": "empirical", "values": ["5 s"], "min": "6 s"},
        "",
        "a mapping",
        "to lie between min and max",
    ),
    "a file and values": (FILE | {"values": ["5 s"]}, "values", "a list", "empirical with a file takes file"),
    "no such file": (FILE | {"file": "b.csv"}, "file", "'b.csv'", "a file in "),
    "a file that is no text": (FILE | {"file": 7}, "file", "7", "the name of a CSV file"),
    "a column that is no text": (FILE | {"column": 7}, "column", "7", "the name of a column"),
    "no such column": (FILE | {"column": "turnot"}, "column", "'turnot'", 'a.csv; did you mean "turnout"?'),
    "an empty column": (
        FILE | {"file": "header.csv"},
        "column",
        "'turnout'",
        "one value below turnout in header",
    ),
    "an empty file": (FILE | {"file": "empty.csv"}, "column", "'turnout'", "a column of empty.csv"),
    "no such unit": (FILE | {"unit": "sec"}, "unit", "'sec'", "the unit of the column: s, min, h, d, year"),
    "no unit of a column": (
        {"dist": "empirical", "file": "a.csv", "column": "turnout"},
        "unit",
        "nothing",
        "takes file, column, unit",
    ),
    "a word in a cell": (FILE | {"column": "word"}, "file", "'n/a'", "a number in a.csv, row 4, column word"),
    "a blank cell": (FILE | {"column": "blank"}, "file", "''", "a number in a.csv, row 2, column blank"),
    "NaN in a cell": (FILE | {"column": "nan"}, "file", "'NaN'", "a number in a.csv, row 2, column nan"),
    "a negative cell": (FILE | {"column": "low"}, "file", "'-3'", "at least 0 s in a.csv, row 4, column low"),
    "another encoding": (
        FILE | {"file": "utf16.csv"},
        "file",
        "",
        "text in UTF-8, GB18030 or UTF-16",
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = "turnout,word,blank,nan,low\n60,1,,NaN,1\n\n75,n/a,1,1,-3\n"
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "header.csv").write_text("turnout\n\n", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "utf16.csv").write_bytes("turnout\n60\n".encode("utf-16") + b"x")
    return tmp_path


@pytest.mark.parametrize(("written", "key", "found", "expected"), BAD.values(), ids=BAD.keys())
def test_a_mistake_is_told_with_its_path_and_what_was_expected(
    written: object, key: str, found: str, expected: str, folder: Path
) -> None:
    for value, start in (({"time": written}, "time"), ({"each": {"a": written}}, "each.a")):
        with pytest.raises(ValidationError) as caught:
            Written.model_validate(value, context={"folders": [folder]})
        (problem,) = from_pydantic(caught.value, Written)
        assert ".".join(problem.path) == ".".join(filter(None, [start, key]))
        assert problem.found.startswith(found)
        assert expected in problem.expected


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        Written.model_validate({"time": {"dist": "gamma", "b": 1, "scale": 3}, "number": "3"})
    problems = from_pydantic(caught.value, Written)
    assert [".".join(each.path) for each in problems] == ["time.a", "time.b", "time.scale", "number"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"number": "3"}, "a number, such as 3"),
        ({"number": {"dist": "poisson", "mu": 3, "scale": "1 s"}}, "a number above 0, such as 3"),
        ({"speed": "0 m/s"}, "a speed above 0 m/s"),
        ({"speed": {"dist": "poisson", "mu": 3, "scale": "1 m/s"}}, "a speed above 0 m/s in every draw"),
        ({"share": {"dist": "exponential", "mean": "50 %"}}, "at most 100 % in every draw"),
    ],
)
def test_other_quantities_keep_to_their_own_range(value: object, expected: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Written.model_validate(value)
    (problem,) = from_pydantic(caught.value, Written)
    assert expected in problem.expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_that_spreadsheets_write(encoding: str, tmp_path: Path) -> None:
    rows = "车型, 出动时间 \r\n水罐车,1.5\r\n,,\r\n云梯车, 2\r\n"
    (tmp_path / "turnout.csv").write_bytes(rows.encode(encoding))
    written = FILE | {"file": "turnout.csv", "column": "出动时间", "unit": "min"}
    context = {"folders": [tmp_path / "none", tmp_path]}
    law = TypeAdapter(Distribution).validate_python(written, context=context)
    assert law == Empirical((90.0, 120.0))


def test_without_folders_a_file_is_looked_for_in_the_current_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert Written(time=FILE).time == Empirical((60.0, 75.0))  # type: ignore[arg-type]
    assert Written.model_validate({"number": {"dist": "empirical", "file": "a.csv", "column": "turnout"}})


def test_a_law_made_in_python_stays_as_it_is() -> None:
    assert Written(time=Constant(5.0)).time == Constant(5.0)


SCHEMA = Written.model_json_schema()

WRITTEN = [
    {"time": "60 s", "number": 3, "speed": "41 km/h", "share": "5 %"},
    {"time": {"dist": "lognormal", "median": "74 s", "sigma": 0.42, "max": "5 min", "shift": "-1 s"}},
    {"time": GAMMA | {"loc": "-3 s"}, "number": {"dist": "poisson", "mu": 3}},
    {"time": {"dist": "uniform", "low": "0 s", "high": "1 min"}},
    {"time": FILE, "each": {"a": {"dist": "empirical", "values": ["1 s", "2 s"]}}},
    {"speed": None},
]


@pytest.mark.parametrize("written", WRITTEN)
def test_editors_accept_what_may_be_written(written: dict[str, Any]) -> None:
    assert [*Draft202012Validator(SCHEMA).iter_errors(written)] == []


MARKED = {
    "no unit": {"time": 60},
    "another unit": {"time": "60 km"},
    "below 0": {"time": "-60 s"},
    "a misspelt parameter": {"time": {"dist": "lognormal", "medain": "74 s", "sigma": 0.42}},
    "a shape too large": {"time": {"dist": "lognormal", "median": "74 s", "sigma": 42}},
    "a size of 0": {"time": {"dist": "exponential", "mean": "0 s"}},
    "no scale": {"time": {"dist": "gamma", "a": 2}},
    "no unit of a column": {"time": {"dist": "empirical", "file": "a.csv", "column": "turnout"}},
}


@pytest.mark.parametrize("wrong", MARKED.values(), ids=MARKED.keys())
def test_editors_mark_what_may_not(wrong: dict[str, Any]) -> None:
    assert [*Draft202012Validator(SCHEMA).iter_errors(wrong)]
    with pytest.raises(ValidationError):
        Written.model_validate(wrong)
