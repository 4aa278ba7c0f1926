"""What rules look at: the stored figures of one deployment as tracks of windows, each window decoded once.

Only what some condition asks for is taken out of a window, so a hundred rules cost about what one does.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from modelwatch.alerts.rule import ANY, Condition
from modelwatch.alerts.rule_judging import Line, Sight
from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.group import group_of
from modelwatch.core.level import ORDER, Level
from modelwatch.core.measured import Family, Measured
from modelwatch.core.segment import WHOLE, Segment, from_key, meant
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import INPUT_ROLES, Role
from modelwatch.monitors.concept import Found
from modelwatch.monitors.custom.watched import watched_metrics
from modelwatch.monitors.drift.rates import RATE_METRICS
from modelwatch.monitors.drift.table import read_metrics
from modelwatch.store import segments
from modelwatch.store.binnings import load_binning
from modelwatch.store.checks import newest_check
from modelwatch.store.concept import load_findings
from modelwatch.store.metric_checks import load_metric_checks
from modelwatch.store.metric_names import metric_name
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck, load_outcome_checks, newest_outcome_check
from modelwatch.store.profiles import Series
from modelwatch.store.tables import checks

COLUMN_SUBJECTS: Final = ("data_drift", "prediction_drift", "segment_drift")
FIGURE_SUBJECTS: Final[Mapping[Family, Subject]] = {
    Family.PERFORMANCE: Subject.PERFORMANCE,
    Family.ESTIMATED: Subject.ESTIMATED,
    Family.FAIRNESS: Subject.FAIRNESS,
    Family.TARGET: Subject.TARGET,
    Family.CUSTOM: Subject.CUSTOM,
}
LOOKED: Final = frozenset({Subject.PERFORMANCE, Subject.ESTIMATED, Subject.FAIRNESS, Subject.TARGET})
ROWS: Final = (Family.WINDOW, "rows")
AT_ONCE: Final = 256
Tracks = dict[Measured, dict[int, Sight]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition by where its figures are stored. `subjects` are those of figures; a column is any where '' or `*`."""

    condition: Condition
    family: Family
    metric: str
    subject: Subject | None = None

    @property
    def of_columns(self) -> bool:
        """True for what is stored of columns."""
        return self.family is Family.DRIFT or (self.family is Family.LEVEL and self.metric in COLUMN_SUBJECTS)

    @property
    def checked(self) -> bool:
        """True for what is read of checked windows; all else is of outcomes."""
        return self.of_columns or (self.family, self.metric) == ROWS or is_concept(self)

    @property
    def segment(self) -> str:
        """The segment as it was written; each watched one for segment drift."""
        return ANY if self.metric == "segment_drift" and not self.condition.segment else self.condition.segment


def wanted_of(condition: Condition) -> Wanted:
    """Where a condition's figures are stored."""
    if condition.level is not None:
        subject = next((each for each in Subject if each.value == condition.metric), None)
        return Wanted(condition, Family.LEVEL, condition.metric, subject)
    family, metric = metric_name(condition.metric)
    return Wanted(condition, family, metric, FIGURE_SUBJECTS.get(family))


@dataclass(slots=True)
class Reading:
    """The tracks [conditions] as they are filled window by window; `places` are the columns of a series that each
    condition is about, with their tracks."""

    connection: Connection
    model: ModelRow
    deployment: DeploymentRow
    wanted: Sequence[Wanted]
    tracks: dict[Condition, Tracks]
    places: dict[tuple[str, str, int], list[tuple[int, dict[int, Sight]]]] = field(default_factory=dict)

    def add(self, wanted: Wanted, measured: Measured, end: int, sight: Sight) -> None:
        """Put one figure of one window onto its track; of two lengths the later one counts."""
        self.tracks[wanted.condition].setdefault(measured, {})[end] = sight

    def columns(self, binning: str, segment: str, place: int) -> list[tuple[int, dict[int, Sight]]]:
        """The columns of a binning that a condition is about, with their tracks."""
        key = (binning, segment, place)
        if key not in self.places:
            wanted = self.wanted[place]
            known = [column.key for column in load_binning(self.connection, self.model.id, binning).columns]
            mine = self.tracks[wanted.condition]
            self.places[key] = [
                (i, mine.setdefault(Measured(wanted.family, wanted.metric, column, segment), {}))
                for i, column in chosen_columns(wanted, known)
            ]
        return self.places[key]


