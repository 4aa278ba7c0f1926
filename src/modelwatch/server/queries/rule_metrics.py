"""What a rule may be about, so that a form can offer it: metrics, subjects, and the names that they are of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.alerts.default_rules import FACTS
from modelwatch.alerts.rule import ANY_MODEL, Operator
from modelwatch.alerts.rule_json import SUBJECTS
from modelwatch.core.figure import Subject
from modelwatch.core.group import group_of
from modelwatch.core.measured import Family
from modelwatch.core.segment import from_key
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.monitors.custom.watched import watched_metrics
from modelwatch.monitors.drift.rates import RATES
from modelwatch.monitors.performance import METRICS
from modelwatch.server.queries.rules import known_model
from modelwatch.store import models, segments
from modelwatch.store.binnings import load_binning
from modelwatch.store.metric_names import DRIFT_METRICS, FAIRNESS_METRICS, WINDOW_METRICS
from modelwatch.store.models import ModelRow
from modelwatch.store.outcome_checks import newest_outcome_check

PLAIN = {
    "psi": "PSI",
    "smooth": "Smooth test",
    "chi_square": "Chi-square",
    "ks": "Kolmogorov-Smirnov",
    "kl": "KL divergence",
    "mmd": "MMD",
    "centroid": "Shift of the centroid",
}
WINDOW_TITLES = {"rows": "Rows", "labelled": "Labelled rows", "label_coverage": "Share of rows that are labelled"}


@dataclass(frozen=True, slots=True)
class RuleMetric:
    """A metric that a rule may name. `unit` is share, number, times, target or a user's own; `of` says what it may be
    narrowed to (feature, segment, group, class), `has_baseline` whether a change against the baseline can be asked
    for, `has_chance` whether it can be held against what chance allows."""

    name: str
    title: str
    family: Family
    unit: str
    of: list[str]
    up_is_good: bool | None
    has_baseline: bool
    has_chance: bool


@dataclass(frozen=True, slots=True)
class RuleSubject:
    """A subject of decisions by level."""

    name: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class RuleMetrics:
    """What a rule of a model may be about."""

    metrics: list[RuleMetric]
    subjects: list[RuleSubject]
    operators: list[str]
    features: list[str]
    segments: list[str]
    groups: list[str]
    classes: list[str]
    environments: list[str]
    versions: list[str]


def rule_metrics(connection: Connection, model_id: str | None, project: str = DEFAULT_PROJECT) -> RuleMetrics:
    """What a rule may be about, of one model or of all; names are those of one model."""
    subjects = [RuleSubject(each.kind, each.title, each.what) for each in FACTS if each.kind in SUBJECTS]
    operators = [each.value for each in Operator]
    if model_id is None or model_id == ANY_MODEL:
        found = {each.name: each for row in models.list_models(connection, project) for each in of_model(row)}
        return RuleMetrics(list(found.values()), subjects, operators, [], [], [], [], [], [])
    known_model(connection, model_id, project)
    model = models.find_model(connection, project, model_id)
    assert model is not None
    deployments = models.list_deployments(connection, model.id)
    groups, classes = cuts_of(connection, [row.id for row in deployments])
    return RuleMetrics(
        list(of_model(model)),
        subjects,
        operators,
        columns_of(connection, model),
        [from_key(each.key).label for each in segments.load_watched(connection, model.id)],
        groups,
        classes,
        sorted({row.environment for row in deployments}),
        sorted({row.version for row in deployments}),
    )


def of_model(model: ModelRow) -> Iterator[RuleMetric]:
    """The metrics of a model, by its task, its fairness settings and its own metrics."""
    places = ["feature", "segment"]
    for name in DRIFT_METRICS:
        rate = next((each for each in RATES if each.metric == name), None)
        title = PLAIN.get(name, name) if rate is None else rate.label
        unit = "number" if rate is None else "share"
        yield RuleMetric(name, title, Family.DRIFT, unit, places, False, rate is not None, True)
    for name in WINDOW_METRICS:
        unit, of = ("share", []) if name == "label_coverage" else ("number", ["segment"] if name == "rows" else [])
        yield RuleMetric(name, WINDOW_TITLES[name], Family.WINDOW, unit, of, None, False, False)
    for fact in METRICS.values():
        if not model.task or model.task in fact.tasks:
            said = (fact.unit, ["class"], fact.up_is_good, True, True)
            yield RuleMetric(fact.name, fact.title, Family.PERFORMANCE, *said)
            yield RuleMetric(f"estimated.{fact.name}", f"{fact.title}, estimated", Family.ESTIMATED, *said)
    if model.settings.get("fairness"):
        for name in FAIRNESS_METRICS:
            title = name.replace("_", " ").capitalize()
            yield RuleMetric(name, title, Family.FAIRNESS, "number", ["group"], None, True, False)
    yield RuleMetric("target.psi", "PSI of what comes true", Family.TARGET, "number", [], False, False, False)
    for each in watched_metrics(model.settings.get("metrics")):
        metric = each.metric
        yield RuleMetric(f"custom.{metric.name}", metric.name, Family.CUSTOM, metric.unit, [], None, True, True)


def columns_of(connection: Connection, model: ModelRow) -> list[str]:
    """The names of a model's columns."""
    if model.binning_hash is None:
        return []
    columns = load_binning(connection, model.id, model.binning_hash).columns
    return list(dict.fromkeys(column.key.name or column.key.role.value for column in columns))


def cuts_of(connection: Connection, deployment_ids: list[int]) -> tuple[list[str], list[str]]:
    """The groups and the classes of the newest windows of outcomes."""
    groups: dict[str, None] = {}
    classes: dict[str, None] = {}
    for deployment_id in deployment_ids:
        check = newest_outcome_check(connection, deployment_id)
        for row in () if check is None else check.figures:
            if row.figure.cut:
                groups[group_of(row.figure.cut).label] = None
            elif row.figure.label and row.figure.subject is Subject.PERFORMANCE:
                classes[row.figure.label] = None
    return list(groups), list(classes)
