"""What people are told, in words and numbers that every channel can show; a channel only chooses the form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Any

from modelwatch.core.level import Level

SCHEMA = 1
"""Changes when the meaning of a field does."""


class Told(StrEnum):
    """Why a message is sent: something new, a change, a repeat, somebody took it on, the end, an action that was done
    about an alert, the day's digest, or a test. `ACKNOWLEDGED` is told when the last alert of a group that nobody had
    taken on is acknowledged; `ACTED` opens, changes and ends nothing."""

    OPENED = "opened"
    CHANGED = "changed"
    REPEATED = "repeated"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    ACTED = "acted"
    DIGEST = "digest"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Line:
    """One alert in a message. `news` says what is new of it since the message before: opened, worse, better, resolved,
    or '' where nothing is. `sure` and `bad` are sentences: how certain it is, and how large. `since` is in epoch
    seconds, event time. `facts` name the worst columns, segments or figures, one sentence each."""

    alert_id: int
    model: str
    version: str
    environment: str
    kind: str
    level: Level
    status: str
    title: str
    since: float
    sure: str
    bad: str
    url: str
    silence_url: str
    news: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A small series of the metric behind the worst alert: event times in epoch seconds, values (None is a gap)."""

    title: str
    times: tuple[float, ...]
    values: tuple[float | None, ...]
    warning: float | None = None
    critical: float | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one channel.

    `key` is the same on every try of the message, `group` the same for all messages about one group of alerts: it
    names the thread, the incident. `level` is the worst that goes on, that of the resolved ones when all is over.
    `lines` hold what is named, the worst first, `more` counts the alerts that only the page at `url` names.
    """

    key: str
    group: str
    project: str
    channel: str
    told: Told
    level: Level
    title: str
    at: float
    url: str
    lines: tuple[Line, ...] = ()
    more: int = 0
    models: int = 0
    notes: tuple[str, ...] = ()
    picture: Picture | None = None

    def to_json(self) -> str:
        """The stored form."""
        drawn = None if self.picture is None else asdict(drawable(self.picture))
        said = {"schema": SCHEMA, **asdict(self), "picture": drawn}
        return json.dumps(said, separators=(",", ":"), allow_nan=False)


def drawable(picture: Picture) -> Picture:
    """The picture with a gap where a value is no finite number: JSON has no others."""
    values = tuple(value if value is not None and isfinite(value) else None for value in picture.values)
    warning, critical = (x if x is not None and isfinite(x) else None for x in (picture.warning, picture.critical))
    return replace(picture, values=values, warning=warning, critical=critical)


def from_json(text: str) -> Notification:
    """The notification that `to_json` wrote."""
    said: dict[str, Any] = json.loads(text)
    said.pop("schema")
    lines = tuple(line_from(each) for each in said.pop("lines"))
    shown = said.pop("picture")
    picture = None if shown is None else picture_from(shown)
    notes = tuple(said.pop("notes"))
    told, level = Told(said.pop("told")), Level(said.pop("level"))
    return Notification(**said, told=told, level=level, lines=lines, notes=notes, picture=picture)


def line_from(said: Mapping[str, Any]) -> Line:
    """One line of what was stored."""
    return Line(**{**said, "level": Level(said["level"]), "facts": tuple(said["facts"])})


def picture_from(said: Mapping[str, Any]) -> Picture:
    """The picture of what was stored."""
    return Picture(**{**said, "times": tuple(said["times"]), "values": tuple(said["values"])})
