"""What may be behind a change of the loss: features by drift and importance, segments by what they carry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.monitors.performance.causes import causes, importance
from modelwatch.monitors.performance.coded import Coded
from modelwatch.monitors.performance.contributions import CERTAIN_P, MISS, Contribution, Decomposition, contributions
from modelwatch.monitors.performance.loss_sums import LossSums, loss_sums
from modelwatch.monitors.performance.sentences import cause_sentence, segment_sentence
from modelwatch.server.queries.baseline_rows import BaselineRows, read_baseline_rows
from modelwatch.server.queries.coded_columns import coded_columns, distinct
from modelwatch.server.queries.drift import shown_name
from modelwatch.server.queries.labelled_range import Range, labelled_range
from modelwatch.server.queries.labelled_rows import NO_ROWS, LabelledRows, looked_at, read_rows
from modelwatch.server.queries.losses import Loss, check_loss, loss_of
from modelwatch.server.queries.subject import Subject
from modelwatch.server.queries.windows import load_windows
from modelwatch.server.services import Services

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_DAYS: Final = 28
MOST_SEGMENTS: Final = 20
NO_BASELINE: Final = "There is nothing to compare with: the reference has no actuals, and the first weeks are not over."
INSIDE: Final = "The range lies in the weeks that are the baseline."
NO_LOSS: Final = "The rows of the baseline lack what this loss is told from."
NO_ROWS_TOLD: Final = "No labelled rows lie in this range."


@dataclass(frozen=True, slots=True)
class FeatureCause:
    """A feature as an explanation: its `drift` (PSI beyond chance), the share of the score's variance that its bins
    explain (`importance`), and how far it may have moved the mean score in standard deviations (`reach`). `share` is
    its part of the products of all."""

    name: str
    drift: float
    importance: float
    reach: float
    share: float
    sentence: str


@dataclass(frozen=True, slots=True)
class SegmentCause:
    """A segment's part in the change of the mean loss: what changed `within` it, and what its share of rows (`mix`)
    did. `named` says for which of the two it is named; p-values count all segments of all columns."""

    role: Role
    name: str
    label: str | None
    text: str
    rows: float
    baseline_rows: float
    share: float
    baseline_share: float
    loss: float | None
    baseline_loss: float | None
    part: float
    within: float
    within_low: float
    within_high: float
    within_p: float
    mix: float
    mix_low: float
    mix_high: float
    mix_p: float
    named: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ColumnSplit:
    """The same change cut by one column: what changed within its segments and what their mix changed add up to it."""

    role: Role
    name: str
    within: float
    mix: float
    named: int


@dataclass(frozen=True, slots=True)
class Causes:
    """What may be behind a change of the mean loss from the baseline to a range: evidence, not proof.

    The `change` lies between `low` and `high` (95 % or more). `features` are ranked by drift x importance; `segments`
    are those that are named, by their part. Columns are views of the same rows: their segments do not add up over
    columns.
    """

    environment: str
    version: str
    start: int
    end: int
    loss: str
    loss_title: str
    rows: int
    sampled: float
    days: int
    baseline: str
    baseline_start: int | None
    baseline_end: int | None
    baseline_rows: int
    before: float | None
    now: float | None
    change: float | None
    low: float | None
    high: float | None
    p: float | None
    told: str
    features: list[FeatureCause]
    segments: list[SegmentCause]
    columns: list[ColumnSplit]


def read_causes(
    connection: Connection,
    services: Services,
    subject: Subject,
    loss: str | None = None,
    start_us: int | None = None,
    end_us: int | None = None,
) -> Causes:
    """What may be behind the loss of a range, 28 days up to the newest mature window unless told; kept a minute."""
    check_loss(loss, subject.model.task)
    asked = labelled_range(connection, subject, start_us, end_us, MOST_DAYS)
    if asked.reason:
        return nothing(subject, asked, asked.reason)
    question = ("causes", subject.deployment.id, asked.start, asked.end, asked.newest, loss, start_us is None)

    def find() -> Causes:
        baseline = read_baseline_rows(connection, services, subject, asked.judging)
        if not baseline.kind:
            return nothing(subject, asked, NO_BASELINE)
        told = asked
        if start_us is None and baseline.kind == "first_weeks" and baseline.end is not None:
            told = replace(asked, start=max(asked.start, baseline.end))
        if told.start >= told.end:
            return nothing(subject, asked, INSIDE, baseline)
        rows = read_rows(connection, services.lake, subject, told.judging, told.start, told.end)
        if not rows.n:
            return nothing(subject, told, NO_ROWS_TOLD, baseline)
        return compared(connection, subject, told, loss, baseline, rows)

    return services.searches.of(question, services.clock(), find)


def nothing(subject: Subject, asked: Range, why: str, baseline: BaselineRows | None = None) -> Causes:
    """An answer that only says why there is none."""
    held = BaselineRows() if baseline is None else baseline
    lost = loss_of(None, subject.model.task, NO_ROWS)
    return Causes(
        environment=subject.deployment.environment,
        version=subject.deployment.version,
        start=asked.start,
        end=asked.end,
        loss=lost.kind,
        loss_title=lost.name.name,
        rows=0,
        sampled=1.0,
        days=0,
        baseline=held.kind,
        baseline_start=held.start,
        baseline_end=held.end,
        baseline_rows=held.rows.n,
        before=None,
        now=None,
        change=None,
        low=None,
        high=None,
        p=None,
        told=why,
        features=[],
        segments=[],
        columns=[],
    )


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The rows [n] of one side whose loss is known: where they stand among all rows of both sides, and their days."""

    loss: Floats
    weight: Floats | None
    places: Ints
    days: Ints | None

    @staticmethod
    def of(rows: LabelledRows, loss: Floats, first: int) -> Side:
        """The side whose first row stands at `first`."""
        known = np.flatnonzero(np.isfinite(loss))
        weight = rows.weight
        days = np.unique(rows.times[known] // DAY_US, return_inverse=True)[1] if rows.timed else None
        return Side(loss[known], None if weight is None else weight[known], first + known, days)

    @property
    def count(self) -> int:
        """How many days there are."""
        return 0 if self.days is None or not len(self.days) else int(self.days.max()) + 1

    def sums(self, codes: Ints, segments: int) -> LossSums:
        """The sums of the losses by day and segment [days, segments], or by segment where days are not known."""
        own = codes[self.places]
        if self.days is None or not self.count:
            return loss_sums(self.loss, own, segments, self.weight)
        flat = loss_sums(self.loss, self.days * segments + own, self.count * segments, self.weight)
        return flat.reshape(self.count, segments)


def compared(
    connection: Connection,
    subject: Subject,
    asked: Range,
    wanted: str | None,
    baseline: BaselineRows,
    rows: LabelledRows,
) -> Causes:
    """What may be behind the change from the baseline's rows to those of the range."""
    lost = loss_of(wanted, subject.model.task, rows)
    then = loss_of(lost.kind, subject.model.task, baseline.rows)
    before, now = Side.of(baseline.rows, then.values, 0), Side.of(rows, lost.values, baseline.rows.n)
    if not len(before.loss) or not len(now.loss):
        return nothing(subject, asked, NO_LOSS if not len(before.loss) else NO_ROWS_TOLD, baseline)
    schema = subject.deployment.schema
    assert schema is not None  # rows were read by it
    columns = coded_columns(looked_at(schema)[0], [*baseline.rows.columns, *rows.columns])
    whole = contributions(*(side.sums(np.zeros(baseline.rows.n + rows.n, np.int64), 1) for side in (before, now)))
    change = whole.segments[0].within
    splits = [split(each, before, now) for each in distinct(columns) if on_both(each, baseline.rows.n)]
    found = [cause for each in splits for cause in named(each, len(splits), lost)]
    found.sort(key=lambda each: -each.part)
    return replace(
        nothing(subject, asked, told(whole, baseline, lost, now, bool(found)), baseline),
        loss=lost.kind,
        loss_title=lost.name.name,
        rows=len(now.loss),
        sampled=rows.share,
        days=now.count,
        baseline_rows=len(before.loss),
        before=whole.reference_loss,
        now=whole.loss,
        change=whole.change,
        low=change.low,
        high=change.high,
        p=change.p,
        features=feature_causes(connection, subject, asked, baseline.rows, rows, columns),
        segments=found[:MOST_SEGMENTS],
        columns=[column_split(each, len(splits)) for each in splits],
    )


def on_both(column: Coded, first: int) -> bool:
    """Whether both sides have values of a column: what only one of them was sent with has not changed its mix."""
    null = len(column.labels) - 1
    return bool((column.codes[:first] != null).any() and (column.codes[first:] != null).any())


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A change, cut by one column."""

    column: Coded
    parts: Decomposition


def split(column: Coded, before: Side, now: Side) -> Split:
    """The change cut by one column."""
    count = len(column.labels)
    return Split(column, contributions(before.sums(column.codes, count), now.sums(column.codes, count)))


def certain(found: Contribution, columns: int) -> bool:
    """Whether a segment is named though so many columns were looked at (Bonferroni over columns, Holm in each)."""
    part = found.within if found.named == "within" else found.mix
    return bool(found.named) and part.p * columns < CERTAIN_P


def column_split(found: Split, columns: int) -> ColumnSplit:
    """The change by one column, as it is shown."""
    key, parts = found.column.key, found.parts
    count = sum(certain(each, columns) for each in parts.segments)
    return ColumnSplit(key.role, shown_name(key), parts.within, parts.mix, count)


def named(found: Split, columns: int, lost: Loss) -> list[SegmentCause]:
    """The segments of one column that are named."""
    return [segment_cause(each, found, columns, lost) for each in found.parts.segments if certain(each, columns)]


def segment_cause(part: Contribution, of: Split, columns: int, lost: Loss) -> SegmentCause:
    """One segment as it is shown."""
    key, text = of.column.key, of.column.text(part.segment)
    return SegmentCause(
        role=key.role,
        name=shown_name(key),
        label=of.column.labels[part.segment],
        text=text,
        rows=part.rows,
        baseline_rows=part.reference_rows,
        share=part.share,
        baseline_share=part.reference_share,
        loss=part.loss if math.isfinite(part.loss) else None,
        baseline_loss=part.reference_loss if math.isfinite(part.reference_loss) else None,
        part=part.value,
        within=part.within.value,
        within_low=part.within.low,
        within_high=part.within.high,
        within_p=min(part.within.p * columns, 1.0),
        mix=part.mix.value,
        mix_low=part.mix.low,
        mix_high=part.mix.high,
        mix_p=min(part.mix.p * columns, 1.0),
        named=part.named,
        sentence=segment_sentence(part, of.parts, text, lost.name),
    )


def told(whole: Decomposition, baseline: BaselineRows, lost: Loss, now: Side, some: bool) -> str:
    """The change in a sentence or two."""
    name, part = lost.name, whole.segments[0].within
    over = f"{len(now.loss):,} labelled rows of {now.count:,} {'day' if now.count == 1 else 'days'}"
    opening = (
        f"In {over}, {name.name} is {name.level(whole.loss)}; in {baseline.words} it is "
        f"{name.level(whole.reference_loss)}. The change is between {name.difference(part.low)} and "
        f"{name.difference(part.high)}."
    )
    if whole.change <= 0:
        return f"{opening} It has not risen, so there is nothing to explain."
    if part.p >= CERTAIN_P:
        chance = "It may be chance." if part.p >= MISS else "That it has risen is likely, not certain."
        return f"{opening} {chance} The segments named are certain by themselves." if some else f"{opening} {chance}"
    return opening if some else f"{opening} No segment certainly carries it."


def feature_causes(
    connection: Connection,
    subject: Subject,
    asked: Range,
    baseline: LabelledRows,
    rows: LabelledRows,
    columns: Sequence[Coded],
) -> list[FeatureCause]:
    """The features that may be behind it, the likeliest first. Importance is that of the baseline's rows."""
    features = [each for each in columns if each.key.role is Role.FEATURE]
    first = baseline.n
    if np.isfinite(baseline.score).any():
        heard = importance(baseline.score, [each.codes[:first] for each in features], baseline.weight)
    else:
        heard = importance(rows.score, [each.codes[first:] for each in features], rows.weight)
    moved = drift_of(connection, subject, asked, [each.key for each in features])
    return [
        FeatureCause(
            shown_name(features[each.feature].key),
            each.drift,
            each.importance,
            each.reach,
            each.share,
            cause_sentence(each, shown_name(features[each.feature].key)),
        )
        for each in causes(moved, heard)
    ]


def drift_of(connection: Connection, subject: Subject, asked: Range, keys: Sequence[ColumnKey]) -> Floats:
    """How far each feature has moved: PSI less its mean under no change, averaged over the checked windows."""
    windows = load_windows(connection, subject, asked.start + 1, asked.end)
    if windows is None:
        return np.zeros(len(keys))
    beyond = windows.metric("psi") - windows.metric("psi_mean")
    known = np.isfinite(beyond)
    mean = np.where(known, beyond, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    places = [windows.binning.index(key) for key in keys]
    return np.array([0.0 if place is None else float(mean[place]) for place in places])
