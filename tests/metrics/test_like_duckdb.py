"""Any expression gives what DuckDB gives for the same text on the same rows, and holds out where it overflows."""

from __future__ import annotations

import math
from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.metrics import Metric, evaluate

RNG = np.random.default_rng(4)
ROWS = 400


def sometimes_null(values: list[object], share: float) -> list[object]:
    return [None if missing else value for value, missing in zip(values, RNG.random(len(values)) < share, strict=True)]


def texts(words: list[str], share: float) -> list[object]:
    return sometimes_null([words[place] for place in RNG.integers(0, len(words), ROWS)], share)


TABLE = pa.table(
    {
        "timestamp": pa.array(np.sort(RNG.integers(0, 3 * 10**15, ROWS)).astype("M8[us]"), pa.timestamp("us", "UTC")),
        "prediction": pa.array(texts(["ok", "fraud"], 0.0), pa.string()).dictionary_encode(),
        "actual": pa.array(texts(["ok", "fraud"], 0.3), pa.string()).dictionary_encode(),
        "region": pa.array(texts(["us-west", "US-East", "eu", "Straße ", "10", "-2.5e1", ""], 0.1), pa.string()),
        "amount": pa.array(sometimes_null(RNG.normal(20, 100, ROWS).round(2).tolist(), 0.1), pa.float64()),
        "age": pa.array(sometimes_null(RNG.integers(-3, 90, ROWS).tolist(), 0.2), pa.int64()),
        "member": pa.array(sometimes_null((RNG.random(ROWS) < 0.5).tolist(), 0.2), pa.bool_()),
        "nothing": pa.array([None] * ROWS, pa.float64()),
    }
)


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": "1"}) as connection:
        rows = TABLE.set_column(0, "timestamp", TABLE["timestamp"].cast(pa.timestamp("us")))
        rows = rows.set_column(5, "age", rows["age"].cast(pa.float64()))
        connection.register("labelled", rows)
        yield connection


def same(expression: str, duck: duckdb.DuckDBPyConnection) -> None:
    ours = evaluate(Metric("m", expression), TABLE)
    assert ours.error == ""
    reading = expression.replace("cast(region", "try_cast(region")
    (theirs,) = duck.execute(f"select {reading} from labelled").fetchall()[0]
    if theirs is None or math.isnan(theirs):
        assert ours.value is None
    else:
        assert ours.value == pytest.approx(float(theirs), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    "expression",
    [
        "sum(amount) filter (where actual = 'fraud' and prediction = 'ok')",
        "count(*)",
        "COUNT(actual)::double / count(*)",
        "count(distinct lower(region)) + count(distinct actual) + count(distinct age)",
        "sum(amount * case actual when 'fraud' then 2.5 when 'ok' then -1 else 0 end)",
        "avg(case when actual = prediction then 1.0 else 0 end)",
        "avg(amount) filter (where age between 18 and 30 or member is not true)",
        "median(amount) - quantile_cont(amount, 0.25)",
        "stddev(amount) / nullif(avg(amount), 0)",
        "stddev_pop(age) + var_pop(age) + var_samp(age) + variance(amount) + stddev_samp(amount)",
        "corr(amount, age)",
        "min(amount) + max(age)",
        "sum(nothing)",
        "count(nothing)",
        "avg(nothing) + 1",
        "coalesce(sum(nothing), -1)",
        "sum(ln(abs(amount) + 1) + exp(age / 100) + power(abs(amount), 0.3))",
        "sum(log10(abs(age) + 2) + log2(abs(age) + 3) + sqrt(abs(age)))",
        "sum(round(amount)) + sum(round(amount / 2 + age)) + sum(trunc(amount)) + sum(sign(amount)) + sum(amount % 7)",
        "sum(mod(amount, 3)) + sum(pow(age, 2)) + sum(ceiling(amount)) + sum(floor(amount))",
        "sum(hour(timestamp)) + sum(minute(timestamp)) + sum(second(timestamp)) + avg(epoch(timestamp))",
        "sum(year(timestamp)) + sum(month(timestamp)) + sum(day(timestamp))",
        "sum(dayofweek(timestamp)) + sum(extract(dow from timestamp)) + sum(isodow(timestamp))",
        "count(*) filter (where timestamp >= timestamp '2001-02-03 04:05:06' and timestamp < '2050-01-01')",
        "count(*) filter (where region like 'us%' or region ilike '%EA_t' or region not like '%-%')",
        "count(*) filter (where starts_with(region, 'eu') or ends_with(region, 'st') or contains(region, 'tra'))",
        "sum(length(trim(region))) + count(*) filter (where upper(region) = 'US-WEST')",
        "count(*) filter (where region in ('eu', 'us-west'))",
        "count(*) filter (where region not in ('eu', null))",
        "count(*) filter (where age is distinct from 30 and actual is not distinct from prediction)",
        "sum(cast(region as double)) filter (where region in ('10', '-2.5e1'))",
        "sum(cast(member as double)) + count(*) filter (where cast(age as boolean) and not member)",
        "sum(if(member, amount, ifnull(age, 3)))",
        "sum(greatest(amount, age, 3)) - sum(least(amount, age))",
        "- -avg(age) + -3 * -2 - 2 - 1",
        "avg(age) - 1 - 1 * 2 + 8 / 4 / 2",
        "count(*) filter (where not member = true or member and age > 20 or age < 3 and member is null)",
        "count(*) filter (where -age + 2 < 3 and region > 'a' and region <= 'us-west')",
        "case when count(*) > 300 then avg(age) else 0 end",
        "count(*) filter (where not (member and age > 20)) * 1e3 + count(*) filter (where not (member or age > 20))",
        "count(*) filter (where (false and member) is null or (true or member) is null)",
        "count(*) filter (where not member is null) * 1e3 + count(*) filter (where not age = 30)",
        "count(*) filter (where member is null = true) + count(*) filter (where not age + 1 in (3, 4) and true)",
        "count(*) filter (where age = 30 is null) * 1e3 + count(*) filter (where age between 1 and 2 + 20 or false)",
        "count(*) filter (where isfinite(amount))",
        'sum("amount") + sum("age")',
    ],
)
def test_an_expression_gives_what_duckdb_gives(expression: str, duck: duckdb.DuckDBPyConnection) -> None:
    same(expression, duck)


