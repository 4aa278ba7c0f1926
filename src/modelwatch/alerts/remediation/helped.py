"""Did it help? What an alert was about, before an action and in the windows after it, in figures and in a sentence.

Of the newest three windows that began after it, do not overlap and could be judged, two must agree; so one odd window
decides nothing. Until then it cannot be said.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US

WINDOWS: Final = 3
AGREEING: Final = 2
LOOK_US: Final = 14 * DAY_US
"""For so long it is looked again: a retrained version may take days to come."""
ALONE_US: Final = DAY_US
"""An alert without windows to compare that goes on for so long after it was not helped."""


class Verdict(StrEnum):
    """Whether it helped."""

    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one window says by itself of what the alert was about."""

    level: Level
    value: float


@dataclass(frozen=True, slots=True)
class After:
    """What is known after a run. `windows` are judged, the newest first; `comparable` is False for alerts that no
    metric stands behind; `resolved` when the alert is over and no person ended it; `waited_us` since it was done."""

    metric: str
    before: float | None
    windows: Sequence[Seen]
    version: str
    new_version: bool
    comparable: bool
    resolved: bool
    waited_us: int


@dataclass(frozen=True, slots=True)
class Helped:
    """The verdict with its figures; `final` when it is not looked at again."""

    verdict: Verdict
    text: str
    metric: str
    before: float | None
    after: float | None
    windows: int
    version: str
    final: bool


def judge(found: After) -> Helped:
    """Whether it helped, as far as it can be said."""
    newest = list(found.windows[:WINDOWS])
    raised = sum(each.level.raised for each in newest)
    after = statistics.median(each.value for each in newest) if newest else None
    verdict = by_windows(len(newest), raised) if found.comparable else by_alert(found)
    final = found.waited_us >= LOOK_US
    text = said(found, verdict, after, len(newest), final)
    return Helped(verdict, text, found.metric, found.before, after, len(newest), found.version, final)


def by_windows(judged: int, raised: int) -> Verdict:
    """What the windows after it say."""
    if judged - raised >= AGREEING:
        return Verdict.HELPED
    return Verdict.DID_NOT_HELP if raised >= AGREEING else Verdict.UNKNOWN


def by_alert(found: After) -> Verdict:
    """What the alert itself says, where no metric can be compared."""
    if found.resolved:
        return Verdict.HELPED
    return Verdict.DID_NOT_HELP if found.waited_us >= ALONE_US else Verdict.UNKNOWN


def said(found: After, verdict: Verdict, after: float | None, judged: int, final: bool) -> str:
    """The verdict in words, with what stands behind it."""
    parts = {
        Verdict.HELPED: "Helped",
        Verdict.DID_NOT_HELP: "Did not help",
        Verdict.UNKNOWN: "Cannot be said" if final else "Cannot be said yet",
    }
    which = f"{'new ' if found.new_version else ''}version {found.version}"
    if not found.comparable:
        tail = "the alert is over" if found.resolved else "the alert goes on"
    elif after is None:
        tail = f"no window with enough rows has begun after it ({which})"
    else:
        before = "" if found.before is None else f"{figure(found.before)} before, "
        windows = f"{judged} window{'' if judged == 1 else 's'}"
        tail = f"{found.metric} {before}{figure(after)} in {windows} after it ({which})"
        tail += "; too few windows with enough rows" if verdict is Verdict.UNKNOWN and judged < AGREEING else ""
        tail += "; the alert is over" if found.resolved else ""
    return f"{parts[verdict]}: {tail}"


def figure(value: float) -> str:
    """A value as people write it.

    >>> figure(0.4132), figure(1234.5)
    ('0.413', '1,234')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
