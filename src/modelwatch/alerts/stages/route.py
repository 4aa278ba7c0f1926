"""Which channels an alert goes to: those that its rule names, else every one that takes its level and its model."""

from __future__ import annotations

from collections.abc import Mapping

from modelwatch.alerts.matcher import like
from modelwatch.alerts.stages.case import Case, Held, Route, World
from modelwatch.alerts.stages.historic import HISTORY
from modelwatch.core.level import CODE


def route(case: Case, channel: Route, _world: World) -> Held | None:
    """Held where the channel does not take it; a rule that names the channel overrides what it takes."""
    if case.wanted:
        return None if channel.name in case.wanted else Held("its rule names other channels", elsewhere=True)
    if not any(like(case.about.model, pattern) for pattern in channel.models):
        return Held("no channel takes this model", elsewhere=True)
    if CODE[case.about.level] > CODE[channel.min_level]:
        return Held(f"no channel takes level {case.about.level.value}", elsewhere=True)
    return None


def reasons(case: Case, held: Mapping[str, Held | None]) -> dict[str, str]:
    """{channel: why the alert is not told there now, '' when nothing holds it back}. Channels that are not for it are
    left out, unless all are: then the reason stands under '*'.

    >>> from modelwatch.alerts.matcher import About
    >>> from modelwatch.core.level import Level
    >>> reasons(Case(1, "p", 1, 1, About("m", "", "1", "k", Level.WARNING), "firing", 0), {})
    {'*': 'Not sent: no channel is set'}
    """
    mine = {name: each for name, each in held.items() if each is None or not each.elsewhere}
    if mine or not case.on:
        return {name: "" if each is None else each.reason for name, each in mine.items()}
    if case.historic:
        return {"*": HISTORY}
    if case.wanted:
        return {"*": f"Not sent: no channel {' or '.join(case.wanted)} is there and enabled"}
    why = sorted({each.reason for each in held.values() if each is not None})
    return {"*": f"Not sent: {why[-1] if why else 'no channel is set'}"}
