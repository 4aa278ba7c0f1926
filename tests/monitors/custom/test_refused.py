"""What is no metric is refused with a reason, whatever it is, at once, and nothing of it is done."""

from __future__ import annotations

import re
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.errors import InvalidRequest
from modelwatch.monitors.custom.check import plan
from modelwatch.monitors.custom.columns import ALWAYS, ColumnInfo
from modelwatch.monitors.custom.compute import Rows
from modelwatch.monitors.custom.lexer import MAX_CHARACTERS
from modelwatch.monitors.custom.measure import measure
from modelwatch.monitors.custom.scalars import SCALARS
from modelwatch.monitors.custom.values import Kind, Values

AMOUNT = ColumnInfo("feature", "amount", Kind.NUMBER)
ACTUAL = ColumnInfo("", "actual_label", Kind.TEXT)
COLUMNS = [*ALWAYS, AMOUNT, ACTUAL, ColumnInfo("tag", "region", Kind.TEXT)]

HOSTILE = [
    # statements
    "select 1",
    "SELECT sum(amount) FROM labelled",
    "select (sum(amount))",
    "with x as (select 1) select * from x",
    "drop table predictions",
    "delete from models",
    "insert into models values (1)",
    "update models set name = 'x'",
    "copy (select 1) to '/tmp/x'",
    "attach '/tmp/x.db' as x",
    "install httpfs",
    "load '/tmp/x.so'",
    "pragma database_list",
    "set memory_limit = '1TB'",
    "call pragma_version()",
    "explain sum(amount)",
    "describe labelled",
    "export database '/tmp'",
    "prepare p as select 1",
    "vacuum",
    "from labelled",
    "values (1)",
    # more than one expression
    "sum(amount); drop table predictions",
    "sum(amount);",
    "sum(amount), sum(amount)",
    "sum(amount) as x",
    "sum(amount) from labelled",
    "sum(amount) from read_csv('/etc/passwd')",
    "sum(amount) where true",
    "sum(amount) group by region",
    "sum(amount) union all select 1",
    "sum(amount) limit 1",
    "*",
    "amount.*",
    "",
    "   ",
    # subqueries and tables
    "(select sum(amount) from labelled)",
    "sum((select 1))",
    "sum(amount) filter (where actual in (select 'x'))",
    "sum(amount) filter (where exists (select 1))",
    "count(*) filter (where amount = any(select 1))",
    "sum(amount) + (from duckdb_settings())",
    "sum(information_schema.tables)",
    "sum(other_model.amount)",
    "sum(main.labelled.amount)",
    "sum(default.fraud.amount)",
    # functions that look outside
    "count(read_csv('/etc/passwd'))",
    "count(read_text('/etc/passwd'))",
    "count(read_blob('/etc/passwd'))",
    "count(read_parquet('s3://bucket/x'))",
    "count(read_json('http://169.254.169.254/'))",
    "count(glob('/*'))",
    "count(pg_read_file('/etc/passwd'))",
    "count(lo_import('/etc/passwd'))",
    "count(xp_cmdshell('id'))",
    "count(load_extension('x'))",
    "count(getenv('HOME'))",
    "count(getvariable('x'))",
    "count(current_setting('memory_limit'))",
    "count(query('select 1'))",
    "count(query_table('models'))",
    "count(json_execute_serialized_sql('x'))",
    "count(version())",
    "count(current_user)",
    "count(current_database())",
    "count(pg_sleep(10))",
    "count(sleep(10))",
    "count(__import__('os'))",
    "count(eval('1'))",
    "count(open('/etc/passwd'))",
    "count(amount.__class__)",
    "count(amount.values.tofile)",
    "__builtins__",
    "sum(amount.__init__.__globals__)",
    # what gives another answer each time
    "sum(random())",
    "sum(rand())",
    "count(uuid())",
    "count(now())",
    "count(current_timestamp)",
    "count(today())",
    "sum(setseed(1))",
    "count(nextval('x'))",
    "any_value(amount)",
    "first(amount)",
    # what grows
    "sum(length(repeat('x', 10000000000)))",
    "sum(length(repeat(repeat('x', 100000), 100000)))",
    "sum(range(1000000000000))",
    "count(generate_series(1, 1000000000000))",
    "sum(length(lpad('x', 2000000000, 'y')))",
    "sum(length(format('{:>2000000000}', 'x')))",
    "sum(length(printf('%2000000000d', 1)))",
    "sum(length(space(1000000000)))",
    "sum(length(replace(replace(actual, 'a', 'aaaaaaaa'), 'a', 'aaaaaaaa')))",
    "sum(length(region || region))",
    "sum(length(concat(region, region)))",
    "length(string_agg(region, 'xxxx'))",
    "len(list(amount))",
    "array_agg(amount)",
    "sum(unnest([1, 2, 3]))",
    "sum([1, 2, 3][1])",
    "sum({'a': 1}.a)",
    "sum(list_transform(range(9), x -> x))",
    "sum(regexp_matches(region, '(a+)+$'))",
    "count(*) filter (where region similar to '(a+)+')",
    "count(*) filter (where region ~ '(a+)+')",
    "sum(factorial(1000000))",
    "sum(1 << 100000000)",
    "sum(2 ^ 100)",
    "sum(2 ** 100)",
    "sum(levenshtein(region, actual))",
    "sum(amount) over (order by timestamp)",
    "sum(cast(amount as varchar))",
    "sum(amount::blob)",
    "sum(amount::regclass)",
    "sum(cast(amount as integer[]))",
    # no aggregate, the wrong one, or a wrong call
    "1",
    "amount",
    "amount + 1",
    "sum(amount) + amount",
    "sum(avg(amount))",
    "sum(amount) filter (where avg(amount) > 1)",
    "count(distinct amount, region)",
    "sum(distinct amount)",
    "sum(*)",
    "sum()",
    "sum(amount, amount)",
    "corr(amount)",
    "quantile_cont(amount, amount)",
    "quantile_cont(amount, 2)",
    "quantile_cont(amount, -1)",
    "quantile_cont(amount)",
    "abs(amount) filter (where true)",
    "abs(distinct sum(amount))",
    "sum(abs(*))",
    "sum(and(true, false))",
    "sum(to number(region))",
    "avg(amount) > 3",
    "sum(region)",
    "sum(amount + region)",
    "sum(amount) filter (where amount)",
    "sum(amount) filter (where region = 1)",
    "sum(case when amount then 1 end)",
    "sum(case when region = 'x' then 1 else 'y' end)",
    "count(*) filter (where timestamp > 'soon')",
    "count(*) filter (where timestamp > timestamp 'soon')",
    "count(*) filter (where timestamp > 5)",
    "count(*) filter (where 1 < amount < 3)",
    "count(*) filter (where region like region)",
    "count(*) filter (where region like 'a' escape 'b')",
    "count(*) filter (where amount is 5)",
    "count(*) filter (where amount not 5)",
    "count(*) filter (where region in ())",
    "count(*) filter (true)",
    "count(*) within group (order by amount)",
    # broken text
    "sum(amount",
    "sum(amount))",
    "sum(amount) +",
    "+ * /",
    "sum('a",
    'sum("a',
    'sum("")',
    "sum(1a)",
    "sum(0x10)",
    "sum(1..2)",
    "sum($1)",
    "sum(?)",
    "sum(:name)",
    "sum(@x)",
    "sum(#1)",
    "sum(`amount`)",
    "sum([amount])",
    "sum(amount) -- comment",
    "sum(amount) /* comment */",
    "sum(amount) \x00",
    "sum(amo\x00unt)",
    "sum(amount\\)",
    "sum(E'a')",
    "sum($$a$$)",
    "sum(amount\u200b)",
    "sum(ａmount)",
    "sum(amount)\u037e",
    "case end",
    "case when true end",
    "sum(extract(century from timestamp))",
    "sum(extract(hour from amount))",
    "sum(nothing_of_that_name)",
    "'" * 3_999,
    "(" * 3_999,
    "-" * 3_999,
    "- " * 1_999 + "1",
    "not " * 900 + "true",
    "sum(amount" + "::double" * 490 + ")",
    "count(*) filter (where amount" + " is null" * 480 + ")",
    "case when " * 390 + "true",
    "sum(" * 900,
    "(" * 1_900 + "1" + ")" * 1_900,
    "sum(amount)" + "+1" * 1_900,
    "count(*)" + "+count(*)" * 300,
    "+".join(f"sum(amount + {n})" for n in range(21)),
    "count(*) filter (where amount in (" + ",".join("1" for _ in range(1_900)) + "))",
    "x" * (MAX_CHARACTERS + 1),
    "sum(amount)" + " " * 10_000_000,
]


