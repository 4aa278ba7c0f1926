"""Whether an action helped: what the windows after it say, in figures and in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.alerts.remediation.helped import LOOK_US, After, Seen, Verdict, judge
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US

AFTER = After("PSI of amount", 0.41, [], "2.1.0", False, True, False, 0)
GOOD, BAD = Seen(Level.OK, 0.02), Seen(Level.CRITICAL, 0.44)


@pytest.mark.parametrize(
    ("windows", "verdict", "text"),
    [
        ([], Verdict.UNKNOWN, "Cannot be said yet: no window with enough rows has begun after it (version 2.1.0)"),
        (
            [GOOD],
            Verdict.UNKNOWN,
            "Cannot be said yet: PSI of amount 0.41 before, 0.02 in 1 window after it (version 2.1.0); too few windows",
        ),
        ([GOOD, BAD], Verdict.UNKNOWN, "Cannot be said yet: PSI of amount 0.41 before, 0.23 in 2 windows after it"),
        ([GOOD, GOOD], Verdict.HELPED, "Helped: PSI of amount 0.41 before, 0.02 in 2 windows after it"),
        ([GOOD, BAD, GOOD], Verdict.HELPED, "Helped: PSI of amount 0.41 before, 0.02 in 3 windows after it"),
        ([BAD, BAD, GOOD], Verdict.DID_NOT_HELP, "Did not help: PSI of amount 0.41 before, 0.44 in 3 windows"),
        ([GOOD, GOOD, BAD, BAD, BAD], Verdict.HELPED, "Helped: PSI of amount 0.41 before, 0.02 in 3 windows"),
    ],
)
def test_two_of_the_newest_three_windows_decide(windows: list[Seen], verdict: Verdict, text: str) -> None:
    found = judge(replace(AFTER, windows=windows))
    assert found.verdict is verdict
    assert found.text.startswith(text)


def test_a_new_version_is_named_and_an_alert_that_is_over_is_said() -> None:
    found = judge(replace(AFTER, windows=[GOOD, GOOD], version="2.2.0", new_version=True, resolved=True))
    assert found.text.endswith("in 2 windows after it (new version 2.2.0); the alert is over")
    assert (found.before, found.after, found.windows, found.version) == (0.41, 0.02, 2, "2.2.0")


@pytest.mark.parametrize(
    ("resolved", "waited", "verdict"),
    [
        (True, 0, Verdict.HELPED),
        (False, DAY_US - 1, Verdict.UNKNOWN),
        (False, DAY_US, Verdict.DID_NOT_HELP),
    ],
)
def test_where_nothing_can_be_compared_the_alert_itself_decides(resolved: bool, waited: int, verdict: Verdict) -> None:
    assert judge(replace(AFTER, comparable=False, resolved=resolved, waited_us=waited)).verdict is verdict


@given(st.lists(st.sampled_from(list(Level)).map(lambda level: Seen(level, 0.1)), max_size=6), st.integers(0, LOOK_US))
def test_it_never_says_more_than_two_windows_agree_on(windows: list[Seen], waited: int) -> None:
    found = judge(replace(AFTER, windows=windows, waited_us=waited))
    raised = [each.level.raised for each in windows[:3]]
    assert (found.verdict is Verdict.HELPED) == (raised.count(False) >= 2)
    assert (found.verdict is Verdict.DID_NOT_HELP) == (raised.count(True) >= 2)
    assert found.final == (waited >= LOOK_US)
