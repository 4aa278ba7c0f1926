"""Writes notifications: what, where, since when, how sure, how bad, with links and a picture of the worst."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from modelwatch.alerts.episodes import figures_title, name
from modelwatch.alerts.notification import Line, Notification, Told
from modelwatch.alerts.persistence import Item, persistence_of
from modelwatch.alerts.stages.group import Group
from modelwatch.alerts.stages.plan import Saying
from modelwatch.alerts.words import clean
from modelwatch.core.figure import Subject, amount
from modelwatch.core.level import CODE, Level, worst
from modelwatch.jobs.picture import picture
from modelwatch.monitors.drift import SIZES, size_metric, thresholds_for
from modelwatch.store.alert_list import NamedAlert, named_alerts
from modelwatch.store.models import ModelRow, get_models

NAMED: Final = 25
FACTS: Final = 5
MOST_RESENT: Final = 5_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What a message is about, whatever its channel: the alerts, and the models behind them."""

    alerts: Mapping[int, NamedAlert]
    models: Mapping[int, ModelRow]
    url: str
    now_us: int


def load_facts(connection: Connection, alert_ids: Sequence[int], url: str, now_us: int) -> Facts:
    """The alerts that messages name."""
    alerts = {each.alert.id: each for each in named_alerts(connection, alert_ids)}
    ids = sorted({each.alert.model_id for each in alerts.values()})
    found = [row for i in range(0, len(ids), 500) for row in get_models(connection, ids[i : i + 500])]
    return Facts(alerts, {row.id: row for row in found}, url, now_us)


def compose(
    connection: Connection, group: Group, group_id: int, saying: Saying, url: str, now_us: int, resends: bool = False
) -> Notification:
    """The message of a group; what is new comes first, then what still fires, each the worst first."""
    named = [*ordered(group, saying.news), *ordered(group, saying.still)]
    if saying.told is Told.ACKNOWLEDGED and not named:
        named = ordered(group, {each.case.id for each in group.members if each.case.on})
    shown = named[: MOST_RESENT if resends else NAMED]
    facts = load_facts(connection, shown, url, now_us)
    lines = tuple(line(facts, i, saying.news.get(i, "")) for i in shown if i in facts.alerts)
    cases = {each.case.id: each.case for each in group.members}
    going_on = [cases[i].about.level for i in named if cases[i].on]
    alone = len(group.members) == 1 and group.sends == 1
    return Notification(
        key=f"{group.key}-{group.sends}",
        group=group.key,
        project=group.project,
        channel=group.channel,
        told=saying.told,
        level=worst(going_on or [cases[i].about.level for i in named]),
        title=title(group, saying, lines),
        at=now_us / 1e6,
        url=f"{url}/alerts/{shown[0]}" if alone and shown else f"{url}/alerts?group={group_id}",
        lines=lines,
        more=len(named) - len(lines),
        models=len({cases[i].model_id for i in named}),
        notes=notes(group, saying),
        picture=picture(connection, facts.alerts[shown[0]].alert, facts.models) if shown and not resends else None,
    )


def ordered(group: Group, wanted: Mapping[int, str] | Sequence[int] | set[int]) -> list[int]:
    """Those of the group's alerts that are wanted: what goes on before what is over, the worst first."""
    cases = [each.case for each in group.members if each.case.id in wanted]
    return [case.id for case in sorted(cases, key=lambda c: (not c.on, CODE[c.about.level], c.opened_us, c.id))]