LITERALS = st.sampled_from(["0e0", "1e0", "2.5e0", "3e1", "null"])
WORDS = st.sampled_from(["'ok'", "'fraud'", "'eu'", "'US-East'", "''", "'it''s'"])


def joined(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: template.format(*found))


def deeper(leaves: tuple[st.SearchStrategy[str], ...], depth: int) -> tuple[st.SearchStrategy[str], ...]:
    """Numbers, truths and texts whose parts are those of one level less."""
    if depth == 0:
        return leaves
    n, b, t = deeper(leaves, depth - 1)
    numbers = [n] + [
        joined(template, *parts)
        for template, *parts in [
            ("({} + {})", n, n),
            ("({} - {})", n, n),
            ("({} * {})", n, n),
            ("{} / (abs({}) + 1)", n, n),
            ("(-{})", n),
            ("floor({})", n),
            ("abs({})", n),
            ("coalesce({}, {})", n, n),
            ("nullif({}, {})", n, n),
            ("greatest({}, {})", n, n),
            ("case when {} then {} else {} end", b, n, n),
            ("case when {} then {} when {} then {} end", b, n, b, n),
            ("cast(length({}) as double)", t),
        ]
    ]
    truths = [b] + [
        joined(template, *parts)
        for template, *parts in [
            ("({} < {})", n, n),
            ("({} >= {})", n, n),
            ("({} = {})", n, n),
            ("({} <> {})", t, t),
            ("({} < {})", t, t),
            ("({} and {})", b, b),
            ("({} or {})", b, b),
            ("(not {})", b),
            ("({} is null)", n),
            ("({} is not true)", b),
            ("({} is distinct from {})", t, t),
            ("({} not in ({}, {}))", t, t, WORDS),
            ("({} in ({}, {}, {}))", n, n, n, LITERALS),
            ("({} between {} and {})", n, n, n),
            ("({} like '%u_%')", t),
        ]
    ]
    words = [t] + [
        joined(template, *parts)
        for template, *parts in [
            ("lower({})", t),
            ("upper(trim({}))", t),
            ("coalesce({}, {})", t, t),
            ("nullif({}, {})", t, t),
            ("case when {} then {} else {} end", b, t, t),
        ]
    ]
    return st.one_of(numbers), st.one_of(truths), st.one_of(words)


NUMBERS, TRUTHS, TEXTS = deeper(
    (
        st.one_of(LITERALS, st.sampled_from(["amount", "age", "nothing"])),
        st.sampled_from(["member", "true", "false"]),
        st.one_of(WORDS, st.sampled_from(["actual", "prediction", "region"])),
    ),
    3,
)
SUMS = st.one_of(
    joined("{}({})", st.sampled_from(["sum", "avg", "min", "max", "count", "median", "var_pop"]), NUMBERS),
    joined("count(distinct {})", st.one_of(NUMBERS, TEXTS, TRUTHS)),
    joined("count({})", TEXTS),
)
AGGREGATES = st.one_of(SUMS, joined("{} filter (where {})", SUMS, TRUTHS))


@given(
    st.one_of(AGGREGATES, joined("{} {} {}", AGGREGATES, st.sampled_from(["+", "-"]), AGGREGATES)).filter(
        lambda text: len(text) < 3_000
    )
)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_expression_gives_what_duckdb_gives(duck: duckdb.DuckDBPyConnection, expression: str) -> None:
    same(expression, duck)


EXTREMES = [1e308, -1e308, 5e-324, -5e-324, 0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1.0, None]
EXTREME = pa.table(
    {
        name: pa.array([EXTREMES[place] for place in RNG.integers(0, len(EXTREMES), 60)], pa.float64())
        for name in ("amount", "age", "nothing", "weight")
    }
    | {name: TABLE[name].slice(0, 60) for name in ("timestamp", "prediction", "actual", "region", "member")}
)
ANY = st.one_of(
    AGGREGATES,
    joined("{} {} {}", AGGREGATES, st.sampled_from("+-*/%"), AGGREGATES),
    joined("{}({}) * {}", st.sampled_from(["exp", "sqrt", "ln", "round"]), AGGREGATES, AGGREGATES),
    joined("{}({}, 0.9)", st.just("quantile_cont"), NUMBERS),
    joined("corr({}, {}) + stddev({})", NUMBERS, NUMBERS, NUMBERS),
)


@given(ANY.filter(lambda text: len(text) < 3_000))
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_values_are_a_finite_number_or_a_reason_comes_out(expression: str) -> None:
    found = evaluate(Metric("m", expression), EXTREME)
    assert found.value is None or (math.isfinite(found.value) and found.error == "")
    assert found.interval is None or all(map(math.isfinite, found.interval))
    assert found.error == "" or "infinite" in found.error or "more than 300 parts" in found.error
