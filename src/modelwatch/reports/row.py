"""One compared column on the page: a line of the table that opens to its distribution and its evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from modelwatch.core.column import ColumnType
from modelwatch.core.level import CODE, Level
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import Method
from modelwatch.monitors.drift.rates import RATE_METRICS
from modelwatch.monitors.drift.words import THIN, change, number, odds, percent
from modelwatch.profiles.describe import Share
from modelwatch.reports.comparison import ComparedColumn
from modelwatch.reports.html import Safe, el, join, level_class, level_mark, name, printable
from modelwatch.reports.picture import histogram, pair, spark
from modelwatch.reports.words import ROLE_WORDS, TYPE_WORDS

SPECIAL_WORDS: Final = {
    "nan": "NaN",
    "mistyped": "wrong type",
    "below": "below the axis",
    "above": "above the axis",
    "unseen": "never seen before",
    "other": "all others",
    "outside": "farther out than any before",
}
RATES: Final = frozenset(RATE_METRICS)
FULL_WIDTH: Final = 0.02
"""The share of rows that a bar's full width stands for at least: a rate that is next to nothing looks like that."""
NO_VALUES: Final = "No values on either side."
MOST_PAIRS: Final = 14


def row(column: ComparedColumn, place: int, *, whole: bool) -> Safe:
    """The line, and what it opens to; `whole` draws that, else it says where the figures are."""
    size = column.size
    opened = detail(column) if whole else el("p", "Not drawn: the page shows the worst columns. The JSON has all.")
    return el(
        "details",
        el(
            "summary",
            level_mark(column.level),
            el("span", name(column.feature), el("small", kind(column)), class_="what"),
            spark(column.distribution) if whole else Safe("<span></span>"),
            el("span", "–" if size is None else sized(size), class_="figure"),
            el("span", likely(column), class_="odds"),
            el("span", rates(column), class_="rates"),
            class_=level_class(column.level),
        ),
        el("div", opened, class_="opened"),
        class_="row",
        id=f"column-{place}",
        data_level=column.level.value,
        data_rank=place,
        data_name=printable(column.feature).casefold(),
        data_psi=-1 if size is None else f"{size.value:.9g}",
        data_p=f"{column.test_p:.9g}",
    )


def sized(size: Method) -> Safe:
    """How large the change is; what is not PSI says so."""
    named = el("small", f"{size.metric.upper()} ") if size.metric != "psi" else Safe("")
    return join(named, number_of(size.metric, size.value))


def is_vector(column: ComparedColumn) -> bool:
    """True for a column of vectors."""
    return column.type is ColumnType.VECTOR


def kind(column: ComparedColumn) -> str:
    """What the column is, beside its name."""
    role = ROLE_WORDS.get(column.key.role) if column.key.role is not Role.FEATURE else None
    return ", ".join(filter(None, (role, TYPE_WORDS[column.type])))


def likely(column: ComparedColumn) -> str:
    """How often chance alone does this, in words."""
    if column.level is Level.INSUFFICIENT_DATA:
        return "too few rows"
    p = column.test_p
    return "–" if math.isnan(p) else odds(p)


def rates(column: ComparedColumn) -> Safe:
    """Nulls, unseen categories and numbers out of range, where there are some."""
    shares = {share.name: share for share in column.distribution.specials}
    missing = [shares[each] for each in ("null", "nan", "infinite", "mistyped") if each in shares]
    parts: list[Safe] = []
    if missing:
        before, now = sum(each.reference for each in missing), sum(each.window for each in missing)
        parts.append(el("span", f"nulls {change(before, now)}"))
    if (unseen := shares.get("unseen")) is not None and unseen.window > 0:
        parts.append(el("span", f"unseen {percent(unseen.window)}{THIN}%"))
    if (outside := column.metric("outside")) is not None and outside.level is not Level.OK and outside.value > 0:
        parts.append(el("span", f"out of range {percent(outside.value)}{THIN}%"))
    return join(*parts) if parts else Safe("–")


def detail(column: ComparedColumn) -> Safe:
    """Distribution and all methods on the left, evidence and what moved on the right."""
    drawn = el("div", el("h3", "Distribution", legend(column)), distribution(column))
    told = el("div", why(column), sure(column), class_="evidence")
    figures = el("div", el("h3", "All methods"), methods(column), class_="methods")
    parts = el("div", el("h3", "What moved", el("small", "share of rows")), moved(column), class_="moved")
    return join(el("div", drawn, figures, class_="side"), el("div", told, parts, class_="side"))


def legend(column: ComparedColumn) -> Safe:
    """Which is which, with the rows behind it."""
    shown = column.distribution
    return el(
        "small",
        el("span", f"reference, {shown.reference_rows:,.0f} rows", class_="key reference-key"),
        el("span", f"window, {shown.window_rows:,.0f} rows", class_="key window-key"),
    )


