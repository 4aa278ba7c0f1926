"""Windows of outcomes -> figures with levels: how good the model was, how good it seems before labels come, whether
groups are treated alike, whether what comes true has changed.

Only a window whose labels have come is judged by them. One budget of false alerts is shared by the four, and by the
metrics that users write where these have thresholds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from modelwatch.alerts.persistence import persistence_of
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.judging import Judging
from modelwatch.core.level import Level, worst
from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.core.window import DAY_US, choose_length, ends_touched
from modelwatch.jobs.losses import REGRESSION, window_losses
from modelwatch.jobs.varies import baseline_days, estimates_vary, varies_of
from modelwatch.jobs.windows import rows_per_day
from modelwatch.monitors.custom.watched import watched_metrics
from modelwatch.monitors.drift import Thresholds, thresholds_for
from modelwatch.monitors.estimated import ASSUMPTION, Confidence, Estimated, estimate, judge_estimated, learn, surprise
from modelwatch.monitors.fairness import FairnessSettings, told
from modelwatch.monitors.fairness import check as check_fairness
from modelwatch.monitors.fairness.metrics import COMPARED, Kind
from modelwatch.monitors.performance import HEADLINES, METRICS, judged, measures
from modelwatch.monitors.performance.judge import Judgement
from modelwatch.monitors.performance.maturity import NEARLY, Delays, Maturity, maturity
from modelwatch.monitors.performance.scatter import Scatter
from modelwatch.monitors.performance.target import target_drift
from modelwatch.profiles.outcomes import Fact, Outcomes, Total, merge
from modelwatch.profiles.outcomes.facts import FACT_AT, FACT_BITS
from modelwatch.profiles.outcomes.grids import delay_ends_s
from modelwatch.store.baselines import FIRST_US, Baseline, find_baseline, find_delays
from modelwatch.store.labels import load_joined
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck, newest_outcome_check
from modelwatch.store.outcomes import ReferenceLosses, find_reference_losses, load_outcomes, window_outcomes
from modelwatch.store.profiles import Series

PARTS: Final = 4
"""Performance, its estimate, fairness and the target share the budget."""
SEEN_FACTS: Final = (Fact.PREDICTED, Fact.PREDICTED_SCORE, Fact.SEEN)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Everything that looking at one deployment's outcomes needs."""

    model: ModelRow
    deployment: DeploymentRow
    judging: Judging
    baseline: Baseline
    delays: Delays | None
    confidence: Confidence | None
    fairness: FairnessSettings
    losses: ReferenceLosses | None
    earlier: Outcomes
    varies: Mapping[str, Scatter]
    estimates_vary: Mapping[str, Scatter]
    length: int
    now_us: int
    horizon_us: int
    before: Sequence[Measure]
    """What the baseline was worth."""

    @property
    def positive(self) -> str:
        """The positive label of a binary model, '' for any other."""
        return positive_of(self.judging)

    @property
    def thresholds(self) -> Thresholds:
        """What is certain and large, with each monitor's part of the budget."""
        found = thresholds_for(self.model.settings, self.length)
        return replace(found, part=found.part / parts_of(self.model.settings))


def positive_of(judging: Judging) -> str:
    """See `Judged.positive`."""
    return (judging.positive or "") if judging.task == "binary" else ""


def parts_of(settings: Mapping[str, Any]) -> int:
    """How many share the budget: the four, and custom metrics where some have thresholds."""
    return PARTS + any(each.bounded for each in watched_metrics(settings.get("metrics")))


