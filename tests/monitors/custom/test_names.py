"""Which column a name means; names are data, whatever they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.core.column import Column, ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.custom.check import plan
from modelwatch.monitors.custom.columns import ColumnInfo, visible_columns
from modelwatch.monitors.custom.lexer import KEYWORDS, STATEMENTS
from modelwatch.monitors.custom.values import Kind


def column(role: Role, name: str = "", kind: ColumnType = ColumnType.NUMERIC) -> Column:
    return Column(ColumnKey(role, name), kind)


COLUMNS = visible_columns(
    [
        column(Role.PREDICTION_LABEL, kind=ColumnType.CATEGORY),
        column(Role.PREDICTION_SCORES, "fraud"),
        column(Role.PREDICTION_SCORES, "not fraud"),
        column(Role.FEATURE, "actual"),
        column(Role.FEATURE, "amount"),
        column(Role.FEATURE, "Age"),
        column(Role.FEATURE, "age"),
        column(Role.FEATURE, "Zip"),
        column(Role.FEATURE, "a.b"),
        column(Role.FEATURE, "feature"),
        column(Role.FEATURE, "sum"),
        column(Role.FEATURE, "vector", ColumnType.VECTOR),
        column(Role.TAG, "amount"),
        column(Role.TAG, "region", ColumnType.CATEGORY),
        column(Role.EXPLANATION, "amount"),
        column(Role.EMBEDDING, "text", ColumnType.VECTOR),
    ]
)


def meant(written: str, columns: list[ColumnInfo] = COLUMNS) -> tuple[str, str]:
    (info,) = plan(f"count({written})", columns).reads
    return info.scope, info.name


@pytest.mark.parametrize(
    ("written", "scope", "name"),
    [
        ("prediction", "", "prediction_label"),
        ("PREDICTION", "", "prediction_label"),
        ("prediction_label", "", "prediction_label"),
        ("actual", "", "actual_label"),
        ('"actual"', "", "actual_label"),
        ("feature.actual", "feature", "actual"),
        ('FEATURE."actual"', "feature", "actual"),
        ("amount", "feature", "amount"),
        ("Amount", "feature", "amount"),
        ("tag.amount", "tag", "amount"),
        ("explanation.amount", "explanation", "amount"),
        ("Age", "feature", "Age"),
        ("age", "feature", "age"),
        ("zip", "feature", "Zip"),
        ("region", "tag", "region"),
        ("score.fraud", "score", "fraud"),
        ('score."not fraud"', "score", "not fraud"),
        ('"a.b"', "feature", "a.b"),
        ('feature."a.b"', "feature", "a.b"),
        ("feature", "feature", "feature"),
        ("feature.feature", "feature", "feature"),
        ("sum", "feature", "sum"),
        ("actual_value", "", "actual_value"),
        ("first_labelled_at", "", "first_labelled_at"),
        ("timestamp", "", "timestamp"),
        ("version", "", "version"),
        ("weight", "", "weight"),
    ],
)
def test_a_name_means_the_own_column_then_the_feature_then_the_tag(written: str, scope: str, name: str) -> None:
    assert meant(written) == (scope, name)


def test_prediction_and_actual_are_numbers_where_a_model_predicts_numbers() -> None:
    columns = visible_columns([column(Role.PREDICTION_VALUE), column(Role.FEATURE, "prediction")])
    assert meant("prediction", columns) == ("", "prediction_value")
    assert meant("actual", columns) == ("", "actual_value")
    plan("sqrt(avg(power(prediction - actual, 2)))", columns)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("AGE", 'write "Age" or "age", in double quotes'),
        ('"zip"', "did you mean Zip?"),
        ("score", "did you mean score.fraud?"),
        ("score.froud", "did you mean score.fraud?"),
        ("a.b", 'write "a.b", in double quotes'),
        ("regoin", "did you mean region?"),
        ("vector", ""),
        ("text", ""),
        ("embedding.text", "scopes are"),
        ("received_at", ""),
    ],
)
def test_a_name_that_means_nothing_is_refused_with_what_may_be_meant(written: str, hint: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        meant(written)
    assert hint in refused.value.hint


NAMES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
    st.text("\"'.;-()% aA\u00e4\u4e2d\u200b\n\0\\", min_size=1, max_size=12),
    st.sampled_from(sorted(KEYWORDS | STATEMENTS)),
    st.sampled_from(["actual", "prediction", "count", "sum", 'a"b', "x'; drop table t; --", "feature.x", "\u0130"]),
)


@given(st.lists(NAMES, min_size=1, max_size=6, unique=True), st.sampled_from(["feature", "tag", "score"]))
def test_any_name_can_be_written(names: list[str], scope: str) -> None:
    columns = [ColumnInfo(scope, name, Kind.NUMBER) for name in names]
    for info in columns:
        assert meant(info.written, columns) == (scope, info.name)
        if len(info.written) < 1_000 and scope == "feature":
            quoted = '"' + info.name.replace('"', '""') + '"'
            assert meant(quoted, columns) == (scope, info.name)


@given(NAMES)
def test_any_text_can_be_compared_with(text: str) -> None:
    quoted = text.replace("'", "''")
    made = plan(f"count(*) filter (where region = '{quoted}')", COLUMNS)
    assert {info.name for info in made.reads} == {"region"}
    assert repr(text) in repr(made)
