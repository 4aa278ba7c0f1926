"""What the server has found in the replay, asked over REST as any user would."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from modelwatch.cli.demo.delays import MODEL_ID
from modelwatch.cli.demo.flights import FEATURES
from modelwatch.core.level import Level, worst
from modelwatch.errors import ModelwatchError

MONTHS: Final = tuple(range(4, 13))
START: Final = "2013-04-01T00:00:00Z"
END: Final = "2014-01-08T00:00:00Z"
"""A window that ends in January still holds flights of December."""

QUIET_SECONDS: Final = 3.0
POLL_SECONDS: Final = 0.5

Get = Callable[[str], object]
"""Answers a path with decoded JSON."""


@dataclass(frozen=True, slots=True)
class Peak:
    """The worst that one month's windows say of a feature; `value` is PSI, None when there was nothing to judge."""

    value: float | None
    level: Level


@dataclass(frozen=True, slots=True)
class Drift:
    """One feature through the months, in the order of `MONTHS`."""

    feature: str
    months: tuple[Peak, ...]

    @property
    def level(self) -> Level:
        """The worst of the year."""
        return worst(peak.level for peak in self.months)

    @property
    def rank(self) -> tuple[int, float]:
        """Sorts what a person should see first to the front."""
        order = tuple(Level)
        raised = sum(1 for peak in self.months if peak.level is self.level)
        return order.index(self.level), -raised - max((peak.value or 0.0 for peak in self.months), default=0.0) / 100


@dataclass(frozen=True, slots=True)
class Found:
    """The drift of every feature, worst first, the alerts as the server gives them, newest first, and by month the ROC
    AUC of the window that was worst, of those whose labels have come."""

    drift: tuple[Drift, ...]
    alerts: tuple[Mapping[str, object], ...]
    auc: tuple[Peak, ...] = ()


def getter(url: str, api_key: str = "") -> Get:
    """Asks the server at `url`; raises `ModelwatchError` with what it answered."""

    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}

    def get(path: str) -> object:
        try:
            with urlopen(Request(url.rstrip("/") + path, headers=headers), timeout=30) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise ModelwatchError(f"the server answered {error.code} to {path}") from error
        except (URLError, OSError, ValueError) as error:
            raise ModelwatchError(f"the server did not answer {path}: {error}", hint="is it still running?") from error

    return get


def ask(get: Get) -> Found:
    """The findings of the whole replay."""
    drift = sorted((months_of(feature, get) for feature in FEATURES), key=lambda one: one.rank)
    alerts = listed(get(f"/api/v1/alerts?{urlencode({'model_id': MODEL_ID})}"), "alerts")
    return Found(tuple(drift), tuple(alerts), auc_of(performance(get)))


def performance(get: Get) -> Mapping[str, object]:
    """How good the model was, and how far its labels are."""
    query = urlencode({"metric": "roc_auc", "start_time": START, "end_time": END})
    answer = get(f"/api/v1/models/{quote(MODEL_ID)}/performance?{query}")
    return answer if isinstance(answer, dict) else {}


def auc_of(answer: Mapping[str, object]) -> tuple[Peak, ...]:
    """The lowest ROC AUC of each month's windows whose labels have come, and the worst level that they have."""
    series = [each for version in listed(answer, "versions") for each in listed(version, "series")]
    points = [point for each in series for point in listed(each, "data_points") if point.get("mature")]
    return tuple(lowest([p for p in points if month(str(p["timestamp"])) == m]) for m in MONTHS)


def lowest(points: Sequence[Mapping[str, object]]) -> Peak:
    """The smallest value and the worst level of some data points."""
    values = [float(str(point["value"])) for point in points if point.get("value") is not None]
    levels = [Level(str(point["level"])) for point in points if point.get("level") is not None]
    return Peak(min(values, default=None), worst(levels) if levels else Level.NO_DATA)


def months_of(feature: str, get: Get) -> Drift:
    """The worst window of each month; a window counts for the month in which it ends."""
    points = points_of(feature, get)
    return Drift(feature, tuple(peak([p for p in points if month(str(p["timestamp"])) == m]) for m in MONTHS))


def points_of(feature: str, get: Get) -> list[Mapping[str, object]]:
    """One data point per window of the whole replay."""
    query = urlencode({"feature": feature, "metric": "psi", "start_time": START, "end_time": END})
    return listed(get(f"/api/v1/models/{quote(MODEL_ID)}/drift?{query}"), "data_points")


def month(timestamp: str) -> int:
    """The month of 2013 that an ISO time lies in; 0 for another year.

    >>> month("2013-05-01T00:00:00Z"), month("2014-01-01T00:00:00Z")
    (5, 0)
    """
    return int(timestamp[5:7]) if timestamp.startswith("2013-") else 0


def peak(points: Sequence[Mapping[str, object]]) -> Peak:
    """The largest value and the worst level of some data points."""
    values = [float(str(point["value"])) for point in points if point.get("value") is not None]
    levels = [Level(str(point["level"])) for point in points]
    return Peak(max(values, default=None), worst(levels) if levels else Level.NO_DATA)


def listed(answer: object, name: str) -> list[Mapping[str, object]]:
    """The list under that name, or the answer itself when it is one."""
    rows = answer.get(name, []) if isinstance(answer, dict) else answer
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def wait_until_checked(
    get: Get,
    last_event: datetime,
    timeout: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Waits until all that was sent is folded and its windows are checked; raises when `timeout` seconds are over.

    Windows are checked oldest first, so it is done when the one that holds `last_event` is there and no value has
    changed for `QUIET_SECONDS`.
    """
    start = now = since = clock()
    before: object = None
    while now - since < QUIET_SECONDS:
        if now - start > timeout:
            raise ModelwatchError(
                f"the worker has not caught up after {timeout:.0f} s", hint="run the demo again to go on waiting"
            )
        sleep(POLL_SECONDS)
        seen = state(get)
        now = clock()
        if seen != before or not reached(seen, last_event):
            before, since = seen, now


def state(get: Get) -> list[Mapping[str, object]]:
    """The data points of one feature and all of performance, or none while the log is not folded and labels wait."""
    ready = get("/readyz")
    folded = isinstance(ready, dict) and ready.get("fold_lag_bytes") == 0
    if not folded:
        return []
    answer = performance(get)
    labels = answer.get("labels")
    if isinstance(labels, dict) and labels.get("waiting"):
        return []
    return [*points_of(FEATURES[0], get), {"timestamp": "", "performance": answer}]


def reached(points: Sequence[Mapping[str, object]], last_event: datetime) -> bool:
    """True when a window that ends after the event has been checked."""
    newest = max((str(point["timestamp"]) for point in points), default="")
    return bool(newest) and datetime.fromisoformat(newest) > last_event