def chosen_columns(wanted: Wanted, known: Sequence[ColumnKey]) -> list[tuple[int, ColumnKey]]:
    """The places of the columns that are meant: inputs for any, features before others of the same name."""
    feature = wanted.condition.feature
    if feature not in ("", ANY):
        found = [(i, key) for i, key in enumerate(known) if (key.name or key.role.value) == feature]
        return sorted(found, key=lambda each: each[1].role is not Role.FEATURE)[:1]
    if wanted.metric == "prediction_drift":
        return [(i, key) for i, key in enumerate(known) if key.role is not Role.FEATURE]
    if wanted.metric == "data_drift":
        return [(i, key) for i, key in enumerate(known) if key.role is Role.FEATURE]
    return [(i, key) for i, key in enumerate(known) if key.role in INPUT_ROLES]


def longest(connection: Connection, deployment: DeploymentRow, wanted: Sequence[Condition]) -> int:
    """The longest windows of what is looked at."""
    lengths = [deployment.length_us or DAY_US]
    places = [wanted_of(each) for each in wanted]
    if not all(each.checked for each in places):
        outcome = newest_outcome_check(connection, deployment.id)
        lengths += [] if outcome is None else [outcome.length_us]
    if any(each.segment for each in places):
        for segment in segments.load_watched(connection, deployment.model_id):
            check = newest_check(connection, Series(deployment.id, segment.key))
            lengths += [] if check is None else [check.length_us]
    return max(lengths)


def read_lines(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    conditions: Iterable[Condition],
    start_us: int,
    end_us: int,
) -> dict[Condition, Line]:
    """What each condition sees in the windows that end in `[start, end]`."""
    wanted = [wanted_of(each) for each in dict.fromkeys(conditions)]
    reading = Reading(connection, model, deployment, wanted, {each.condition: {} for each in wanted})
    watched: list[Segment] = []
    if any(each.segment for each in wanted):
        watched = [from_key(each.key) for each in segments.load_watched(connection, model.id)]
    keys = {each.condition: segment_keys(each.segment, watched) for each in wanted}
    read_columns(reading, keys, start_us, end_us)
    read_outcomes(reading, start_us, end_us)
    read_custom(reading, start_us, end_us)
    return {each.condition: line_of(reading, each, keys[each.condition]) for each in wanted}


def line_of(reading: Reading, wanted: Wanted, keys: Collection[str]) -> Line:
    """What one condition sees, after all windows were read."""
    tracks = {of: track for of, track in reading.tracks[wanted.condition].items() if track}
    return Line(tracks, free_of(wanted), fault_of(reading.connection, reading.model, wanted, keys))


def segment_keys(written: str, watched: Sequence[Segment]) -> list[str]:
    """The keys of the segments that are meant, none when no watched one is."""
    if not written:
        return [WHOLE]
    return [each.key for each in (watched if written == ANY else meant(written, watched))]


def read_columns(reading: Reading, keys: Mapping[Condition, Collection[str]], start_us: int, end_us: int) -> None:
    """Take what is wanted of columns out of the checked windows of the series that are wanted."""
    concept = any(is_concept(each) for each in reading.wanted)
    mine = [(i, each, keys[each.condition]) for i, each in enumerate(reading.wanted) if each.checked]
    if not mine:
        return
    c, names = checks.c, names_of([each for _, each, _ in mine])
    series = sorted({key for _, _, found in mine for key in found})
    query = (
        select(c.segment, c.length_us, c.end_us, c.rows, c.levels, c.binning, *([c.body] if names else []))
        .where(c.deployment_id == reading.deployment.id, c.segment.in_(series))
        .where(c.end_us >= start_us, c.end_us <= end_us)
        .order_by(c.end_us, c.checked_us)
    )
    findings = load_findings(reading.connection, reading.deployment.id) if concept else []
    for row in reading.connection.execute(query.execution_options(yield_per=AT_ONCE)):
        values = {name: found.tolist() for name, found in read_metrics(row.body, names).items()} if names else {}
        for place, each, some in mine:
            if row.segment in some:
                if is_concept(each):
                    level = concept_level(findings, row.end_us)
                    sight = Sight(row.length_us, math.nan, row.rows, level=level)
                    reading.add(each, Measured(Family.LEVEL, each.metric), row.end_us, sight)
                else:
                    put_columns(reading, place, row, values)


