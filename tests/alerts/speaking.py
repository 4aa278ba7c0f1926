"""Notifications to be said, and a transport that keeps what was said and answers as told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hypothesis import strategies as st

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


NASTY = st.sampled_from(
    [
        "<!channel>",
        "<!here|x>",
        "<@U123>",
        "*_~`bold`~_*",
        "a\r\nBcc: evil@example.org\r\n\r\nbody",
        "\u202egnp.exe\u202c",
        "\u200f\u0627\u200e",
        "\x00\x07\x1b[31m\x7f\x85\u2028\u2029",
        "[click](https://evil.example)",
        "<script>alert(1)</script>",
        "</p><img src=x onerror=alert(1)>",
        '"><a href="https://evil.example">',
        "&amp;lt;",
        "{{.Labels}} {0} %s ${x}",
        "<at>everyone</at>",
        "x" * 512,
        "é" * 256,
        "👨‍👩‍👧" * 60,
        "&" * 512,
        "\ud800",
        "",
    ]
)
NAME = st.one_of(NASTY, st.text(max_size=40), st.lists(NASTY, min_size=2, max_size=3).map(" ".join))
URL = st.one_of(
    st.just("https://watch.example.org/alerts/7"),
    st.sampled_from(["", "javascript:alert(1)", "https://a.example/<!channel>|x", "https://a.example/?" + "&" * 1900]),
    st.text(max_size=30).map("https://a.example/".__add__),
)
TIME = st.one_of(st.floats(0, 4e9), st.sampled_from([-1e300, -1.0, 1e300, NOW + 900.0]))
VALUE = st.one_of(st.none(), st.floats(allow_nan=False))
LINES = st.builds(
    Line,
    alert_id=st.integers(0, 2**53),
    model=NAME,
    version=NAME,
    environment=NAME,
    kind=NAME,
    level=st.sampled_from(Level),
    status=st.sampled_from(["firing", "acknowledged", "resolved"]),
    title=NAME,
    since=TIME,
    sure=NAME,
    bad=NAME,
    url=URL,
    silence_url=URL,
    news=st.sampled_from(["", "opened", "worse", "better", "resolved"]),
    facts=st.lists(NAME, max_size=8).map(tuple),
)
SERIES = st.lists(st.tuples(TIME, VALUE), max_size=30)
PICTURES = st.builds(
    lambda title, series, warning, critical: Picture(
        title, tuple(t for t, _ in series), tuple(v for _, v in series), warning, critical
    ),
    NAME,
    SERIES,
    VALUE,
    VALUE,
)
hostile = st.builds(
    lambda lines, times, **said: Notification(lines=tuple(lines) * times, **said),
    lines=st.lists(LINES, max_size=4),
    times=st.sampled_from([1, 1, 2, 50]),
    key=NAME,
    group=NAME,
    project=NAME,
    channel=NAME,
    told=st.sampled_from(Told),
    level=st.sampled_from(Level),
    title=NAME,
    at=TIME,
    url=URL,
    more=st.integers(0, 10**6),
    models=st.integers(0, 10**4),
    notes=st.lists(NAME, max_size=12).map(tuple),
    picture=st.one_of(st.none(), PICTURES),
)
"""Notifications with names that try to be more than names, of up to 200 alerts."""
