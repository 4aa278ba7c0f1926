"""Methods that no check stores: computed from the stored profiles, window by window, as from the window alone."""

from __future__ import annotations

import math

import httpx
import numpy as np
import pytest

from modelwatch.core.column import ColumnKey
from modelwatch.core.reference import Span
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.jobs.retain import roll_up_model
from modelwatch.monitors.drift.on_request import FACTS, compute
from modelwatch.profiles import decode, merge_blocks
from modelwatch.server.queries.column_counts import counts_in
from modelwatch.server.queries.on_request import EVERY_METRIC, methods_at, newest_of_all, over_windows
from modelwatch.server.queries.sides import blocks_in
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.queries.whole_sides import whole_profile
from modelwatch.server.queries.windows import load_binning, load_windows
from modelwatch.server.services import Services
from modelwatch.store.engine import reading
from modelwatch.store.profiles import load_stretches
from modelwatch.store.references import get_reference
from tests.server.test_graphql import ask

MODEL = "/api/v1/models/fraud%2Feu"


@pytest.mark.parametrize("metric", list(FACTS))
def test_every_window_has_the_value_of_its_own_profile(metric: str, watched_services: Services) -> None:
    """Overlapping windows come from running sums; here each is merged alone."""
    with reading(watched_services.engine) as connection:
        subject = find_subject(connection, "fraud/eu", watched_services.clock())
        windows = load_windows(connection, subject, None, None)
        assert windows is not None
        expected = []
        for row in windows.rows:
            binning = load_binning(connection, subject.model.id, row.binning)
            blocks = load_stretches(connection, subject.series, row.end_us - row.length_us, row.end_us)
            stored = get_reference(connection, row.reference_id or 0)
            assert stored is not None
            sides = merge_blocks([block.body for block in blocks], binning), decode(stored.body, binning)
            expected.append(compute(metric, *sides, binning))
        for f in range(len(windows.binning)):
            found = over_windows(connection, subject, windows, f, metric)
            for part, name in enumerate(("values", "chance", "p")):
                exact = [getattr(each, name)[f] for each in expected]
                np.testing.assert_allclose(found[part], exact, rtol=1e-9, atol=1e-12)
        newest = newest_of_all(connection, subject, windows, [metric])[0]
        np.testing.assert_allclose(newest.values, expected[-1].values)


def test_stretches_that_cut_blocks_are_counted_as_they_are_one_by_one(watched_services: Services) -> None:
    """Running sums over all blocks against each stretch alone; after rolling up most cut an hour or a day."""
    random = np.random.default_rng(1)
    with reading(watched_services.engine) as connection:
        subject = find_subject(connection, "fraud/eu", watched_services.clock())
        row = subject.deployment
    assert roll_up_model(watched_services.engine, row, watched_services.clock() + 95 * DAY_US)
    with reading(watched_services.engine) as connection:
        windows = load_windows(connection, subject, None, None)
        assert windows is not None
        first = (row.first_event_us or 0) - DAY_US
        ends = first + random.integers(0, 12 * DAY_US, size=(40, 2, 2))
        stretches = [[Span(int(min(pair)), int(max(pair)) + 1) for pair in each] for each in ends]
        wholes = [
            whole_profile(connection, subject, windows.binning, blocks_in(connection, [subject.series], each))
            for each in stretches
        ]
        assert sum(whole.rows for whole in wholes) > 0
        for f, column in enumerate(windows.binning.columns):
            found = counts_in(connection, subject, [subject.series], column, stretches)
            np.testing.assert_allclose(found.held, [whole.counts[f] for whole in wholes], atol=1e-6)
            np.testing.assert_allclose(found.rows, [whole.effective_rows for whole in wholes], atol=1e-6)


async def test_a_series_on_request_says_what_it_is(watched: httpx.AsyncClient) -> None:
    body = (await watched.get(f"{MODEL}/drift?feature=amount&metric=jensen_shannon")).json()
    stored = (await watched.get(f"{MODEL}/drift?feature=amount&metric=psi")).json()
    assert (body["metric"], body["method"]["base"], stored["method"]) == ("jensen_shannon", "2", None)
    assert "quantiles" in body["method"]["groups"]
    assert body["threshold_warning"] == FACTS["jensen_shannon"].threshold_warning
    times, levels = (
        [[point[name] for point in each["data_points"]] for each in (body, stored)] for name in ("timestamp", "level")
    )
    assert times[0] == times[1]
    assert levels[0] == levels[1]
    last = body["data_points"][-1]
    assert 0.045 < last["value"] <= 1
    assert last["value"] > last["chance"]
    assert last["p_value"] < 1e-9
    quiet = body["data_points"][0]
    assert quiet["value"] < 2 * quiet["chance"]


@pytest.mark.parametrize("metric", EVERY_METRIC)
async def test_every_metric_is_given_for_all_features(metric: str, watched: httpx.AsyncClient) -> None:
    body = (await watched.get(f"{MODEL}/drift", params={"metric": metric})).json()
    by_name = {each["feature"]: each["value"] for each in body["features"]}
    assert set(by_name) == {"amount", "age", "shop", "prediction_score"}
    if metric in FACTS:
        assert by_name["amount"] == max(value for value in by_name.values() if value is not None)
        assert (by_name["shop"] is None) == FACTS[metric].numbers_only


async def test_an_unknown_metric_is_refused_with_what_comes_near(watched: httpx.AsyncClient) -> None:
    answer = await watched.get(f"{MODEL}/drift?feature=amount&metric=wassersteen")
    assert (answer.status_code, answer.json()["hint"]) == (400, "did you mean wasserstein?")
    assert (await watched.get(f"{MODEL}/drift?metric=jensenshannon")).json()["hint"].startswith("did you mean jensen")


async def test_a_page_shows_them_for_one_window(watched: httpx.AsyncClient) -> None:
    query = """query Q($id: String!, $c: String!, $end: DateTime) { model(id: $id) { column(name: $c) {
        onRequest(end: $end) { facts { metric base } binning value chance pValue } } } }"""
    now = (await ask(watched, query, id="fraud/eu", c="amount"))["data"]["model"]["column"]["onRequest"]
    assert [each["facts"]["metric"] for each in now] == list(FACTS)
    assert all(each["value"] > each["chance"] for each in now)
    points = (await watched.get(f"{MODEL}/drift?feature=amount&metric=hellinger")).json()["data_points"]
    first = await ask(watched, query, id="fraud/eu", c="amount", end=points[0]["timestamp"])
    found = {each["facts"]["metric"]: each["value"] for each in first["data"]["model"]["column"]["onRequest"]}
    assert math.isclose(found["hellinger"], points[0]["value"], rel_tol=1e-9)
    shop = (await ask(watched, query, id="fraud/eu", c="shop"))["data"]["model"]["column"]["onRequest"]
    assert "wasserstein" not in {each["facts"]["metric"] for each in shop}


def test_a_column_that_no_window_knows_has_no_methods(watched_services: Services) -> None:
    with reading(watched_services.engine) as connection:
        subject = find_subject(connection, "fraud/eu", watched_services.clock())
        assert methods_at(connection, subject, ColumnKey(Role.FEATURE, "none"), None) == []
        assert methods_at(connection, subject, ColumnKey(Role.FEATURE, "amount"), 0) == []
