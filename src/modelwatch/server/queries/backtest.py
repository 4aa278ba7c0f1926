"""What a rule would have done: the stored figures of the past held against it before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from modelwatch.alerts.episodes import Episode, Key, episodes, title
from modelwatch.alerts.persistence import Item
from modelwatch.alerts.rule import Condition, Override, Rule, conditions_of, reach
from modelwatch.alerts.rule_evaluation import Verdict, evaluate
from modelwatch.alerts.rule_judging import Line, State
from modelwatch.alerts.rule_words import in_words
from modelwatch.core.level import SEVERITIES, Level
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import InvalidRequest
from modelwatch.store import models
from modelwatch.store.measured import longest, read_lines
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.rules import KIND_PREFIX, is_about

MOST_DAYS: Final = 366
MOST_TIME_US: Final = 8_000_000
"""How long models are looked at; what is left is said."""
MOST_EPISODES: Final = 100
JUDGED: Final = frozenset({State.FIRING, State.PENDING, State.OK})


@dataclass(frozen=True, slots=True)
class TestedEpisode:
    """One alert that there would have been; `resolved_at` is None where it would go on. `seconds` is how long."""

    opened_at: int
    resolved_at: int | None
    seconds: float
    level: Level
    title: str


@dataclass(frozen=True, slots=True)
class Tested:
    """One version of a model: how often the rule would have fired, in how many windows, and how many of these could
    not be judged, with the reasons. A `fault` says why it can never be judged."""

    model_id: str
    environment: str
    version: str
    fired: int
    windows: int
    unjudged: int
    reasons: list[str]
    fault: str
    episodes: list[TestedEpisode]


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a rule would have done in the last days of each model's own time. `looked_at` of `models` were tried before
    the time was over; `tested` are those with windows or a fault, the ones with most alerts first."""

    words: str
    days: int
    fired: int
    fired_models: int
    windows: int
    unjudged: int
    looked_at: int
    models: int
    complete: bool
    text: str
    tested: list[Tested]


def back_test(
    connection: Connection,
    rule: Rule | Override,
    days: int,
    clock: Callable[[], int],
    project: str = DEFAULT_PROJECT,
) -> BackTest:
    """Hold the stored figures of the last days against a rule; nothing is saved."""
    if not 1 <= days <= MOST_DAYS:
        raise InvalidRequest(f"a back-test of {days} days", hint=f"1 to {MOST_DAYS}")
    if isinstance(rule, Override):
        raise InvalidRequest("rules that exist anyway decide as they go", hint="their past alerts are in the history")
    chosen = [row for row in models.list_models(connection, project) if rule.model in (row.name, "__any__")]
    tested: list[Tested] = []
    begun, looked = clock(), 0
    for model in chosen:
        if looked and clock() - begun > MOST_TIME_US:
            break
        tested += tests_of(connection, model, rule, days, clock())
        looked += 1
    return summed(rule, days, tested, looked, len(chosen))


def tests_of(connection: Connection, model: ModelRow, rule: Rule, days: int, wall_us: int) -> Iterator[Tested]:
    """Each version of a model that the rule is about."""
    for deployment in models.list_deployments(connection, model.id):
        if is_about(rule, deployment.environment, deployment.version):
            yield test_of(connection, model, deployment, rule, days, wall_us)


def test_of(
    connection: Connection, model: ModelRow, deployment: DeploymentRow, rule: Rule, days: int, wall_us: int
) -> Tested:
    """One version: all its stored windows of the last days of its own time."""
    now_us = deployment.now_us(wall_us)
    start = now_us - days * DAY_US
    wanted = list(conditions_of(rule.formula))
    back = reach(rule) * longest(connection, deployment, wanted)
    lines = read_lines(connection, model, deployment, wanted, start - back, now_us + DAY_US)
    said = evaluate(rule, lines, start)
    return tested_of(model, deployment, rule, lines, said)


def tested_of(
    model: ModelRow, deployment: DeploymentRow, rule: Rule, lines: Mapping[Condition, Line], said: Mapping[int, Verdict]
) -> Tested:
    """What a rule said, counted."""
    raised: dict[int, dict[Key, Item]] = {
        end: {item.key: item for item in each.items.values()} for end, each in said.items()
    }
    found = [shown(rule, each) for each in episodes(raised)]
    unjudged = [each for each in said.values() if each.state not in JUDGED]
    return Tested(
        model.name,
        deployment.environment,
        deployment.version,
        len(found),
        len(said),
        len(unjudged),
        list(dict.fromkeys(each.text for each in unjudged if each.text))[:5],
        next((line.fault for line in lines.values() if line.fault), ""),
        found[-MOST_EPISODES:],
    )


def shown(rule: Rule, episode: Episode) -> TestedEpisode:
    """One alert that there would have been."""
    last = episode.checked_us if episode.resolved_us is None else episode.resolved_us
    level = SEVERITIES.get(rule.severity, episode.peak_level)
    words = title(KIND_PREFIX, episode.peak_items)
    return TestedEpisode(episode.opened_us, episode.resolved_us, (last - episode.opened_us) / 1e6, level, words)


def summed(rule: Rule, days: int, tested: list[Tested], looked: int, known: int) -> BackTest:
    """The whole, in numbers and in a sentence."""
    fired, windows = sum(each.fired for each in tested), sum(each.windows for each in tested)
    unjudged = sum(each.unjudged for each in tested)
    some = len({each.model_id for each in tested if each.fired})
    kept = sorted((each for each in tested if each.windows or each.fault), key=lambda each: -each.fired)
    text = sentence(days, fired, some, windows, unjudged, looked, known)
    numbers = (fired, some, windows, unjudged, looked, known)
    return BackTest(in_words(rule), days, *numbers, looked == known, text, kept)


def sentence(days: int, fired: int, some: int, windows: int, unjudged: int, looked: int, known: int) -> str:
    """What a person wants to know first.

    >>> sentence(90, 14, 1, 1000, 50, 1, 1)
    'This rule would have fired 14 times in the last 90 days; 5 % of 1,000 windows could not be judged'
    """
    if not windows:
        return f"Nothing is stored of the last {days} days that this rule looks at"
    text = f"This rule would have fired {fired:,} time{'' if fired == 1 else 's'} in the last {days} days"
    if known > 1:
        text += f", on {some:,} of {looked:,} models"
    if unjudged:
        text += f"; {unjudged / windows:.0%}".replace("%", " %") + f" of {windows:,} windows could not be judged"
    if looked < known:
        text += f"; {known - looked:,} models were not looked at, for lack of time"
    return text
