"""What every message says, whatever the names are."""

from __future__ import annotations

from hypothesis import given

from modelwatch.alerts import words
from modelwatch.alerts.notification import Told
from modelwatch.core.level import Level
from tests.alerts.speaking import hostile, line, notification


def test_plain_text_says_what_where_since_when_how_sure_how_bad_and_where_to_go() -> None:
    assert words.plain(notification()) == (
        "Critical: fraud 2.1.0: amount drifted, PSI 0.41\n"
        "1 model, 1 alert, project default, 2025-11-24 15:59 UTC\n"
        "\n"
        "Critical, new: fraud 2.1.0 (production): amount drifted, PSI 0.41, since 2025-11-24 14:00 UTC\n"
        "  How sure: Chance alone stays below PSI 0.02; two of three windows agree.\n"
        "  How bad: PSI 0.41, critical from 0.25.\n"
        "  amount: PSI 0.41; country: PSI 0.12\n"
        "  Look: https://watch.example.org/alerts/7\n"
        "  Silence: https://watch.example.org/alerts/7?silence=1\n"
        "\n"
        "All of it: https://watch.example.org/alerts/7\n"
    )


def test_a_group_of_two_hundred_models_is_the_worst_by_name_and_a_number_with_a_link() -> None:
    many = notification([line(i, model=f"model-{i}") for i in range(25)], models=200, more=1175, title="200 models")
    text = words.plain(many)
    assert "200 models, 1,200 alerts" in text
    assert [f"model-{i} " in text for i in (0, 24, 25)] == [True, True, False]
    assert text.count("How sure") == words.IN_FULL
    assert text.endswith("\nand 1,175 more alerts: https://watch.example.org/alerts/7\n")
    assert words.plain(many, 10).endswith("\nand 1,190 more alerts: https://watch.example.org/alerts/7\n")


def test_the_headline_tells_where_the_matter_stands() -> None:
    def said(told: Told, *news: str, level: Level = Level.WARNING) -> str:
        lines = [line(i, news=each) for i, each in enumerate(news)]
        return words.headline(notification(lines, told=told, level=level, title="t"))

    assert said(Told.OPENED, "opened") == "Warning: t"
    assert said(Told.CHANGED, "worse", "better") == "Warning, worse: t"
    assert said(Told.CHANGED, "opened", "") == "Warning, more alerts: t"
    assert said(Told.CHANGED, "better", "") == "Warning, better: t"
    assert said(Told.CHANGED, "resolved", "") == "Warning, better: t"
    assert said(Told.CHANGED) == "Warning, changed: t"
    assert said(Told.REPEATED, "") == "Warning, still: t"
    assert said(Told.ACKNOWLEDGED, "") == "Acknowledged: t"
    assert said(Told.RESOLVED, "resolved") == "Resolved: t"
    assert said(Told.DIGEST, level=Level.NOTICE) == "Digest: t"
    assert said(Told.OPENED, level=Level.NOTICE) == "Info: t"


def test_a_line_tells_what_is_new_of_it() -> None:
    assert words.mark(line(news="")) == "Critical"
    assert words.mark(line(news="worse", status="acknowledged")) == "Critical, worse, acknowledged"
    assert words.mark(line(news="resolved")) == "Resolved, was critical"
    assert words.mark(line(status="resolved", news="", level=Level.WARNING)) == "Resolved, was warning"


def test_without_addresses_there_are_no_links() -> None:
    text = words.plain(notification([line(url="/alerts/7", silence_url="")], url="javascript:alert(1)"))
    assert "Look" not in text
    assert "Silence" not in text
    assert text.endswith("All of it: on the page\n")


def test_times_beyond_any_calendar_are_no_error() -> None:
    assert words.when(1e300) == "9999-12-31 23:59 UTC"
    assert words.when(-1e300) == "0001-01-01 00:00 UTC"


@given(hostile)
def test_names_add_no_lines_and_nothing_that_does_not_print(said: object) -> None:
    told = words.plain(said)  # type: ignore[arg-type]
    assert all(c.isprintable() or c == "\n" or c in words.JOINERS for c in told)
    longest = max(len(each) for each in told.split("\n"))
    assert longest <= 2100
    assert len(told.split("\n")) <= 100
