"""Matchers and mute times: words that all must fit, and clocks that jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.alerts.matcher import LEVELS, About, Matcher, matcher_from
from modelwatch.alerts.mute_time import MuteTime, Span, mute_time_from, muted_until
from modelwatch.alerts.time_of_day import FULL_DAY, WEEKDAYS
from modelwatch.core.level import Level

ALERT = About("fraud/eu", "production", "2.1.0", "data_drift", Level.WARNING, ("amount",))
SENT = st.sampled_from([None, Level.NOTICE, Level.WARNING, Level.CRITICAL])
WORD = st.sampled_from(["", "*", "fraud/*", "fraud/eu", "production", "2.1.0", "data_*", "amount", "x"])
MATCHERS = st.builds(Matcher, WORD, WORD, WORD, WORD, WORD, SENT, SENT)
SPANS = st.builds(
    Span,
    st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1).map(tuple),
    st.integers(0, FULL_DAY - 1),
    st.integers(1, FULL_DAY),
).filter(lambda span: span.start != span.end)
MONDAY = datetime(2026, 9, 21, tzinfo=UTC)


def us(moment: datetime) -> int:
    return int(moment.timestamp() * 1e6)


@given(MATCHERS)
def test_a_matcher_comes_back_as_it_was_stored(matcher: Matcher) -> None:
    assert matcher_from(matcher.to_json()) == matcher


@given(MATCHERS)
def test_a_matcher_fits_when_each_of_its_words_does_alone(matcher: Matcher) -> None:
    words = {"model": matcher.model, "environment": matcher.environment, "version": matcher.version}
    words |= {"kind": matcher.kind, "feature": matcher.feature}
    alone = [Matcher(**{name: word}) for name, word in words.items()]
    alone += [Matcher(**{name: getattr(matcher, name)}) for name in LEVELS]
    assert matcher.fits(ALERT) == all(each.fits(ALERT) for each in alone)


@pytest.mark.parametrize(
    ("matcher", "fits"),
    [
        (Matcher(), True),
        (Matcher(model="FRAUD/*"), False),
        (Matcher(model="fraud[/]eu"), False),
        (Matcher(environment="staging"), False),
        (Matcher(at_least=Level.CRITICAL), False),
        (Matcher(at_most=Level.WARNING, kind="*_drift"), True),
        (Matcher(at_most=Level.NOTICE), False),
    ],
)
def test_what_fits(matcher: Matcher, fits: bool) -> None:
    assert matcher.fits(ALERT) is fits


@given(st.lists(SPANS, min_size=1, max_size=3).map(tuple), st.integers(0, 14 * 1440))
def test_a_mute_is_over_exactly_when_its_spans_are(spans: tuple[Span, ...], minute: int) -> None:
    """The oracle walks through the minutes of a zone without jumps and asks each span for itself."""

    def inside(at: datetime) -> bool:
        now = at.hour * 60 + at.minute
        today, before = WEEKDAYS[at.weekday()], WEEKDAYS[(at.weekday() - 1) % 7]
        return any(
            (today in s.weekdays and s.start <= now and (now < s.end or s.end <= s.start))
            or (before in s.weekdays and s.end <= s.start and now < s.end)
            for s in spans
        )

    at = MONDAY + timedelta(minutes=minute)
    until = muted_until(MuteTime("m", "UTC", spans, Matcher()), us(at))
    assert (until is not None) == inside(at)
    if until is not None and until - us(at) < us(MONDAY + timedelta(days=7)) - us(MONDAY):
        end = datetime.fromtimestamp(until / 1e6, UTC)
        assert not inside(end)
        assert inside(end - timedelta(minutes=1))


def test_nights_and_weekends_follow_the_clock_on_the_wall() -> None:
    days = Span(("mon", "tue", "wed", "thu", "fri"), 18 * 60, 8 * 60)
    mute = MuteTime("off hours", "Europe/Berlin", (days, Span(("sat", "sun"), 0, FULL_DAY)), Matcher())
    friday = datetime(2026, 10, 23, 20, tzinfo=UTC)  # the clock goes back in the night to Sunday
    assert muted_until(mute, us(friday)) == us(datetime(2026, 10, 25, 23, tzinfo=UTC))
    assert muted_until(mute, us(datetime(2026, 10, 26, 6, 59, tzinfo=UTC))) is None
    assert mute_time_from("off hours", mute.to_json()) == mute
    always = MuteTime("always", "UTC", (Span(WEEKDAYS, 0, FULL_DAY),), Matcher())
    assert muted_until(always, us(friday)) >= us(friday + timedelta(days=7))  # type: ignore[operator]
