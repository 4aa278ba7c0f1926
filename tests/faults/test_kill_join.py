"""kill -9 of the worker while labels come: late, early, twice, corrected, for nobody, of other types; the figures that
are stored in the end are those computed from all that was sent."""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from modelwatch.core.uuid7 import uuid7
from modelwatch.core.wire import Kind
from modelwatch.lake import labels as labels_lake
from modelwatch.lake.contract import TableKey
from modelwatch.lake.local import LocalLake
from modelwatch.profiles.outcomes import merge
from modelwatch.store import labels
from modelwatch.store.engine import open_database, reading
from modelwatch.store.outcomes import Side, load_outcomes
from tests.faults.serving import Server, serving
from tests.jobs.truth import confusion

KILLS = int(os.environ.get("MODELWATCH_KILLS", "8"))
NOW = 1_763_000_000
DAY = 86_400
SAID: tuple[Any, ...] = ("yes", "no", "yes", "no", 1, True, 0.5, None)


@dataclass
class Sent:
    """What was acknowledged: predicted labels by id, and the last label of each, None for a number alone."""

    predicted: dict[str, str] = field(default_factory=dict)
    last: dict[str, str | None] = field(default_factory=dict)

    def cells(self) -> Counter[tuple[str, str]]:
        """(predicted, actual): how many."""
        return Counter(
            (self.predicted[each], said) for each, said in self.last.items() if each in self.predicted and said
        )


class Sender(threading.Thread):
    """One request after the other, each until it is acknowledged, so that the order of sending is that of the log."""

    def __init__(self, server: Server, seed: int) -> None:
        super().__init__(daemon=True)
        self.server, self.random, self.sent = server, random.Random(seed), Sent()
        self.enough = threading.Event()
        self.requests = 0
        self.trouble = ""
        self.ids = [f"p{i}" for i in range(1_500)] + [uuid7((NOW - i * 300) * 1000) for i in range(1_500)]
        self.random.shuffle(self.ids)

    def post(self, path: str, rows: list[dict[str, Any]]) -> None:
        """Send rows under a key until they are acknowledged."""
        self.requests += 1
        body = "\n".join(json.dumps({"model_id": "m", **row}) for row in rows).encode()
        headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": f"{path}-{self.requests}"}
        for _ in range(600):
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
            try:
                connection.request("POST", f"/api/v1/{path}", body, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status == 200:
                    return
                if answer.status not in (429, 503):
                    self.trouble = f"{answer.status} {text[:300]!r}"
                    return
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(0.05)
        self.trouble = "never acknowledged"

    def run(self) -> None:
        known = 0
        while not self.trouble and not (self.enough.is_set() and known == len(self.ids)):
            fresh = self.ids[known : known + (300 if known < 1_200 else 20)]
            known += len(fresh)
            if fresh:
                self.predict(fresh)
            self.label(known)
            time.sleep(0.03)

    def predict(self, ids: list[str]) -> None:
        """Predictions of the last days."""
        rows = []
        for each in ids:
            score = self.random.randrange(101) / 100
            row = {"prediction_id": each, "prediction_score": score, "prediction_label": "yes" if score > 0.5 else "no"}
            rows.append({**row, "model_version": "1", "timestamp": NOW - self.random.randrange(3 * DAY)})
            self.sent.predicted.setdefault(each, row["prediction_label"])
        self.post("predictions", rows)

    def label(self, known: int) -> None:
        """Labels of what came, of what comes yet, and of what never will; some again and again."""
        among = [*self.random.choices(self.ids[:known], k=20), *self.random.choices(self.ids, k=3), "never"]
        among += among[:3] * 5
        rows = []
        for each in among:
            said = self.random.choice(SAID)
            told = {"actual_value": 1.5} if said is None else {"actual_label": said}
            rows.append({"prediction_id": each, "timestamp": NOW + self.random.randrange(30 * DAY) - 1, **told})
            self.sent.last[each] = {None: None, "yes": "yes", "no": "no"}.get(said, json.dumps(said))
        self.post("actuals", rows)


def counted(folder: Path) -> tuple[Counter[tuple[str, str]], int]:
    """(predicted, actual) as stored, and how many labels wait to be joined for the first time."""
    engine = open_database(folder / "modelwatch.db")
    with reading(engine) as connection:
        stretches = load_outcomes(connection, 1, -(2**62), 2**62, Side.LABELLED)
        waiting = sum(labels.waiting_models(connection).values())
    engine.dispose()
    cells = confusion(merge(each.outcomes for each in stretches))
    return Counter({(predicted, actual): n for (cut, predicted, actual), n in cells.items() if not cut}), waiting


def in_lake(folder: Path) -> dict[str, str | None]:
    """The last label of each prediction in the lake."""
    key = TableKey("default", "m", Kind.LABELS)
    rows = LocalLake(folder / "lake").scan(key, None, 0, 2**62).read_all()
    newest = labels_lake.newest(labels_lake.together([rows]))
    ids = newest.column(labels_lake.ID).to_pylist()
    return dict(zip(ids, newest.column(labels_lake.ACTUAL).to_pylist(), strict=True))


@pytest.mark.parametrize("seed", [0])
def test_labels_are_counted_as_from_scratch_whatever_is_killed(tmp_path: Path, seed: int) -> None:
    kill_and_compare(tmp_path, KILLS, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 6))
def test_the_same_in_the_long_run(tmp_path: Path, seed: int) -> None:
    kill_and_compare(tmp_path, 40, seed)


def kill_and_compare(tmp_path: Path, kills: int, seed: int) -> None:
    """Kill the worker that often under load, then compare."""
    folder, dice = tmp_path / "data", random.Random(seed)
    with serving(folder, "--lake-flush-seconds", "0.5") as server:
        sender = Sender(server, seed)
        sender.start()
        end = time.monotonic() + 60 + 15 * kills
        while kills:
            assert time.monotonic() < end, f"too slow: {kills}"
            time.sleep(0.1)
            if server.age("worker") > dice.uniform(2.0, 6.0):
                kills -= server.kill("worker")
        sender.enough.set()
        sender.join(120)
        assert not sender.trouble
        assert not sender.is_alive()
        expected = sender.sent.cells()
        deadline = time.monotonic() + 90
        while counted(folder) != (expected, 0) and time.monotonic() < deadline:
            time.sleep(0.5)
    assert counted(folder) == (expected, 0)
    joined = {each: said for each, said in sender.sent.last.items() if each in sender.sent.predicted}
    assert in_lake(folder) == joined
