"""Samplers keep the rows that they say, and the weights of what is kept stand for all."""

from __future__ import annotations

import math
import threading
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import modelwatch as mw
from modelwatch.client import AsyncClient, Client
from modelwatch.client.ids import Ids
from modelwatch.client.sampling.sampler import Sampler, draw, weighed
from modelwatch.core.wire import Kind
from modelwatch.errors import InvalidSettings
from tests.client.receiver import Receiver

HOUR_US = 3_600_000_000


def row(name: str = "p", **fields: Any) -> tuple[Any, ...]:
    """A prediction as `log` records it."""
    names = ("logged_us", "timestamp", "label", "score", "value", "scores", "features", "tags", "weight")
    values = {"logged_us": 0} | fields
    return (Kind.PREDICTIONS, fields.get("model", "m"), "1", "production", name, *map(values.get, names), *[None] * 4)


@pytest.mark.parametrize("seed", [0, 1, 77])
@pytest.mark.parametrize(
    "name", [str, "p{}".format, "{:032x}".format, lambda i: Ids(lambda n: bytes(n)).next(1_700_000_000_000 + i)]
)
def test_ids_that_count_up_are_drawn_evenly(name: Any, seed: int) -> None:
    drawn = [draw(name(i), seed) for i in range(20_000)]
    assert stats.kstest(drawn, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.03


def test_two_seeds_draw_apart_and_equal_seeds_alike() -> None:
    names = [f"p{i}" for i in range(20_000)]
    a, b = ([draw(name, seed) for name in names] for seed in (1, 2))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.03
    assert a == [draw(name, 1) for name in names]
    assert draw(7, 3) == draw("7", 3)


def test_what_a_low_rate_keeps_a_higher_one_keeps_too() -> None:
    low, high = mw.sampling.Uniform(0.1), mw.sampling.Uniform(0.5)
    kept = [{i for i in range(2_000) if weighed(row(f"p{i}"), sampler) is not None} for sampler in (low, high)]
    assert kept[0] < kept[1]
    assert len(kept[0]) == pytest.approx(200, abs=60)


@settings(deadline=None)
@given(st.floats(1e-6, 1), st.one_of(st.none(), st.floats(0, 1e6), st.integers(0, 9), st.just("2.5")), st.text())
def test_a_kept_row_has_its_own_weight_over_the_probability(rate: float, weight: Any, name: str) -> None:
    found = weighed(row(name, weight=weight), mw.sampling.Uniform(rate))
    own = 1.0 if weight is None else float(weight)
    assert found == (own / rate if draw(name, 0) < rate else None)


def test_strata_have_their_rates_whatever_their_type() -> None:
    sampler = mw.sampling.Stratified(tag="tier", rates={1: 0.25, "eu": 0.5}, other=0.125)
    found = [sampler.probability(row(tags=tags)) for tags in ({"tier": "1"}, {"tier": 1.0}, {"tier": "eu"}, {}, None)]
    assert found == [0.25, 0.25, 0.5, 0.125, 0.125]
    assert mw.sampling.Stratified(feature="x", rates={True: 0.5}).probability(row(features={"x": True})) == 0.5
    assert mw.sampling.Stratified(label=True, rates={"a": 0.5}).probability(row(label="a")) == 0.5


def test_a_stratum_is_kept_near_its_rows_and_a_small_one_whole() -> None:
    sampler = mw.sampling.Stratified(feature="carrier", rows=100, per=3600)
    kept: Counter[tuple[int, str]] = Counter()
    stands_for: Counter[str] = Counter()
    for hour in range(4):
        for i in range(5_000):
            name = "big" if i % 100 else "small"
            logged_us = hour * HOUR_US + i * 700_000
            weight = weighed(row(f"{hour}-{i}", features={"carrier": name}, logged_us=logged_us), sampler)
            if weight is not None:
                kept[hour, name] += 1
                stands_for[name] += weight
    assert [kept[hour, "small"] for hour in range(4)] == [50] * 4
    assert kept[0, "big"] == pytest.approx(100 * (1 + math.log(49.5)), rel=0.25)
    assert [kept[hour, "big"] for hour in (1, 2, 3)] == [pytest.approx(100, abs=40)] * 3
    assert stands_for["big"] == pytest.approx(4 * 4_950, rel=0.2)


def test_strata_beyond_the_bound_share_one_count() -> None:
    sampler = mw.sampling.Stratified(tag="user", rows=1)
    found = [sampler.probability(row(tags={"user": f"u{i}"})) for i in range(1_200)]
    assert found[:1_000] == [1.0] * 1_000
    assert found[-1] == pytest.approx(1 / 200)


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"score": 0.55}, True),
        ({"score": 0.45}, True),
        ({"score": np.float32(0.5)}, True),
        ({"score": math.nan}, True),
        ({"score": 0.3}, False),
        ({"score": 7.5}, False),
        ({}, False),
        ({"scores": {"a": 0.5, "b": 0.3, "c": 0.2}, "score": 0.99}, True),
        ({"scores": {"a": 0.9, "b": 0.1}, "score": 0.5}, False),
        ({"scores": {"a": 0.9, "b": math.nan}}, True),
        ({"scores": {"a": None, "b": np.float32(0.5)}}, True),
    ],
)
def test_what_the_model_is_unsure_of_is_always_kept(fields: dict[str, Any], kept: bool) -> None:
    sampler = mw.sampling.LowConfidence(0.1, below=0.6)
    assert sampler.probability(row(**fields)) == (1.0 if kept else 0.1)