def load_judged(
    connection: Connection, model: ModelRow, deployment: DeploymentRow, reference_id: int, now_us: int, least: int
) -> Judged | None:
    """What there is to look at a deployment's outcomes with, in windows of `least` length or longer; None when nothing
    is counted."""
    rules = load_joined(connection, model.id).rules
    if not rules:
        return None
    judging = Judging.from_json(rules)
    horizon = model.horizon_us
    fairness = FairnessSettings.from_json(model.settings.get("fairness") or {})
    delays = find_delays(connection, deployment.id, now_us, horizon)
    settled = horizon if delays is None else int(settled_s(delays) * 1e6)
    baseline = find_baseline(connection, deployment, reference_id, now_us - settled)
    confidence = None
    if baseline.kind and judging.task in ("binary", "multiclass"):
        confidence = learn(baseline.outcomes, judging.positive if judging.task == "binary" else None)
    held = baseline.kind == "reference" and judging.task == REGRESSION
    losses = find_reference_losses(connection, reference_id) if held else None
    before = newest_outcome_check(connection, deployment.id)
    per_day = rows_per_day(connection, Series(deployment.id), now_us) * (1.0 if delays is None else delays.final)
    own = choose_length(per_day, before.length_us if before else None)
    labelled_ever = baseline.kind or delays is not None
    length = least if model.settings.get("window_seconds") or not labelled_ever else max(own, least)
    earlier = earlier_of(connection, deployment, baseline) if fairness.attributes else baseline.outcomes
    where = (model, deployment, judging, baseline, delays, confidence)
    positive = positive_of(judging)
    worth = measures(baseline.outcomes, judging.task, positive) if baseline.kind else []
    days = baseline_days(connection, deployment.id, reference_id, baseline)
    varies = varies_of(days, judging.task, positive, length)
    doubts = {} if confidence is None else estimates_vary(days, baseline.outcomes, confidence, length)
    return Judged(*where, fairness, losses, earlier, varies, doubts, length, now_us, horizon, worth)


def earlier_of(connection: Connection, deployment: DeploymentRow, baseline: Baseline) -> Outcomes:
    """What groups are held against and named by: the baseline, else the first week, with labels or without."""
    if baseline.kind or deployment.first_event_us is None:
        return baseline.outcomes
    start = deployment.first_event_us - deployment.first_event_us % DAY_US
    return merge(each.outcomes for each in load_outcomes(connection, deployment.id, start, start + FIRST_US))


def settled_s(delays: Delays) -> float:
    """The age in seconds at which nearly all labels have come."""
    return float(delay_ends_s()[int((delays.within >= NEARLY * delays.final).argmax())])


def checked_outcomes(
    connection: Connection, judged_: Judged, buckets: Sequence[int], wall_us: int
) -> list[OutcomeCheck]:
    """The windows that the buckets touch, each judged alone."""
    deployment, length = judged_.deployment, judged_.length
    ends = ends_touched(length, buckets, judged_.now_us)
    losses: Mapping[int, Sequence[Estimated]] = {}
    if judged_.losses is not None:
        losses = dict(window_losses(connection, deployment, judged_.losses, length, ends))
    return [
        look(judged_, end, outcomes, losses.get(end, ()), wall_us)
        for end, outcomes in window_outcomes(connection, deployment.id, length, ends)
        if len(outcomes.keys)
    ]


def look(judged_: Judged, end: int, outcomes: Outcomes, losses: Sequence[Estimated], wall_us: int) -> OutcomeCheck:
    """What one window says; `losses` are what a regression's errors are expected to be."""
    age_s = max(judged_.now_us - (end - judged_.length / 2), 0) / 1e6
    ripe = maturity(outcomes, age_s, judged_.delays, judged_.horizon_us / 1e6)
    inside = judged_.baseline.kind == "first_weeks" and end - judged_.length < (judged_.baseline.end_us or 0)
    why_not = ripe.reason or ("the window lies in the weeks that are the baseline" if inside else "")
    now = measures(outcomes, judged_.judging.task, judged_.positive) if outcomes.totals()[Total.ROWS] else []
    told_ = losses if judged_.confidence is None else estimate(judged_.confidence, outcomes)
    figures = [
        *performance(judged_, now, why_not),
        *estimates(judged_, told_, now if ripe.mature else ()),
        *fairness(judged_, outcomes, ripe.mature),
        *target(judged_, outcomes, why_not),
    ]
    return OutcomeCheck(
        judged_.length,
        end,
        wall_us,
        worst_of(figures),
        ripe.seen,
        ripe.labelled,
        ripe.mature,
        tuple(figures),
        said_of(ripe),
        judged_.baseline.said(),
        None if ripe.mature else due(judged_, end, ripe),
    )


