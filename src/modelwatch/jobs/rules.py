"""Rules that people wrote, evaluated where windows settle and in the same transaction.

Whatever settles (checked windows, outcomes, custom metrics, concept drift), each rule that looks at it is evaluated
from the first window that changed on, over everything that it looks at; its alerts are brought in line as those of
decisions by level are, so late data open, change and withdraw them. A deployment without rules costs one look at their
table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy import Connection, Engine

from modelwatch.alerts.episodes import Key
from modelwatch.alerts.life import Evaluation
from modelwatch.alerts.persistence import Item
from modelwatch.alerts.rule import Condition, Rule, conditions_of, reach
from modelwatch.alerts.rule_evaluation import Verdict, evaluate
from modelwatch.alerts.rule_judging import Line, State
from modelwatch.core.figure import Subject
from modelwatch.core.segment import WHOLE
from modelwatch.core.window import grid
from modelwatch.jobs.looked import Looked
from modelwatch.jobs.raise_alerts import align, going_on
from modelwatch.store import alerts, models, rules
from modelwatch.store.alerts import Evaluated
from modelwatch.store.checks import newest_check
from modelwatch.store.engine import reading, writing
from modelwatch.store.measured import Wanted, longest, read_lines, wanted_of
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.profiles import Series
from modelwatch.store.rules import RuleRow, RuleState

MOST_ENDS: Final = 500
"""Window ends that are evaluated after one that changed; beyond these late data reach only what looks back on it."""


class Source(Enum):
    """What has settled."""

    CHECKS = "checks"
    OUTCOMES = "outcomes"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Settled:
    """What has settled of a deployment, or of a segment of it: the windows that end in `[first, last]`."""

    source: Source
    length_us: int
    first_us: int
    last_us: int
    segment: str = WHOLE

    def feeds(self, wanted: Wanted) -> bool:
        """True when a condition looks at it."""
        match self.source:
            case Source.CHECKS:
                return wanted.checked and bool(wanted.segment) == bool(self.segment)
            case Source.OUTCOMES:
                return not wanted.checked and wanted.subject is not Subject.CUSTOM
            case Source.CUSTOM:
                return wanted.subject is Subject.CUSTOM


def evaluate_rules(
    connection: Connection, model: ModelRow, deployment: DeploymentRow, settled: Settled, wall_us: int
) -> int:
    """Evaluate the rules that look at what has settled; returns how many."""
    found = rules.rules_for(connection, model.project, model.name, deployment.environment, deployment.version)
    found = [row for row in found if any(settled.feeds(wanted_of(each)) for each in conditions(row))]
    if found:
        evaluate_these(connection, model, deployment, found, settled, wall_us)
    return len(found)


def evaluate_these(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    found: Sequence[RuleRow],
    settled: Settled,
    wall_us: int,
) -> None:
    """Evaluate rules from the first window that settled on."""
    wanted = [each for row in found for each in conditions(row)]
    length = max(settled.length_us, longest(connection, deployment, wanted))
    back = max(reach(row.rule) for row in found if isinstance(row.rule, Rule)) * length
    newest = newest_end(connection, deployment, settled)
    last = min(newest, max(settled.last_us + back, settled.first_us + MOST_ENDS * grid(settled.length_us)))
    lines = read_lines(connection, model, deployment, wanted, settled.first_us - back, last)
    known = alerts.alerts_of(connection, deployment.id, [row.kind for row in found], settled.first_us)
    states = []
    for row in found:
        mine = {each: lines[each] for each in conditions(row)}
        told = bring_in_line(
            connection, model, deployment, row, mine, known.get(row.kind, []), settled.first_us, length, wall_us
        )
        if last == newest:
            states.append(state_of(row, deployment, mine, told, settled.last_us, wall_us))
    rules.save_states(connection, states)


def conditions(row: RuleRow) -> list[Condition]:
    """The conditions of a rule."""
    return list(conditions_of(row.rule.formula)) if isinstance(row.rule, Rule) else []


def newest_end(connection: Connection, deployment: DeploymentRow, settled: Settled) -> int:
    """The end of the newest window there is."""
    check = newest_check(connection, Series(deployment.id))
    return max(settled.last_us, settled.last_us if check is None else check.end_us)


def bring_in_line(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    row: RuleRow,
    lines: Mapping[Condition, Line],
    stored: Sequence[alerts.AlertRow],
    first_us: int,
    length: int,
    wall_us: int,
) -> Mapping[int, Verdict]:
    """Evaluate a rule from `first_us` on and bring its alerts in line; returns what it says at each window's end."""
    assert isinstance(row.rule, Rule)
    current = going_on(stored, first_us)
    told = evaluate(row.rule, lines, first_us, current.items if current else ())
    raised: dict[int, dict[Key, Item]] = {
        end: {item.key: item for item in each.items.values()} for end, each in told.items()
    }
    if raised and (stored or any(raised.values())):
        looked = Looked(length, newest=True, evaluated=evaluated(told[max(told)], wall_us))
        align(connection, model, deployment, row.kind, length, raised, wall_us, looked, row)
    return told