def test_rare_labels_are_always_kept_and_are_never_many() -> None:
    sampler = mw.sampling.LowConfidence(0.1, rare=0.02)
    labels = [
        "rare" if i % 400 == 7 else "rarer" if i % 1_000 == 9 else ("usual", "other")[i % 2] for i in range(9_000)
    ]
    kept = [(label, sampler.probability(row(label=label, score=0.9))) for label in labels]
    assert {p for label, p in kept[2_000:] if label in ("rare", "rarer")} == {1.0}
    assert {p for label, p in kept[2_000:] if label not in ("rare", "rarer")} == {0.1}
    many, rng = mw.sampling.LowConfidence(0.1, rare=0.02), np.random.default_rng(5)
    flat = [many.probability(row(label=f"label {i}", score=0.9)) for i in rng.integers(0, 200, 20_000)]
    assert np.mean(np.array(flat) == 1.0) < 0.03


SAMPLERS = {
    "uniform": lambda: mw.sampling.Uniform(0.2),
    "rates": lambda: mw.sampling.Stratified(feature="c", rates={"a": 0.1, "b": 0.9}, other=0.3),
    "rows": lambda: mw.sampling.Stratified(feature="c", rows=150),
    "confidence": lambda: mw.sampling.LowConfidence(0.1),
}


@pytest.mark.parametrize("make", SAMPLERS.values(), ids=SAMPLERS)
@pytest.mark.parametrize("frame", [False, True])
def test_log_and_log_frame_count_what_they_leave_out(make: Any, frame: bool) -> None:
    rng = np.random.default_rng(3)
    table = pl.DataFrame(
        {
            "id": [f"p{i}" for i in range(3_000)],
            "s": rng.uniform(size=3_000),
            "c": rng.choice(list("abc"), size=3_000),
            "w": rng.uniform(1, 3, size=3_000),
        }
    )
    receiver = Receiver()
    with Client(transport=receiver, sampler=make()) as client:
        if frame:
            roles = {"prediction_id": "id", "prediction_score": "s", "weight": "w"}
            sent = client.log_frame(table, model_id="m", model_version="1", features=["c"], **roles)
        else:
            for name, score, c, weight in table.iter_rows():
                features = {"c": c}
                client.log(
                    model_id="m",
                    model_version="1",
                    prediction_id=name,
                    prediction_score=score,
                    features=features,
                    weight=weight,
                )
        client.log_actual(model_id="m", prediction_id="p0", actual_label="yes")
        assert client.flush(10)
        now = client.stats()
    assert now.logged == 3_001
    assert now.sampled_out == 3_001 - now.sent > 0
    assert (now.dropped, now.failed, now.rejected, now.last_error) == (0, 0, 0, None)
    if frame:
        assert sent == now.sent - 1
    tables = [table for table in receiver.tables if "weight" in table.schema.names]
    weights = {
        name: weight
        for table in tables
        for name, weight in zip(table["prediction_id"].to_pylist(), table["weight"].to_pylist(), strict=True)
    }
    own = dict(zip(table["id"], table["w"], strict=True))
    assert len(weights) == now.sent - 1
    assert all(weight >= own[name] * (1 - 1e-12) for name, weight in weights.items())
    assert sum(weights.values()) == pytest.approx(sum(own.values()), rel=0.15)


def test_both_ways_of_logging_keep_the_same_rows() -> None:
    names = [f"p{i}" for i in range(500)]
    receivers = Receiver(), Receiver()
    with Client(transport=receivers[0], sampler=mw.sampling.Uniform(0.3)) as client:
        for name in names:
            client.log(model_id="m", model_version="1", prediction_id=name, features={"x": 1.0})
    with Client(transport=receivers[1], sampler=mw.sampling.Uniform(0.3)) as client:
        client.log_frame(pl.DataFrame({"id": names}), model_id="m", model_version="1", prediction_id="id")
    assert receivers[0].values("prediction_id") == receivers[1].values("prediction_id")
    assert set(receivers[0].values("weight")) == set(receivers[1].values("weight")) == {1 / 0.3}