@pytest.mark.parametrize("expression", HOSTILE, ids=lambda text: repr(text[:40]))
def test_it_is_refused_with_a_reason_at_once(expression: str) -> None:
    started = time.process_time()
    with pytest.raises(InvalidRequest) as refused:
        plan(expression, COLUMNS)
    assert time.process_time() - started < 0.5
    assert 0 < len(str(refused.value)) < 1_000


PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        "( ) amount actual 'x' 1 + - * / = < > and or not is null in , filter where case when then else end count sum "
        "between like . :: double cast as distinct from extract hour timestamp \" ' true avg region if coalesce % ; "
        "\u00e4 feature tag score over select",
    )
)


@given(st.lists(PIECES, max_size=40).map(" ".join))
@settings(max_examples=1_000, deadline=None)
def test_any_sequence_of_words_is_a_metric_or_refused(expression: str) -> None:
    try:
        made = plan(expression, COLUMNS)
    except InvalidRequest:
        return
    assert made.reads <= set(COLUMNS)
    assert made.reduces


@given(st.text(max_size=200))
def test_any_text_is_a_metric_or_refused(expression: str) -> None:
    with pytest.raises(InvalidRequest):
        plan(expression, COLUMNS)


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("sum(amout)", "no column is called 'amout' (character 5) (did you mean amount?)"),
        ("sum(feature.amout)", "did you mean feature.amount?"),
        ("summ(amount)", "did you mean sum?"),
        ("select sum(amount)", "without SELECT and FROM"),
        ("avg(amount", "the expression is incomplete"),
        ("amount", "stands outside of an aggregate"),
        ("count(*) filter (where actual = 1)", "write it in single quotes"),
        ("sum(region)", "sum of text has no meaning"),
        ("sum(region + 1)", "cast(... as double)"),
        ("sum(customer.amount)", "scopes are feature, tag, score and explanation"),
        ("sum(2 ^ 3)", "power(x, y)"),
        ("sum(amount) over ()", "window functions"),
        ('count(*) filter (where region = "eu")', "no column is called 'eu'"),
        ("count(*) filter (where 1 < amount < 3)", "join two comparisons with AND"),
    ],
)
def test_the_reason_says_what_to_write_instead(expression: str, says: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        plan(expression, COLUMNS)
    assert says in str(refused.value)


HEAVY = {
    "as deep as it may be": "sum(" + "-(" * 18 + "amount" + ")" * 18 + ")",
    "as long as it may be": "sum(amount" + "*amount" * 147 + ")",
    "as many casts as there may be": "sum(amount" + "::double" * 297 + ")",
    "as many tests as there may be": "count(*) filter (where amount" + " is null" * 297 + ")",
    "all branches of a case": "sum(case " + " ".join(f"when amount = {n} then amount" for n in range(70)) + " end)",
    "as many aggregates as there may be": "+".join(f"sum(amount + {n})" for n in range(20)),
    "powers of powers": "sum(power(power(power(10, amount), amount), amount))",
    "a pattern that matches late": "count(*) filter (where region like '%" + "a%" * 1_500 + "b')",
    "texts that grow when they are written large": "sum(length(" + "upper(lower(" * 17 + "region" + "))" * 17 + "))",
}


@pytest.mark.parametrize("expression", HEAVY.values(), ids=HEAVY.keys())
def test_the_heaviest_of_what_is_allowed_stays_within_time_and_memory(expression: str) -> None:
    rows = 100_000
    words = [("a\u0390" * 50) + str(number) for number in range(2_000)]
    codes = np.arange(rows, dtype=np.int32) % len(words)
    all_valid = np.ones(rows, bool)
    region = next(info for info in COLUMNS if info.name == "region")
    made = plan(expression, COLUMNS)
    labelled = Rows(
        {
            AMOUNT: Values(Kind.NUMBER, np.linspace(1.0, 2.0, rows), all_valid),
            region: Values(Kind.TEXT, codes, all_valid, words),
        },
        None,
        rows,
    )
    tracemalloc.start()
    started = time.process_time()
    measure(made, labelled, [slice(0, rows)])
    took = time.process_time() - started
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 5.0
    assert most < 9 * rows * len(made.reduces) + 50 * rows + 10_000_000


def test_no_function_makes_longer_texts_again_and_again() -> None:
    texts = {name for name, scalar in SCALARS.items() if scalar.gives is Kind.TEXT}
    assert texts == {"lower", "upper", "trim"}