def evaluated(said: Verdict, wall_us: int) -> Evaluated:
    """Whether a rule could be judged on its newest window, as its alert says it."""
    name = said.state.value
    if name in (Evaluation.NO_DATA, Evaluation.INSUFFICIENT_DATA, Evaluation.ERROR):
        return Evaluated(Evaluation(name), wall_us, said.text)
    return Evaluated()


def state_of(
    row: RuleRow,
    deployment: DeploymentRow,
    lines: Mapping[Condition, Line],
    told: Mapping[int, Verdict],
    end_us: int,
    wall_us: int,
) -> RuleState:
    """What is said of a rule now."""
    fault = next((line.fault for line in lines.values() if line.fault), "")
    if not told:
        state, text = (State.ERROR, fault) if fault else (State.NO_DATA, "nothing is stored yet that it looks at")
        return RuleState(row.id, deployment.id, state.value, text, end_us, wall_us)
    newest = max(told)
    said = told[newest]
    return RuleState(row.id, deployment.id, said.state.value, said.text, newest, wall_us)


def evaluate_changed(engine: Engine, wall_us: int) -> int:
    """Evaluate rules that were written since, on the newest window of each model that they are about; how many."""
    with reading(engine) as connection:
        waiting = rules.unevaluated(connection)
    for row in waiting:
        with reading(engine) as connection:
            chosen = about(connection, row)
        for model, deployment in chosen:
            with writing(engine) as connection:
                look_now(connection, model, deployment, row, wall_us)
        with writing(engine) as connection:
            rules.mark_evaluated(connection, row, wall_us)
    return len(waiting)


def about(connection: Connection, row: RuleRow) -> list[tuple[ModelRow, DeploymentRow]]:
    """The versions that a rule is about; none for what is changed about a rule that exists anyway."""
    if not isinstance(row.rule, Rule) or not row.rule.enabled:
        return []
    return [
        (model, deployment)
        for model in models.list_models(connection, row.project)
        for deployment in models.list_deployments(connection, model.id)
    ]


def look_now(connection: Connection, model: ModelRow, deployment: DeploymentRow, row: RuleRow, wall_us: int) -> None:
    """Evaluate one rule on the newest window of a version, if it is still as it was read."""
    place = (deployment.environment, deployment.version)
    held = rules.rules_for(connection, model.project, model.name, *place)
    found = next((each for each in held if each.id == row.id and each.updated_us == row.updated_us), None)
    check = newest_check(connection, Series(deployment.id))
    if found is None or check is None:
        return
    settled = Settled(Source.CHECKS, check.length_us, check.end_us, check.end_us)
    evaluate_these(connection, model, deployment, [found], settled, wall_us)