def distribution(column: ComparedColumn) -> Safe:
    """The picture, what stands apart from it, and the same as a table."""
    shown = column.distribution
    apart = [share for share in shown.specials if share.reference > 0 or share.window > 0]
    if shown.bars:
        rows = [(f"{number(bar.lower)} to {number(bar.upper)}", bar.reference, bar.window) for bar in shown.bars]
        picture = join(histogram(shown), el("p", class_="readout", aria_hidden="true"))
    else:
        first = sorted(shown.categories, key=lambda share: -max(share.reference, share.window))[:MOST_PAIRS]
        rest = [share for share in shown.categories if share not in first]
        others = Share("other", *(sum(getattr(share, side) for share in rest) for side in ("reference", "window")))
        apart = [joined(share, others) for share in apart] if rest else apart
        if rest and not any(share.name == "other" for share in apart):
            apart = [others, *apart]
        rows = [(share.name, share.reference, share.window) for share in shown.categories]
        nothing = "Vectors have no axis of their own; beside is where they went." if is_vector(column) else NO_VALUES
        picture = pairs(first, given=True) if first else el("p", nothing, class_="quiet")
    beside = join(el("h4", "Apart from these"), pairs(apart, given=False)) if apart else Safe("")
    rows += [(SPECIAL_WORDS.get(share.name, share.name), share.reference, share.window) for share in shown.specials]
    return join(picture, beside, data_table(rows))


def joined(share: Share, others: Share) -> Share:
    """`other` with the categories that are not drawn by name."""
    if share.name != "other":
        return share
    return Share("other", share.reference + others.reference, share.window + others.window)


def pairs(shares: Sequence[Share], *, given: bool) -> Safe:
    """Names with a pair of bars each; `given` when the names are the user's."""
    largest = max(FULL_WIDTH, *(max(share.reference, share.window) for share in shares))
    lines = [
        el(
            "tr",
            el("th", name(share.name, 28) if given else SPECIAL_WORDS.get(share.name, share.name), scope="row"),
            el("td", pair(share, largest), class_="bars"),
            el("td", percent(share.reference), class_="was"),
            el("td", percent(share.window), class_="is"),
            el("td", points(share.window - share.reference), class_="points"),
        )
        for share in shares
    ]
    head = el("tr", *(el("th", text, scope="col") for text in ("", "", "was, %", "is, %", "points")))
    return el("table", el("thead", head), el("tbody", *lines), class_="pairs")


def points(difference: float) -> str:
    """A change in points.

    >>> points(0.021), points(-0.1), points(0.0)
    ('+ 2.1', '− 10', '0')
    """
    if abs(difference) < 5e-7:
        return "0"
    return f"{'+' if difference > 0 else '−'} {percent(abs(difference))}"


def data_table(rows: Sequence[tuple[str, float, float]]) -> Safe:
    """The picture in numbers."""
    head = el("tr", *(el("th", text, scope="col") for text in ("value", "reference, %", "window, %")))
    lines = [
        el("tr", el("th", printable(label), scope="row"), el("td", percent(before)), el("td", percent(now)))
        for label, before, now in rows
    ]
    table = el("table", el("thead", head), el("tbody", *lines), class_="numbers")
    return el("details", el("summary", "As a table"), table, class_="as-table")


def why(column: ComparedColumn) -> Safe:
    """Why it has its level, the most important first."""
    lines = [el("p", printable(sentence)) for sentence in column.why]
    if column.note:
        lines.append(el("p", f"Note: {printable(column.note)}.", class_="quiet"))
    title = {True: "Why it was raised"}.get(column.level.raised, "Why it has this state")
    return join(el("h3", title), *lines)


def sure(column: ComparedColumn) -> Safe:
    """The questions that decide, each with its answer."""
    if not column.sure:
        return Safe("")
    lines = [
        el(
            "li",
            el("strong", question.title),
            el("span", "yes" if question.holds else "no", class_="answer"),
            el("p", printable(question.detail)),
            class_="holds" if question.holds else "fails",
        )
        for question in column.sure
    ]
    return join(el("h3", "How sure"), el("ul", *lines, class_="sure"))


def methods(column: ComparedColumn) -> Safe:
    """Every method with what chance makes of it and its thresholds."""
    lines = []
    for method in column.methods:
        limits = [
            f"{word} {number_of(method.metric, value)}"
            for word, value in (("warning", method.threshold_warning), ("critical", method.threshold_critical))
            if value is not None
        ]
        loud = CODE[method.level] < CODE[Level.INSUFFICIENT_DATA]
        lines.append(
            el(
                "tr",
                el("th", method.label, scope="row"),
                el("td", number_of(method.metric, method.value), class_="is"),
                el("td", "" if method.chance is None else f"chance ≤ {number_of(method.metric, method.chance)}"),
                el("td", ", ".join(limits)),
                el("td", level_mark(method.level) if loud else ""),
            )
        )
    head = el("tr", *(el("th", text, scope="col") for text in ("", "value", "99 % of the time", "thresholds", "")))
    return el("table", el("thead", head), el("tbody", *lines), class_="plain")


def number_of(metric: str, value: float) -> str:
    """A figure as its metric is read: rates in per cent, the rest in three digits."""
    if math.isnan(value):
        return "–"
    if metric in RATES:
        return f"{percent(value)}{THIN}%"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return number(float(f"{value:.3g}")) if abs(value) < 0.0995 else f"{value:.2f}"


def moved(column: ComparedColumn) -> Safe:
    """The groups of values that add most to the change."""
    evidence: Mapping[str, object] = column.findings[0].evidence if column.findings else {}
    found = evidence.get("moved")
    parts = found if isinstance(found, list) else []
    if not parts:
        text = "Vectors have no groups to tell apart." if is_vector(column) else "Nothing to tell apart."
        return el("p", text, class_="quiet")
    shares = [Share(str(part["label"]), float(part["reference"]), float(part["window"])) for part in parts]
    return pairs(shares, given=True)