KINDS = {"pyarrow": pa.table, "polars": pl.DataFrame, "pandas": pd.DataFrame}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_frames_of_any_kind_are_thinned_with_their_rows_left_whole(make: Any) -> None:
    rows = 4_500
    frame = make({"x": list(range(rows)), "word": [f"w{i}" for i in range(rows)], "t": [1e9] * (rows - 1) + [1e30]})
    receiver = Receiver()
    with Client(
        transport=receiver, sampler=mw.sampling.Stratified(feature="word", rates={"w7": 1.0}, other=0.5)
    ) as client:
        taken = client.log_frame(frame, model_id="m", model_version="1", features=["x", "word"], timestamp="t")
        assert client.flush(10)
        now = client.stats()
    assert now.logged == rows == now.sent + now.sampled_out + now.rejected
    assert taken == now.sent == pytest.approx(rows / 2, abs=200)
    xs, words, weights = receiver.values("feature", "x"), receiver.values("feature", "word"), receiver.values("weight")
    assert words == [f"w{x}" for x in xs]
    assert {word: weight for word, weight in zip(words, weights, strict=True) if weight != 2.0} == {"w7": 1.0}
    assert len(set(receiver.values("prediction_id"))) == taken


async def test_the_async_client_samples_too() -> None:
    receiver = Receiver()
    async with AsyncClient(transport=receiver, sampler=mw.sampling.Uniform(0.5)) as client:
        for i in range(400):
            await client.log(model_id="m", model_version="1", prediction_id=str(i))
        assert await client.flush(10)
        now = await client.stats()
    assert now.sent == receiver.rows == pytest.approx(200, abs=60)
    assert now.sampled_out == 400 - now.sent


def test_values_that_are_no_strata_lose_no_row() -> None:
    receiver = Receiver()
    sampler = mw.sampling.Stratified(feature="x", rates={"[1]": 0.001})
    with Client(transport=receiver, sampler=sampler, raise_errors=True) as client:
        for value in ([2], {3}, math.nan, None, datetime(2026, 1, 1, tzinfo=UTC)):
            client.log(model_id="m", model_version="1", features={"x": value, "y": 1.0})
    assert receiver.rows == 5


def test_many_threads_lose_no_row() -> None:
    client = Client(transport=Receiver(), sampler=mw.sampling.Stratified(label=True, rows=50))

    def work(number: int) -> None:
        for i in range(500):
            client.log(model_id="m", model_version="1", prediction_id=f"{number}-{i}", prediction_label=i % 3)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    now = client.stats()
    assert now.logged == 4_000 == now.sent + now.sampled_out


@pytest.mark.parametrize(
    "make",
    [
        lambda: mw.sampling.Uniform(0),
        lambda: mw.sampling.Uniform(1.5),
        lambda: mw.sampling.Uniform(math.nan),
        lambda: mw.sampling.Uniform(True),
        lambda: mw.sampling.Stratified(rates={}),
        lambda: mw.sampling.Stratified(tag="a", feature="b", rates={}),
        lambda: mw.sampling.Stratified(tag="a"),
        lambda: mw.sampling.Stratified(tag="a", rates={}, rows=5),
        lambda: mw.sampling.Stratified(tag="a", rates={"x": 0}),
        lambda: mw.sampling.Stratified(tag="a", rows=0),
        lambda: mw.sampling.LowConfidence(0.1, below=2),
        lambda: mw.sampling.LowConfidence(0.0),
    ],
)
def test_what_makes_no_sense_is_refused(make: Any) -> None:
    with pytest.raises(InvalidSettings):
        make()


class Careless:
    """Forgets to say how probable what it keeps was."""

    seed = 0

    def probability(self, row: tuple[Any, ...]) -> float:
        return 1.0 if draw(row[4], 0) < 0.2 else 1e-9


BROKEN = pytest.param(Careless, marks=pytest.mark.xfail(strict=True, reason="its weights are wrong"))


@pytest.mark.parametrize("make", [*SAMPLERS.values(), BROKEN])
def test_weighted_counts_of_what_is_kept_estimate_those_of_all(make: Any) -> None:
    """Horvitz-Thompson: over 200 draws of the same rows, the mean count of each bin is the full one."""
    rng = np.random.default_rng(8)
    n, repetitions = 400, 200
    scores, words = rng.uniform(size=n), rng.choice(["a", "b", "c"], p=[0.7, 0.25, 0.05], size=n)
    totals = np.zeros((repetitions, 12))
    for draw_number in range(repetitions):
        sampler: Sampler = make()
        for i in range(n):
            word = str(words[i])
            weight = weighed(
                row(f"{draw_number}-{i}", score=float(scores[i]), features={"c": word}, label=word), sampler
            )
            if weight is not None:
                totals[draw_number, int(scores[i] * 9)] += weight
                totals[draw_number, 9 + "abc".index(word)] += weight
    exact = np.concatenate(
        [np.bincount((scores * 9).astype(int), minlength=9), [np.sum(words == word) for word in "abc"]]
    )
    error = totals.std(axis=0, ddof=1) / math.sqrt(repetitions)
    assert np.all(np.abs(totals.mean(axis=0) - exact) <= 4 * error + 1e-9)