def title(group: Group, saying: Saying, lines: Sequence[Line]) -> str:
    """One line that says what the message is about: the worst of what is new by its name, then the counts.

    >>> from modelwatch.alerts.stages.group import FLEET
    >>> title(Group(1, "p", "c", FLEET, "k", 0), Saying(Told.REPEATED, {}, (1, 2)), ())
    '2 alerts still fire'
    """
    total = len(saying.news) + len(saying.still)
    if total == 1 and lines:
        return f"{lines[0].model}: {lines[0].title}"
    counts = {word: sum(each == word for each in saying.news.values()) for word in ("opened", "worse", "resolved")}
    words = {"opened": "new", "worse": "worse", "resolved": "over"}
    told = ", ".join(f"{count:,} {words[word]}" for word, count in counts.items() if count)
    lead = f"{clean(lines[0].model, 60)}: {clean(lines[0].title, 100)}" if lines else ""
    match saying.told:
        case Told.OPENED if lead:
            return f"{lead}, and {total - 1:,} more"
        case Told.RESOLVED:
            return f"{counts['resolved']:,} alerts are over"
        case Told.ACKNOWLEDGED:
            return "Somebody has taken it on"
        case _ if told:
            still = f"; {len(saying.still):,} still fire" if saying.still else ""
            return f"{lead}; {told}{still}" if lead and lines[0].news in ("opened", "worse") else f"{told}{still}"
        case _:
            return f"{lead}, and {total - 1:,} more still fire" if lead else f"{total:,} alerts still fire"


def notes(group: Group, saying: Saying) -> tuple[str, ...]:
    """What else there is to know: how many alerts are left out, and why."""
    quiet = sum(
        each.told_on and each.case.on and each.case.id not in saying.news and each.case.id not in saying.still
        for each in group.members
    )
    if not quiet or saying.told is Told.ACKNOWLEDGED:
        return ()
    return (f"{quiet:,} more that somebody has acknowledged or silenced, or that an outage explains",)


def line(facts: Facts, alert_id: int, news: str) -> Line:
    """One alert in a message."""
    named = facts.alerts[alert_id]
    alert, model = named.alert, facts.models[named.alert.model_id]
    items = alert.items or alert.peak_items
    page = f"{facts.url}/alerts/{alert.id}"
    bad = how_bad(items, model, alert.level) if items else alert.level.value.replace("_", " ")
    return Line(
        alert_id=alert.id,
        model=named.model,
        version=named.version,
        environment=named.environment,
        kind=alert.kind,
        level=alert.level,
        status=alert.status,
        title=alert.title,
        since=min(facts.now_us, alert.opened_us, *(item.since_us for item in items)) / 1e6,
        sure=how_sure(items, model) if items else "counted, not estimated",
        bad=bad,
        url=page,
        silence_url=f"{page}?silence=1",
        news=news,
        facts=tuple(said for item in items[:FACTS] if (said := fact(item)) != bad),
    )


def how_sure(items: Sequence[Item], model: ModelRow) -> str:
    """Why it is no accident: what raised the worst item."""
    first = items[0]
    if first.measured is not None:
        return "a rule that was written for it says so"
    if first.how:
        return first.how
    rule = persistence_of(model.settings)
    agree = f"{rule.k} of {rule.n} windows that do not overlap agree" if rule.n > 1 else "one window says so"
    if first.figure is not None or first.chance is None or not math.isfinite(first.chance):
        return agree
    return f"{agree}; chance alone gives at most {first.chance:.2g}"


def how_bad(items: Sequence[Item], model: ModelRow, level: Level) -> str:
    """How large the worst item is, and how many there are."""
    first = items[0]
    more = f"; {len(items)} in all" if len(items) > 1 else ""
    if first.measured is not None:
        return f"{first.how}{more}"
    if first.figure is not None:
        return f"{figures_title(first.figure, first.value, 1)}{more}"
    said = thresholds_for(model.settings, 1)
    limits = {Level.CRITICAL: said.psi_critical, Level.WARNING: said.psi_warning}
    metric = size_metric(first.column.role)
    limit = limits.get(level) if metric == "psi" else None
    above = f", {level.value} from {limit:.2g}" if limit is not None and first.value >= limit else ""
    return f"{SIZES[metric]} {first.value:.2f}{above}{more}"


def fact(item: Item) -> str:
    """One column, segment or figure in a sentence."""
    if item.measured is not None:
        return item.how
    if item.figure is not None:
        if item.figure.subject is Subject.TARGET:
            return f"What comes true: PSI {amount(item.value)}"
        return figures_title(item.figure, item.value, 1)
    where = "" if item.segment is None else f"{item.segment.label}, "
    return f"{where}{name(item.column)}: {SIZES[size_metric(item.column.role)]} {item.value:.2f}"
