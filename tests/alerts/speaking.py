"""Notifications to be said, and a transport that keeps what was said and answers as told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from modelwatch.alerts.notification import Line, Notification, Picture, Told
from modelwatch.alerts.notifiers.contract import Answer, Call, Letter, Transport
from modelwatch.core.level import Level

NOW = 1_764_000_000.0
PICTURE = Picture("PSI of amount", (0.0, 3600.0, 7200.0, 10800.0), (0.01, None, 0.08, 0.41), 0.1, 0.25)


@dataclass
class Recorder:
    """Keeps every call and letter; answers with the next of `answers`, then with `always`."""

    answers: list[Answer] = field(default_factory=list)
    always: Answer = field(default_factory=lambda: Answer(200, {}, b"ok"))
    calls: list[Call] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def http(self, call: Call) -> Answer:
        self.calls.append(call)
        return self.answers.pop(0) if self.answers else self.always

    def smtp(self, letter: Letter) -> Answer:
        self.letters.append(letter)
        return self.answers.pop(0) if self.answers else self.always

    @property
    def ways(self) -> Transport:
        return Transport(self.http, self.smtp, lambda: NOW)


def answering(*answers: Answer, always: Answer | None = None) -> Recorder:
    return Recorder(list(answers), **({} if always is None else {"always": always}))


def line(number: int = 7, **changes: object) -> Line:
    said: dict[str, object] = {
        "alert_id": number,
        "model": "fraud",
        "version": "2.1.0",
        "environment": "production",
        "kind": "data_drift",
        "level": Level.CRITICAL,
        "status": "firing",
        "title": "amount drifted, PSI 0.41",
        "since": NOW - 7200.0,
        "sure": "Chance alone stays below PSI 0.02; two of three windows agree.",
        "bad": "PSI 0.41, critical from 0.25.",
        "url": f"https://watch.example.org/alerts/{number}",
        "silence_url": f"https://watch.example.org/alerts/{number}?silence=1",
        "news": "opened",
        "facts": ("amount: PSI 0.41", "country: PSI 0.12"),
    }
    return Line(**{**said, **changes})  # type: ignore[arg-type]


def notification(lines: Iterable[Line] | None = None, **changes: object) -> Notification:
    said: dict[str, object] = {
        "key": "g41-3",
        "group": "g41",
        "project": "default",
        "channel": "ops",
        "told": Told.OPENED,
        "level": Level.CRITICAL,
        "title": "fraud 2.1.0: amount drifted, PSI 0.41",
        "at": NOW - 60.0,
        "url": "https://watch.example.org/alerts/7",
        "lines": tuple((line(),) if lines is None else lines),
        "models": 1,
        "picture": PICTURE,
    }
    return Notification(**{**said, **changes})  # type: ignore[arg-type]