def is_concept(wanted: Wanted) -> bool:
    """True for the decisions about concept drift, which are of no window and are looked at when windows end."""
    return wanted.subject is Subject.CONCEPT


def concept_level(found: Sequence[Found], at_us: int) -> Level:
    """What the newest finding until then says: errors that fell end a drift, those that rose little end nothing."""
    level = Level.OK
    for each in found:
        if each.at_us <= at_us and (not each.worse or each.level.raised):
            level = each.level if each.worse else Level.OK
    return level


def names_of(wanted: Sequence[Wanted]) -> tuple[str, ...]:
    """The metrics that are read of each window."""
    found: dict[str, None] = {}
    for each in wanted:
        if each.family is Family.DRIFT:
            rate = each.metric in RATE_METRICS
            found |= dict.fromkeys((each.metric, f"{each.metric}_chance", *([f"{each.metric}_before"] if rate else [])))
        elif each.of_columns:
            found |= dict.fromkeys(("psi", "mmd"))
    return tuple(found)


def put_columns(reading: Reading, place: int, row: Row[Any], values: Mapping[str, Sequence[float]]) -> None:
    """Put what one checked window says of the columns that a condition is about."""
    wanted = reading.wanted[place]
    if wanted.family is Family.WINDOW:
        sight = Sight(row.length_us, row.rows, row.rows)
        reading.add(wanted, Measured(Family.WINDOW, "rows", segment=row.segment), row.end_us, sight)
        return
    named = wanted.condition.feature not in ("", ANY)
    for i, track in reading.columns(row.binning, row.segment, place):
        level = ORDER[row.levels[i]]
        if wanted.family is Family.LEVEL:
            size = values["psi"][i]
            value = values["mmd"][i] if math.isnan(size) else size
            track[row.end_us] = Sight(row.length_us, value, row.rows, level=level)
            continue
        value, chance = values[wanted.metric][i], values[f"{wanted.metric}_chance"][i]
        if math.isnan(value) and not named and row.rows:
            continue  # the metric has no meaning for this column
        before = values.get(f"{wanted.metric}_before")
        track[row.end_us] = Sight(
            row.length_us,
            value,
            row.rows,
            math.nan if before is None else before[i],
            None if math.isnan(chance) else value > chance,
            None if level is Level.ERROR else level,
        )


def read_outcomes(reading: Reading, start_us: int, end_us: int) -> None:
    """Take what is wanted of outcomes out of the windows whose outcomes were looked at."""
    mine = [each for each in reading.wanted if each.subject in LOOKED or is_labels(each)]
    if not mine:
        return
    for row in load_outcome_checks(reading.connection, reading.deployment.id, start_us - 1, end_us):
        for each in mine:
            if is_labels(each):
                value = row.labelled if each.metric == "labelled" else row.labelled / row.seen if row.seen else math.nan
                reading.add(each, Measured(each.family, each.metric), row.end_us, Sight(row.length_us, value, row.seen))
                continue
            for figure in row.figures:
                if is_meant(each, figure):
                    sight = figure_sight(row.length_us, figure, rows_of(each, row, figure), why_not(row, figure))
                    reading.add(each, measured_of(each, figure.figure), row.end_us, sight)


def read_custom(reading: Reading, start_us: int, end_us: int) -> None:
    """Take what is wanted of the metrics that users wrote."""
    mine = [each for each in reading.wanted if each.subject is Subject.CUSTOM]
    if not mine:
        return
    for row in load_metric_checks(reading.connection, reading.deployment.id, start_us - 1, end_us):
        for figure in row.figures:
            for each in mine:
                if is_meant(each, figure):
                    sight = figure_sight(row.length_us, figure, figure.rows, figure.text)
                    reading.add(each, measured_of(each, figure.figure), row.end_us, sight)


def is_labels(wanted: Wanted) -> bool:
    """True for how many rows are labelled."""
    return wanted.family is Family.WINDOW and wanted.metric != "rows"


