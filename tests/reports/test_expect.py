"""Expectations: what they hold of, what they say, and what is wrong with those that make no sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import modelwatch as mw
from modelwatch import expect
from modelwatch.core.level import Level
from modelwatch.errors import InvalidRequest
from modelwatch.reports.expectation_file import KINDS, read_expectations

FRAME = pl.DataFrame(
    {
        "amount": [float(i) for i in range(999)] + [None],
        "country": ["AT", "DE"] * 500,
        "id": range(1000),
        "member": [True, False] * 500,
        "day": pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 1, 1) + pl.duration(days=999), eager=True),
        "tags": [["a"]] * 1000,
    }
)


def outcome(expectation: Any, frame: Any = FRAME, reference: Any = FRAME) -> Any:
    """What comes of one expectation."""
    return mw.compare(reference, frame, expectations=[expectation]).expectations[0]


@pytest.mark.parametrize(
    ("expectation", "passed", "found"),
    [
        (expect.between("amount", 0, 998), True, "999 of 999"),
        (expect.between("amount", 1, 998), False, "998 of 999 rows; not 0"),
        (expect.between("amount", 1, at_least=0.99), True, "998 of 999"),
        (expect.between("day", "2024-01-01", "2030-01-01"), True, "1,000 of 1,000"),
        (expect.between("day", "2024-01-02"), False, "999 of 1,000"),
        (expect.between("country", 0, 1), False, "0 of 1,000"),
        (expect.in_set("country", ["AT", "DE", "CH"]), True, "1,000 of 1,000"),
        (expect.in_set("country", ["AT"]), False, "500 of 1,000 rows; not DE"),
        (expect.in_set("id", range(999)), False, "not 999"),
        (expect.in_set("member", [True]), False, "500 of 1,000"),
        (expect.not_null("amount"), False, "999 of 1,000"),
        (expect.not_null("amount", at_least=0.99), True, "999 of 1,000"),
        (expect.unique("id"), True, "1,000 of 1,000"),
        (expect.unique("country"), False, "0 of 1,000"),
        (expect.matches("country", "A.|D."), True, "1,000 of 1,000"),
        (expect.matches("country", "A"), False, "0 of 1,000"),
        (expect.of_type("amount", "numeric"), True, "numeric"),
        (expect.of_type("amount", "category"), False, "numeric"),
        (expect.mean_between("amount", 498, 500), True, "499 of 999 values"),
        (expect.quantile_between("amount", 0.5, 0, 10), False, "499 of 999 values"),
        (expect.mean_between("country", 0, 1), False, "no numbers"),
        (expect.rows_between(1, 1000), True, "1,000 rows"),
        (expect.rows_between(1001), False, "1,000 rows"),
        (expect.exists("amount"), True, "it is there"),
        (expect.exists("other"), False, "lacks"),
        (expect.drift_below("amount"), True, "psi 0"),
        (expect.drift_below("tags"), False, "not compared"),
        (expect.unique("tags"), False, "cannot be looked into"),
    ],
)
def test_each_says_whether_it_holds_and_what_was_found(expectation: Any, passed: bool, found: str) -> None:
    result = outcome(expectation)
    assert (result.passed, result.level) == (passed, Level.OK if passed else Level.CRITICAL)
    assert found in result.found


def test_a_broken_one_fails_the_comparison_with_its_own_level() -> None:
    result = mw.compare(FRAME, FRAME, expectations=[expect.unique("country", level="warning"), expect.exists("id")])
    assert (result.passed, result.level) == (False, Level.WARNING)
    assert not result.passes(Level.CRITICAL)
    finding = next(finding for finding in result.findings if finding.metric == "expect_unique")
    assert (finding.feature, finding.value, finding.level) == ("country", 0.0, Level.WARNING)
    assert "1 of 2 expectations is broken" in result.verdict
    assert [each["passed"] for each in result.to_dict()["expectations"]] == [False, True]  # type: ignore[index, attr-defined]


def test_a_column_that_the_window_lacks_breaks_what_is_expected_of_it() -> None:
    for each in (expect.not_null("id"), expect.drift_below("id"), expect.unique("id")):
        assert outcome(each, FRAME.drop("id")).found == "the window lacks the column"
    moved = FRAME.with_columns(pl.col("amount") + 500)
    assert not outcome(expect.drift_below("amount", 0.1), moved).passed
    assert outcome(expect.drift_below("amount", 50, metric="kl"), moved).passed


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: outcome(expect.unique("amuont")), "did you mean 'amount'"),
        (lambda: outcome(expect.drift_below("amount", metric="psy")), "did you mean 'psi'"),
        (lambda: expect.between("a", 2, 1), "above the upper end"),
        (lambda: expect.between("a", "soon"), "neither a number nor a date"),
        (lambda: expect.not_null("a", at_least=99), "no share"),
        (lambda: expect.matches("a", "("), "no regular expression"),
        (lambda: expect.in_set("a", []), "a list of values"),
        (lambda: expect.of_type("a", "float"), "numeric, category, boolean, vector"),
        (lambda: expect.unique("a", level="bad"), "critical, warning, notice"),
    ],
)
def test_one_that_makes_no_sense_is_refused_with_a_hint(make: Callable[[], Any], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        make()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-5, 5), st.floats()), min_size=1, max_size=30), st.integers(-5, 5))
def test_between_and_unique_count_as_python_does(values: list[Any], low: int) -> None:
    series = pd.Series([None if v is None else float(v) for v in values], dtype="float64")
    known = [v for v in series.tolist() if not np.isnan(v)]
    frame = pd.DataFrame({"x": series})
    result = outcome(expect.between("x", low), frame, frame)
    assert result.rows == len(known)
    assert result.share == pytest.approx(sum(low <= v < np.inf for v in known) / len(known) if known else 1.0)
    once = outcome(expect.unique("x"), frame, frame)
    assert once.share == pytest.approx(sum(known.count(v) == 1 for v in known) / len(known) if known else 1.0)


TOML = """
[[expect]]
column = "amount"
between = [0, 1e6]
at_least = 0.999

