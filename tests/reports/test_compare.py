"""Comparing two frames: the same verdict for every kind of frame, and an answer for every kind of trouble."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import modelwatch as mw
from modelwatch.core.level import Level
from modelwatch.errors import InvalidRequest
from modelwatch.reports import fitting
from tests.reports.frames import KINDS, columns


def levels(result: mw.Comparison) -> dict[str, Level]:
    """The level of each compared column."""
    return {column.feature: column.level for column in result.columns}


def normal(rows: int, seed: int, shift: float = 0.0) -> Any:
    """A column of the normal distribution."""
    return np.random.default_rng(seed).normal(shift, 1.0, rows)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_frame_gives_the_same_result(kind: str) -> None:
    before, now = columns(3000, 1), columns(1000, 2, shift=0.7)
    wanted = mw.compare(pl.DataFrame(before), pl.DataFrame(now)).to_dict()
    assert mw.compare(KINDS[kind](before), KINDS[kind](now)).to_dict() == wanted
    assert mw.compare(KINDS[kind](before), pl.DataFrame(now)).to_dict() == wanted


def test_what_has_moved_is_raised_and_the_rest_is_quiet() -> None:
    result = mw.compare(pl.DataFrame(columns(20_000, 1)), pl.DataFrame(columns(5000, 2, shift=0.7)))
    assert levels(result) == {"amount": "critical", "items": "ok", "country": "ok", "member": "ok"}
    assert (result.passed, result.level) == (False, Level.CRITICAL)
    assert result.passes(Level.CRITICAL) is False
    assert result.columns[0].feature == "amount"
    first = next(finding for finding in result.findings if finding.metric == "psi")
    assert (first.feature, first.level) == ("amount", Level.CRITICAL)
    assert first.value > 0.25
    assert first.evidence["why"]
    assert "1 of 4 columns has drifted" in result.verdict


def test_the_same_rows_pass() -> None:
    frame = pl.DataFrame(columns(5000, 3))
    result = mw.compare(frame, frame.sample(fraction=1.0, shuffle=True, seed=1))
    assert result.passed
    assert result.level is Level.OK


@pytest.mark.parametrize("rows", [240, 2000, 70_000])
def test_ids_that_come_again_or_are_all_new_are_no_drift(rows: int) -> None:
    ids = pl.DataFrame(
        {"id": [f"customer {i}" for i in range(rows)], "often": [f"v{i % (rows // 3)}" for i in range(rows)]}
    )
    fresh = pl.DataFrame({"id": [f"other {i}" for i in range(rows)], "often": ids["often"]})
    for current in (ids, ids.sample(fraction=0.9, seed=1), fresh):
        assert set(levels(mw.compare(ids, current)).values()) == {Level.OK}


def test_a_row_number_is_told_to_be_one() -> None:
    before, now = pl.DataFrame({"row": range(1000)}), pl.DataFrame({"row": range(1000, 2000)})
    assert "ignore=" in mw.compare(before, now).columns[0].note
    assert mw.compare(before, now.sample(fraction=1.0, shuffle=True, seed=1)).columns[0].note == ""


def test_too_few_rows_are_never_a_pass() -> None:
    frame = pl.DataFrame(columns(5000, 3))
    for few in (0, 1, 199):
        result = mw.compare(frame, frame.head(few))
        assert (result.passed, result.level) == (False, Level.INSUFFICIENT_DATA)
        assert "Nothing could be judged" in result.verdict
    assert not mw.compare(frame.head(0), frame.head(0)).passed
    assert not mw.compare(frame.select([]), frame.select([])).passed


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_columns_that_are_missing_new_or_of_another_type_are_findings(kind: str) -> None:
    n = 300
    same = normal(n, 1).tolist()
    before = {"same": same, "gone": [1.0] * n, "kind": [1] * n}
    now = {"same": same, "fresh": [1.0] * n, "kind": ["x"] * n}
    result = mw.compare(KINDS[kind](before), KINDS[kind](now))
    found = {finding.feature: (finding.metric, finding.level) for finding in result.changes}
    assert found == {
        "gone": ("column_missing", Level.CRITICAL),
        "fresh": ("column_new", Level.NOTICE),
        "kind": ("column_type", Level.CRITICAL),
    }
    assert levels(result) == {"same": Level.OK}
    assert not result.passed
    assert mw.compare(KINDS[kind](before), KINDS[kind](now), ignore=["gone", "kind"]).passed


def test_empty_constant_and_null_columns_have_a_stated_result() -> None:
    n = 1000
    frame = pd.DataFrame({"constant": [3.0] * n, "nothing": [np.nan] * n, "none": [None] * n, "word": ["a"] * n})
    result = mw.compare(frame, frame)
    assert set(levels(result).values()) == {Level.OK}
    changed = frame.assign(constant=4.0, nothing=1.0, none="x", word=None)
    result = mw.compare(frame, changed)
    assert levels(result) == dict.fromkeys(frame.columns, Level.CRITICAL)
    result.to_html()


def test_a_column_whose_values_are_all_missing_has_the_type_of_the_other_side() -> None:
    words = pd.DataFrame({"word": ["a", "b"] * 300})
    gone = pd.DataFrame({"word": [np.nan] * 600})
    for before, now in ((words, gone), (gone, words)):
        result = mw.compare(before, now)
        assert result.changes == ()
        assert (result.columns[0].type, result.level) == ("category", Level.CRITICAL)
    assert mw.compare(gone, gone).columns[0].type == "numeric"
    assert repr(result).startswith("<Comparison critical, passed=False: 1 of 1 column has drifted")


@pytest.mark.parametrize("drifted", [False, True])
def test_one_outlier_and_one_nan_change_no_verdict(drifted: bool) -> None:
    reference = normal(20_000, 1)
    for outlier in (1e6, np.nan, np.inf):
        current = normal(2000, 2, shift=1.0 if drifted else 0.0)
        clean = mw.compare(pl.DataFrame({"x": reference}), pl.DataFrame({"x": current}))
        current[7] = outlier
        odd = mw.compare(pl.DataFrame({"x": reference}), pl.DataFrame({"x": current}))
        assert odd.level is clean.level
        assert odd.level is (Level.CRITICAL if drifted else Level.OK)


def test_categoricals_are_compared_by_name_whatever_their_codes() -> None:
    words = np.random.default_rng(1).choice(["a", "b", "c"], 4000)
    before = pd.DataFrame({"w": pd.Categorical(words, categories=["c", "b", "a", "never"])})
    now = pd.DataFrame({"w": pd.Categorical(words[:1000], categories=["a", "b", "c"])})
    assert mw.compare(before, now).passed
    assert mw.compare(before, pl.DataFrame({"w": pl.Series(words[:1000], dtype=pl.Categorical)})).passed
    assert mw.compare(before, pa.table({"w": pa.array(words[:1000]).dictionary_encode()})).passed
    numbers = pd.DataFrame({"w": pd.Categorical(np.arange(4000) % 3)})
    assert mw.compare(numbers, numbers).columns[0].type == "category"


def test_dates_are_left_out_unless_they_are_named() -> None:
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
    times = [start + datetime.timedelta(hours=i) for i in range(1000)]
    for make in (pd.DataFrame, pl.DataFrame, pa.table, lambda data: pd.DataFrame(data, dtype=object)):
        frame = make({"when": times, "x": list(range(1000))})
        result = mw.compare(frame, frame)
        assert list(levels(result)) == ["x"]
        assert "dates move on" in result.left[0].reason
        named = mw.compare(frame, frame, features=["when"])
        assert named.columns[0].note == "compared as seconds since 1970"
        assert named.columns[0].distribution.reference_median == pytest.approx(
            start.replace(tzinfo=datetime.UTC).timestamp() + 499.5 * 3600, abs=4 * 3600
        )
    days = pl.DataFrame({"day": [start.date()] * 500})
    assert mw.compare(days, days, features="day").columns[0].type == "numeric"


def test_what_cannot_be_compared_is_said_with_its_reason() -> None:
    n = 300
    frame = pd.DataFrame(
        {
            "x": normal(n, 1),
            "dict": [{"a": i} for i in range(n)],
            "words": [["a", "b"]] * n,
            "mixed": [1 if i % 2 else "one" for i in range(n)],
            "span": pd.to_timedelta(range(n), unit="s"),
            "complex": [complex(1, i % 2) for i in range(n)],
        }
    )
    result = mw.compare(frame, frame)
    assert {left.key.name: left.reason for left in result.left} == {
        "dict": "a column of values of type dict",
        "words": "a column of lists that are not of at most 4,096 numbers",
    }
    assert {column.feature: column.note for column in result.columns if column.note} == {
        "mixed": "values of type int, str are compared as text",
        "span": "compared in seconds",
        "complex": "values of type complex are compared as text",
    }


VECTORS = {
    "polars lists": lambda rows: pl.DataFrame({"e": pl.Series(rows, dtype=pl.List(pl.Float64))}),
    "polars arrays": lambda rows: pl.DataFrame({"e": pl.Series(rows, dtype=pl.List(pl.Float32)).list.to_array(16)}),
    "pyarrow": lambda rows: pa.table({"e": pa.array(rows, pa.list_(pa.float32()))}),
    "pandas lists": lambda rows: pd.DataFrame({"e": rows}),
    "pandas tuples": lambda rows: pd.DataFrame({"e": [None if row is None else tuple(row) for row in rows]}),
    "pandas arrays": lambda rows: pd.DataFrame({"e": [None if row is None else np.array(row) for row in rows]}),
}


def embedded(rows: int, seed: int, shift: float = 0.0) -> list[Any]:
    """Vectors of 16 numbers, and a few nulls."""
    values = np.random.default_rng(seed).normal(shift, 1.0, (rows, 16)).astype(np.float32)
    return [None if i % 100 == 7 else row.tolist() for i, row in enumerate(values)]


@pytest.mark.parametrize("kind", VECTORS)
def test_lists_of_numbers_are_compared_as_vectors(kind: str) -> None:
    before, same, moved = embedded(3000, 1), embedded(1000, 2), embedded(1000, 3, 0.4)
    make = VECTORS[kind]
    assert mw.compare(make(before), make(same), embeddings=["e"]).passed
    found = mw.compare(make(before), make(moved))
    assert (found.level, found.columns[0].type) == (Level.CRITICAL, "vector")
    wanted = mw.compare(VECTORS["polars lists"](before), VECTORS["polars lists"](moved))
    assert found.to_dict()["columns"] == wanted.to_dict()["columns"]
    assert "vector" in found.to_html()
    assert found._repr_html_()


def test_vectors_of_another_length_are_of_another_type() -> None:
    before, now = embedded(1000, 1), [row if i % 10 else [1.0, 2.0] for i, row in enumerate(embedded(1000, 2))]
    result = mw.compare(pl.DataFrame({"e": before}), pl.DataFrame({"e": now}), expectations=[mw.expect.unique("e")])
    rate = result.columns[0].metric("mistyped")
    assert rate is not None
    assert (rate.value, result.level) == (0.1, Level.CRITICAL)
    assert result.expectations[0].found == "the window holds vectors"
    longer = pl.DataFrame({"e": [[0.0] * 5000] * 300})
    assert "at most 4,096 numbers" in mw.compare(longer, longer).left[0].reason


def sentences(rows: int, seed: int, words: list[str], length: int) -> list[str]:
    """Texts of some words."""
    random = np.random.default_rng(seed)
    return [" ".join(random.choice(words, random.integers(length, 2 * length))) for _ in range(rows)]


def test_text_is_compared_by_what_is_measured_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"{start}{end}" for start in ("al", "be", "co", "du") for end in ("pha", "ta", "ric", "ne", "mo")]
    before = pl.DataFrame({"review": sentences(3000, 1, words, 6)})
    same, longer = (pl.DataFrame({"review": sentences(1000, 2, words, length)}) for length in (6, 12))
    assert mw.compare(before, same).passed
    rules = [mw.expect.drift_below("review: length", 0.1), mw.expect.drift_below("review: digits", 0.1)]
    result = mw.compare(before, longer, expectations=rules)
    assert levels(result)["review: length"] is Level.CRITICAL
    assert levels(result)["review: digits"] is Level.OK
    assert [outcome.passed for outcome in result.expectations] == [False, True]
    assert "measured on text" in result.to_html()
    monkeypatch.setattr(fitting, "MAX_TEXTS", 1000)
    assert mw.compare(before, same).passed


def test_a_mistake_is_raised_with_a_hint() -> None:
    frame = pl.DataFrame({"amount": [1.0], "score": [1.0]})
    for arguments, said in (
        ({"features": ["amuont"]}, "did you mean 'amount'"),
        ({"prediction_score": "scor"}, "did you mean 'score'"),
        ({"ignore": ["other"]}, "neither frame has"),
        ({"features": ["amount"], "prediction_score": "amount"}, "two roles"),
    ):
        with pytest.raises(InvalidRequest, match=said):
            mw.compare(frame, frame, **arguments)  # type: ignore[arg-type]
    twice = pd.DataFrame([[1, 2]], columns=["a", "a"])
    with pytest.raises(InvalidRequest, match="one name"):
        mw.compare(twice, twice)
    with pytest.raises(InvalidRequest, match="two columns are called '1'"):
        mw.compare(pd.DataFrame([[1, 2]], columns=[1, "1"]), frame)
    with pytest.raises(InvalidRequest, match="no data frame"):
        mw.compare({"a": 1}, frame)
    assert list(
        levels(
            mw.compare(pd.DataFrame([[1, 2]], columns=[1, ("a", "b")]), pd.DataFrame([[1, 2]], columns=[1, ("a", "b")]))
        )
    ) == ["1", "('a', 'b')"]


def test_rows_of_one_cluster_do_not_count_as_independent() -> None:
    def clustered(seed: int) -> pl.DataFrame:
        random = np.random.default_rng(seed)
        x = np.repeat(random.normal(size=1500), 20) + random.normal(size=30_000)
        return pl.DataFrame({"customer": np.repeat(np.arange(1500), 20) + 10_000 * seed, "x": x})

    pairs = [(clustered(2 * i), clustered(2 * i + 1).head(8000)) for i in range(8)]
    fooled = sum(mw.compare(*pair, ignore=["customer"]).level is not Level.OK for pair in pairs)
    assert fooled >= 4
    told = [mw.compare(*pair, cluster="customer") for pair in pairs]
    assert {result.level for result in told} == {Level.OK}
    assert told[0].columns[0].findings[0].evidence["design_effect"] > 3  # type: ignore[operator]
    moved = pairs[0][1].with_columns(pl.col("x") + 1.0)
    assert mw.compare(pairs[0][0], moved, cluster="customer").level is Level.CRITICAL
    assert mw.compare(pairs[0][0].drop("customer"), moved, cluster="customer").level is Level.CRITICAL


def test_more_methods_are_computed_on_request() -> None:
    before, now = pl.DataFrame(columns(5000, 1)), pl.DataFrame(columns(2000, 2, shift=0.5))
    result = mw.compare(before, now, metrics=["hellinger", "wasserstein"])
    found = {(finding.feature, finding.metric) for finding in result.findings}
    assert {("amount", "hellinger"), ("amount", "wasserstein"), ("country", "hellinger")} <= found
    assert ("country", "wasserstein") not in found
    assert "Hellinger distance" in result.to_html()
    with pytest.raises(InvalidRequest, match="did you mean hellinger"):
        mw.compare(before, now, metrics=["helinger"])


def test_predictions_come_first_and_keep_their_role() -> None:
    frame = pl.DataFrame(
        {"x": normal(500, 1), "s": normal(500, 2), "p": ["a", "b"] * 250, "y": ["a", "b"] * 250, "a": normal(500, 3)}
    )
    result = mw.compare(
        frame, frame, prediction_label="p", prediction_score="s", actual_label="y", prediction_scores={"one": "a"}
    )
    roles = [(column["feature"], column["role"]) for column in result.to_dict()["columns"]]  # type: ignore[index, attr-defined]
    assert roles == [
        ("prediction_label", "prediction_label"),
        ("prediction_score", "prediction_score"),
        ("actual_label", "actual_label"),
        ("one", "prediction_scores"),
        ("x", "feature"),
    ]


def test_a_weighted_sample_stands_for_the_whole() -> None:
    random = np.random.default_rng(1)
    whole = random.normal(size=40_000)
    chance = np.where(whole > 0, 0.9, 0.1)
    kept = random.random(len(whole)) < chance
    sample = pl.DataFrame({"x": whole[kept], "w": 1 / chance[kept]})
    reference = pl.DataFrame({"x": random.normal(size=40_000)})
    assert not mw.compare(reference, sample.drop("w")).passed
    assert mw.compare(reference, sample, weight="w").passed
    for wrong in (0.0, -1.0, np.nan, None, "x"):
        with pytest.raises(InvalidRequest, match="weight"):
            mw.compare(reference, pl.DataFrame({"x": [1.0], "w": [wrong]}), weight="w")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(), st.integers(-(2**60), 2**60)), max_size=20),
    st.lists(st.one_of(st.none(), st.text(max_size=3), st.booleans(), st.floats()), max_size=20),
)
def test_any_values_have_a_result_that_can_be_handed_on(numbers: list[Any], objects: list[Any]) -> None:
    before = pd.DataFrame({"n": pd.Series(numbers * 20, dtype=object)})
    now = pd.DataFrame(
        {"n": pd.Series(numbers * 20, dtype=object), "o": pd.Series((objects * 400)[: len(numbers) * 20], dtype=object)}
    )
    result = mw.compare(before, now)
    json.loads(result.to_json(), parse_constant=pytest.fail)
    ElementTree.fromstring(result.to_junit())
    result.to_html().encode()
    assert str(result)
    assert result._repr_html_()


def test_without_the_extra_it_says_how_to_get_it() -> None:
    code = """
import sys
sys.modules["numba"] = None
import modelwatch as mw
try:
    mw.compare
except mw.ModelwatchError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'modelwatch[local]'" in done.stdout


def test_comparing_loads_no_server() -> None:
    code = """
import sys, modelwatch as mw, polars as pl
frame = pl.DataFrame({"x": [1.0, 2.0] * 300})
result = mw.compare(frame, frame)
result.to_html(), result.to_json(), result.to_junit()
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"fastapi", "sqlalchemy", "deltalake", "orjson", "pyarrow", "pandas"} & set(done.stdout.split())