def is_meant(wanted: Wanted, row: FigureRow) -> bool:
    """True when a stored figure is one that the condition is about."""
    figure, condition = row.figure, wanted.condition
    if figure.subject is not wanted.subject:
        return False
    if wanted.family is Family.LEVEL:
        return row.single is not None and named(condition.group, figure.cut, condition.group == "")
    if figure.metric != wanted.metric:
        return False
    fair = wanted.family is Family.FAIRNESS
    group = named(condition.group, figure.cut, (figure.cut != WHOLE) == fair)
    label = fair or condition.label == figure.label or (condition.label == ANY and figure.label != "")
    return group and label


def named(written: str, key: str, otherwise: bool) -> bool:
    """True when a group is the one that is written, each one, or what holds where none is."""
    if not written:
        return otherwise
    return key != WHOLE and (written in (ANY, key) or group_of(key).label == written)


def measured_of(wanted: Wanted, figure: Figure) -> Measured:
    """What a stored figure is of."""
    by_level = wanted.family is Family.LEVEL
    name = figure.metric if by_level else ""
    return Measured(wanted.family, wanted.metric, None, WHOLE, figure.cut, figure.label, name)


def rows_of(wanted: Wanted, row: OutcomeCheck, figure: FigureRow) -> float:
    """How many rows stand behind a figure: of a group its own, else the labelled ones, or all where it is estimated."""
    match wanted.subject:
        case Subject.FAIRNESS:
            return figure.rows
        case Subject.ESTIMATED:
            return row.seen
        case _:
            return row.labelled


def why_not(row: OutcomeCheck, figure: FigureRow) -> str:
    """Why a figure that rests on labels is not judged yet, '' when it is."""
    rests = figure.figure.subject in (Subject.PERFORMANCE, Subject.TARGET)
    return str(row.labels.get("reason") or "its labels have not all come") if rests and not row.mature else ""


def figure_sight(length_us: int, row: FigureRow, rows: float, text: str) -> Sight:
    """What one window says of a figure; nothing while its labels are still coming."""
    waits = bool(text) and row.figure.subject is not Subject.CUSTOM
    outside = None
    if not any(math.isnan(x) for x in (row.low, row.high, row.baseline)):
        outside = not row.low <= row.baseline <= row.high
    value = math.nan if waits else row.value
    return Sight(length_us, value, rows, row.baseline, outside, row.level or row.single, text)


def free_of(wanted: Wanted) -> tuple[str, ...]:
    """What is free in a condition."""
    condition = wanted.condition
    found = ["segment"] if wanted.segment == ANY else []
    if wanted.of_columns:
        return (*found, "column") if condition.feature in ("", ANY) else tuple(found)
    if wanted.family is Family.LEVEL:
        return () if is_concept(wanted) else ("cut", "label", "figure")
    if condition.group == ANY or (wanted.family is Family.FAIRNESS and not condition.group):
        found.append("cut")
    return (*found, "label") if condition.label == ANY else tuple(found)


def fault_of(connection: Connection, model: ModelRow, wanted: Wanted, keys: Collection[str]) -> str:
    """Why a condition can never be judged for a model, '' when it can."""
    condition = wanted.condition
    columns = wanted.of_columns or (wanted.family, wanted.metric) == ROWS
    if condition.segment and not columns:
        return f"{condition.metric} is not stored by segment"
    if not keys:
        return f"no segment {condition.segment} is watched" if condition.segment != ANY else "no segment is watched"
    if condition.feature and not wanted.of_columns:
        return f"{condition.metric} is not stored by feature"
    if (condition.group or condition.label) and columns:
        return f"{condition.metric} is not stored by group or class"
    if wanted.family is Family.CUSTOM:
        names = [each.metric.name for each in watched_metrics(model.settings.get("metrics"))]
        return "" if wanted.metric in names else f"the model has no metric {wanted.metric}"
    if wanted.of_columns and condition.feature not in ("", ANY) and model.binning_hash is not None:
        known = [column.key for column in load_binning(connection, model.id, model.binning_hash).columns]
        return "" if chosen_columns(wanted, known) else f"the model has no column {condition.feature}"
    return ""
