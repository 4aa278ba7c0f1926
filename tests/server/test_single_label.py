"""What a single label is told of its prediction: true, false, or nothing; and never at the cost of others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from modelwatch.core.uuid7 import uuid7
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.lake.find_one import Sought
from modelwatch.server import single_label
from modelwatch.server.services import Services
from modelwatch.server.single_label import UNKNOWN, Label, Match, Matcher
from tests.jobs.folding import NOW, World, new_world
from tests.server.running import asking

FLUSH_US = 60_000_000
AT = NOW - DAY_US
MADE = uuid7(AT // 1000)
"""Its prediction is in the lake, two hours and a half away from the time in its id."""
NEAR = uuid7(AT // 1000 + 1)
WAITS = uuid7(AT // 1000 + 2)


def row(prediction_id: str, at_us: int) -> dict[str, object]:
    row = {"model_id": "m", "model_version": "1", "prediction_id": prediction_id, "prediction_score": 0.5}
    return {**row, "timestamp": at_us / 1e6, "features": {"x": 1.0}}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(single_label, "BUDGET_S", 30.0)
    (tmp_path / "world").mkdir()
    with new_world(tmp_path / "world") as found:
        found.send([row(MADE, AT - 150 * HOUR_US // 60), row(NEAR, AT), row("told", AT), row("told", AT + HOUR_US)])
        found.run()
        found.flush()
        yield found


@pytest.fixture
def matcher(world: World) -> Matcher:
    """The last request is not in the lake yet."""
    position = world.log.end()
    world.send([row(WAITS, AT), row("waits", AT - HOUR_US)])
    world.send([row("another", AT)])
    return Matcher(lambda: world.lake, world.log, lambda: position, FLUSH_US)


def look(matcher: Matcher, sought: Sought, model: str = "m") -> Match:
    matcher.rests_until = 0.0
    looking = matcher.begin(Label(model, sought, AT + 6 * HOUR_US), NOW)
    return UNKNOWN if looking is None else looking.result()


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        (Sought(NEAR), Match(True, 6.0)),
        (Sought(MADE), Match(True, 8.5)),
        (Sought("told", AT + 60_000_000), Match(True, 6.0)),
        (Sought("told"), UNKNOWN),
        (Sought(WAITS), Match(True, 6.0)),
        (Sought("waits", AT - 9 * DAY_US), Match(True, 7.0)),
        (Sought("told", AT - 3 * DAY_US), Match(False)),
        (Sought(uuid7((NOW - DAY_US) // 1000 + 5)), Match(False)),
        (Sought(uuid7((NOW - FLUSH_US) // 1000)), UNKNOWN),
    ],
)
def test_it_says_what_is_certain(matcher: Matcher, sought: Sought, expected: Match) -> None:
    assert look(matcher, sought) == expected


def test_a_model_that_nobody_knows_has_no_predictions(matcher: Matcher) -> None:
    assert look(matcher, Sought(NEAR), "other") == Match(False)


def test_nothing_is_known_of_what_the_log_has_let_go_of(world: World, matcher: Matcher) -> None:
    matcher.position = lambda: world.log.first() - 1
    assert look(matcher, Sought(uuid7((NOW - DAY_US) // 1000 + 5))) == UNKNOWN
    assert look(matcher, Sought(NEAR)).matched is True


def test_it_gives_up_when_time_is_over(matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_label, "BUDGET_S", -1.0)
    assert look(matcher, Sought(NEAR)) == UNKNOWN


def test_it_rests_and_looks_for_one_at_a_time(matcher: Matcher) -> None:
    label = Label("m", Sought(NEAR), AT)
    first = matcher.begin(label, NOW)
    assert first is not None
    assert matcher.begin(label, NOW) is None or first.done()
    first.result()
    matcher.rests_until = time.perf_counter() + 60
    assert matcher.begin(label, NOW) is None


def test_a_lake_that_cannot_be_read_harms_no_label(world: World) -> None:
    def broken() -> Any:
        raise OSError("gone")

    assert look(Matcher(broken, world.log, lambda: 0, FLUSH_US), Sought(NEAR)) == UNKNOWN


class Slow(Matcher):
    """Takes longer than anybody waits."""

    def find(self, *_: Any) -> Match:
        self.position()
        return Match(True, 1.0)


async def test_the_answer_tells_it_and_does_not_wait(
    services: Services, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    actual = {"model_id": "m", "prediction_id": "told", "actual_label": "x", "timestamp": AT / 1e6 + 3600}
    told = {**actual, "prediction_timestamp": AT / 1e6}
    async with asking(replace(services, matcher=Matcher(lambda: world.lake, world.log, lambda: 0, FLUSH_US))) as client:
        answer = (await client.post("/api/v1/actuals", json=told)).json()
        assert (answer["matched"], answer["label_delay_hours"]) == (True, 1.0)
        for body in (actual, [told]):
            answer = (await client.post("/api/v1/actuals", json=body)).json()
            assert answer.get("matched") is None
    monkeypatch.setattr(single_label, "BUDGET_S", 0.05)
    enough = threading.Event()
    async with asking(
        replace(services, matcher=Slow(lambda: world.lake, world.log, lambda: int(enough.wait(20)), 0))
    ) as client:
        begun = time.perf_counter()
        answer = (await client.post("/api/v1/actuals", json=told)).json()
        assert (answer["accepted"], answer["matched"], answer["label_delay_hours"]) == (1, None, None)
        assert time.perf_counter() - begun < 10
        enough.set()
