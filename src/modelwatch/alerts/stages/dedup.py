"""What a channel has been told already is no news."""

from __future__ import annotations

from typing import Final

from modelwatch.alerts.stages.group import MOVED, Member
from modelwatch.core.level import CODE

OPENED: Final = "opened"
WORSE: Final = "worse"
BETTER: Final = "better"
RESOLVED: Final = "resolved"
SPEAKS: Final = frozenset({OPENED, WORSE, RESOLVED})
"""News that is worth a message; what got better is said in the next one."""


def news_of(member: Member) -> str:
    """What is new of an alert since the channel was told of it: opened, worse, better, resolved, or ''."""
    case = member.case
    if member.told_status == MOVED:
        return ""
    if not member.told_on:
        return OPENED if case.on else ""
    if not case.on:
        return RESOLVED
    if member.told_level is None or case.about.level is member.told_level:
        return ""
    return WORSE if CODE[case.about.level] < CODE[member.told_level] else BETTER