[[expect]]
column = "amount"
q = 0.5
quantile_between = {low = 400}
level = "warning"

[[expect]]
column = "country"
in_set = ["AT", "DE"]

[[expect]]
column = "id"
unique = true

[[expect]]
rows_between = [1, 2000]

[[expect]]
column = "amount"
metric = "kl"
drift_below = 0.1
"""


def test_a_file_says_the_same_as_the_functions(tmp_path: Path) -> None:
    file = tmp_path / "expect.toml"
    file.write_text(TOML)
    found = read_expectations(file)
    assert [each.kind for each in found] == [
        "between",
        "quantile_between",
        "in_set",
        "unique",
        "rows_between",
        "drift_below",
    ]
    assert mw.compare(FRAME, FRAME, expectations=found).passed
    other = tmp_path / "expect.json"
    other.write_text(json.dumps([{"column": "id", "unique": True}, {"column": "amount", "between": [None, 5]}]))
    assert [each.asked for each in read_expectations(other)] == ["no value twice", "all values 5 or less"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[expect]]\ncolumn = 'a'\nbetwen = [0, 1]", "did you mean 'between'"),
        ("[[expect]]\ncolumn = 'a'", "0 things to expect"),
        ("[[expect]]\ncolumn = 'a'\nunique = true\nnot_null = true", "2 things to expect"),
        ("[[expect]]\nin_set = ['x']", "needs a column"),
        ("[[expect]]\nunique = true", "column"),
        ("[[expect]]\ncolumn = 'a'\nbetween = 3", "two ends"),
        ("[[expect]]\ncolumn = 'a'\nunique = false", "unique = true"),
        ("[[expect]]\ncolumn = 'a'\nat_least = 2\nnot_null = true", "expectation 1: 2 is no share"),
        ("expect = 3", "no list of expectations"),
        ("[[", "no TOML"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "expect.toml"
    file.write_text(text)
    with pytest.raises(InvalidRequest, match=said):
        read_expectations(file)


def test_every_expectation_is_in_the_reference() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/expectations.md").read_text("utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in text] == []