def due(judged_: Judged, end: int, ripe: Maturity) -> int:
    """When a window is to be looked at again though nothing may come: its labels should be there then, at last when the
    horizon has passed."""
    last = end + judged_.horizon_us
    if not math.isfinite(ripe.mature_in_s):
        return last
    return min(judged_.now_us + max(int(ripe.mature_in_s * 1e6), DAY_US // 24), last)


def said_of(ripe: Maturity) -> dict[str, Any]:
    """How far the labels are, as stored."""
    numbers = {"coverage": ripe.coverage, "expected": ripe.expected, "final": ripe.final}
    numbers["mature_in_s"] = ripe.mature_in_s
    held: dict[str, Any] = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    return {**held, "reason": ripe.reason}


def worst_of(figures: Sequence[FigureRow]) -> Level:
    """The level of a window: the worst of what could be judged."""
    levels = [figure.level or figure.single for figure in figures]
    told_ = [level for level in levels if level is not None and level is not Level.INSUFFICIENT_DATA]
    return worst(told_) if told_ else Level.INSUFFICIENT_DATA


def performance(judged_: Judged, now: Sequence[Measure], why_not: str) -> Iterator[FigureRow]:
    """Every metric of the task, of everything and of each class; the headlines are judged."""
    task = judged_.judging.task
    before = judged_.before if now else ()
    past = {(each.metric, each.label): each.value for each in before}
    found: Mapping[str, Judgement] = {}
    if before:
        thresholds = judged_.thresholds
        if judged_.varies:
            rule = persistence_of(judged_.model.settings)
            thresholds = thresholds.lasting(len(HEADLINES[task]), rule.k, rule.n)
        found = {each.metric: each for each in judged(now, before, task, thresholds, varies=judged_.varies)}
    for measure in now:
        judgement = None if measure.label else found.get(measure.metric)
        yield measured(measure, past.get((measure.metric, measure.label), math.nan), judgement, why_not)


def measured(measure: Measure, baseline: float, judgement: Judgement | None, why_not: str) -> FigureRow:
    """One metric as it is stored."""
    figure = Figure(Subject.PERFORMANCE, measure.metric, measure.cut, measure.label)
    numbers = (measure.value, measure.low, measure.high, measure.rows, baseline)
    if judgement is None:
        return FigureRow(figure, *numbers)
    level = Level.INSUFFICIENT_DATA if why_not else judgement.level
    evidence = {**judgement.evidence, "p_value": judgement.p_value} | limits_of(judgement)
    text = why_not or in_words(measure, judgement)
    return FigureRow(figure, *numbers, judgement.loss, level, None, text, cleaned(evidence))


def limits_of(judgement: Judgement) -> dict[str, object]:
    """From where on a loss is large."""
    return {"threshold_warning": judgement.threshold_warning, "threshold_critical": judgement.threshold_critical}


def in_words(measure: Measure, judgement: Judgement) -> str:
    """A metric against its baseline."""
    title = METRICS[measure.metric].title
    how = "worse" if judgement.loss > 0 else "better"
    text = f"{title} is {measure.value:.3g} ({measure.low:.3g} to {measure.high:.3g}), "
    return text + f"{abs(judgement.loss):.2g} {how} than the baseline's {judgement.baseline:.3g}"


def cleaned(evidence: Mapping[str, object]) -> dict[str, Any]:
    """Evidence that JSON can hold."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in evidence.items()
    }


def estimates(judged_: Judged, each_: Sequence[Estimated], realized: Sequence[Measure]) -> Iterator[FigureRow]:
    """What the metrics are expected to be, before the labels come; one that is judged can be an early finding.

    When they have come, `realized` tells by how many standard errors it was otherwise.
    """
    came = {each.metric: each for each in realized if not each.label}
    judgements = judge_estimated(each_, judged_.judging.task, judged_.thresholds, varies=judged_.estimates_vary)
    found = {judgement.metric: judgement for judgement in judgements}
    for each in each_:
        measure = each.measure
        figure = Figure(Subject.ESTIMATED, measure.metric, WHOLE, measure.label)
        numbers = (measure.value, measure.low, measure.high, measure.rows, each.reference.value)
        judgement = None if measure.label else found.get(measure.metric)
        if judgement is None:
            yield FigureRow(figure, *numbers)
        else:
            text = f"{in_words(measure, judgement)}; {ASSUMPTION}"
            evidence = {"p_value": judgement.p_value, "left_out": each.left_out} | limits_of(judgement)
            if measure.metric in came:
                evidence["surprise"] = surprise(each, came[measure.metric])
            yield FigureRow(figure, *numbers, judgement.loss, judgement.level, None, text, cleaned(evidence))


def fairness(judged_: Judged, outcomes: Outcomes, mature: bool) -> Iterator[FigureRow]:
    """Every group's figures, and each group against its reference group; before the labels have come those alone that
    need none."""
    settings = judged_.fairness
    if not settings.attributes:
        return
    known = outcomes if mature else without_labels(outcomes)
    found = check_fairness(
        known, settings, positive=judged_.positive, reference=judged_.earlier, thresholds=judged_.thresholds
    )
    for measure in found.measures:
        figure = Figure(Subject.FAIRNESS, measure.metric, measure.cut, measure.label)
        yield FigureRow(figure, measure.value, measure.low, measure.high, measure.rows)
    for each in found.disparities:
        figure = Figure(Subject.FAIRNESS, each.metric.value, each.group, each.against)
        evidence = {
            "attribute": each.attribute,
            "against": each.against,
            "figure": each.figure,
            "group_value": each.group_value,
            "against_value": each.against_value,
            "against_rows": each.against_rows,
            "p_value": each.p_value,
            "stood": each.stood,
        }
        text = told(each, settings.rules, settings.favourable or judged_.positive or "selected")
        severity = 1 - each.size if COMPARED[each.metric].kind is Kind.RATIO else abs(each.size)
        numbers = (each.value, each.low, each.high, each.rows, each.before, severity)
        yield FigureRow(figure, *numbers, each.level, None, text, cleaned(evidence))
    for spread in found.spreads:
        yield spread_row(spread)


def spread_row(spread: Any) -> FigureRow:
    """A metric over all groups of an attribute, as fairlearn has it."""
    figure = Figure(Subject.FAIRNESS, f"{spread.metric}", WHOLE, spread.attribute)
    return FigureRow(figure, spread.value, math.nan, math.nan, math.nan)


def without_labels(outcomes: Outcomes) -> Outcomes:
    """What the predictions said, whatever came true."""
    fact = (outcomes.keys >> FACT_AT) & ((1 << FACT_BITS) - 1)
    kept = np.isin(fact, SEEN_FACTS)
    return Outcomes(outcomes.labels, outcomes.cuts, outcomes.keys[kept], outcomes.values[kept])


def target(judged_: Judged, outcomes: Outcomes, why_not: str) -> Iterator[FigureRow]:
    """Whether what comes true has changed."""
    if not judged_.baseline.kind or not outcomes.totals()[Total.ROWS]:
        return
    found = target_drift(outcomes, judged_.baseline.outcomes, judged_.thresholds)
    if found is None:
        return
    figure = Figure(Subject.TARGET, "psi")
    level = Level.INSUFFICIENT_DATA if why_not else found.level
    shares = [list(each) for each in found.shares[:5]]
    evidence = {
        "p_value": found.p_value,
        "chance": found.chance,
        "shares": shares,
        "baseline_rows": found.baseline_rows,
    }
    name, now, before = found.shares[0]
    text = why_not or f"{name} came true for {now:.1%} of predictions, {before:.1%} in the baseline"
    yield FigureRow(
        figure, found.value, math.nan, math.nan, found.rows, math.nan, found.size, level, None, text, evidence
    )
