"""A comparison as one page that needs nothing else: no other file, no network, and no script for verdict and table."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from importlib.resources import files
from typing import Final

from modelwatch.core.level import CODE, Level
from modelwatch.core.version import VERSION
from modelwatch.reports.comparison import Comparison
from modelwatch.reports.html import Safe, el, level_mark, name, printable
from modelwatch.reports.row import row
from modelwatch.reports.words import ONE_WINDOW, plural, sentences

DRAWN: Final = 200
"""Columns whose distributions are on the page, the worst first; a page with thousands could not be opened."""
WAVE: Final = Safe('<path d="M1.4 6.4C3.4 2 5.6 1.6 8 4.6s5 3.2 8.6-1"/>')


def to_html(comparison: Comparison) -> str:
    """The whole page. Its style and script are allowed by their hashes, and nothing else is."""
    style, script = (files("modelwatch.reports").joinpath(each).read_text("utf-8") for each in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", printable(f"{comparison.verdict} modelwatch")),
        el("style", Safe(style)),
    )
    body = el(
        "body",
        top(),
        el("main", *(part(comparison) for part in (verdict, changes, expectations, table, left))),
        footer(),
        el("script", Safe(script)),
    )
    return f"<!doctype html>\n{el('html', head, body, lang='en')}\n"


def digest(text: str) -> str:
    """How a content security policy names a text that may be used."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def top() -> Safe:
    """Who made the page, and the switch between light and dark."""
    wave = el("svg", WAVE, width=18, height=9, viewBox="0 0 18 9", aria_hidden="true")
    brand = el("span", wave, "modelwatch", class_="brand")
    switch = el("button", "Dark", class_="tool theme js", type="button", title="light or dark")
    return el("header", brand, el("span", "Comparison of window and reference", class_="where"), switch, class_="top")


def verdict(comparison: Comparison) -> Safe:
    """The answer, what it rests on and how it is decided."""
    passed = comparison.passed
    badge = el("span", "passed" if passed else "did not pass", class_=f"badge {'passed' if passed else 'failed'}")
    judged = sum(column.level is not Level.INSUFFICIENT_DATA for column in comparison.columns)
    facts = el(
        "p",
        el("b", plural(comparison.rows, "row")),
        " of the window against ",
        el("b", plural(comparison.reference_rows, "row")),
        f" of the reference; {judged} of {plural(len(comparison.columns), 'column')} judged. ",
        ONE_WINDOW,
        class_="facts",
    )
    state = el("div", level_mark(comparison.level), badge, class_="state")
    return el("section", state, el("h1", printable(unbroken(comparison.verdict))), facts, class_="verdict")


def unbroken(text: str) -> str:
    """Text in which no line ends between a number and its noun."""
    return re.sub(r"(\d) ", "\\1\u00a0", text)


def changes(comparison: Comparison) -> Safe:
    """Columns that are missing, new or of another type."""
    if not comparison.changes:
        return Safe("")
    lines = [
        el(
            "tr",
            el("th", level_mark(change.level), scope="row"),
            el("td", name(change.feature), class_="what"),
            el("td", printable(sentences(change)), class_="of"),
        )
        for change in sorted(comparison.changes, key=lambda change: CODE[change.level])
    ]
    return el("section", el("h2", "Columns that changed"), el("table", el("tbody", *lines), class_="lines"))


def expectations(comparison: Comparison) -> Safe:
    """What was asked and what was found, the broken ones first."""
    if not comparison.expectations:
        return Safe("")
    ordered = sorted(comparison.expectations, key=lambda outcome: CODE[outcome.level])
    lines = [
        el(
            "tr",
            el("th", level_mark(outcome.level), scope="row"),
            el("td", name(outcome.feature), class_="what"),
            el("td", printable(outcome.asked), class_="of"),
            el("td", printable(outcome.found), class_="of"),
        )
        for outcome in ordered
    ]
    broken = sum(not outcome.passed for outcome in ordered)
    aside = el("small", f"{broken} broken, {len(ordered) - broken} hold")
    head = el("tr", *(el("th", text, scope="col") for text in ("", "Column", "Asked", "Found")))
    whole = el("table", el("thead", head), el("tbody", *lines), class_="lines")
    return el("section", el("h2", "Expectations", aside), whole)


def table(comparison: Comparison) -> Safe:
    """The columns, the worst first; each opens to its evidence."""
    columns = comparison.columns
    if not columns:
        return el("section", el("h2", "Columns"), el("p", "There is no column that both sides have.", class_="nothing"))
    lines = [row(column, place, whole=place < DRAWN) for place, column in enumerate(columns)]
    all_again = el("button", "Show all", type="button", class_="tool", id="clear")
    return el(
        "section",
        el("h2", "Columns", el("small", "the worst first; each opens to its distribution and evidence")),
        tools(comparison),
        heads(),
        el("div", *lines, id="columns"),
        el("p", "No column matches. ", all_again, class_="nothing", hidden=True),
    )


def tools(comparison: Comparison) -> Safe:
    """Search, and a filter for each level that occurs."""
    found = Counter(column.level for column in comparison.columns)
    chips = [
        el(
            "button",
            level_mark(level),
            el("b", str(found[level])),
            class_="chip",
            type="button",
            data_level=level.value,
            aria_pressed="false",
        )
        for level in Level
        if found[level]
    ]
    field = el("input", type="search", id="search", placeholder="Find a column", aria_label="Find a column")
    count = el("span", "", id="shown", class_="quiet", role="status")
    return el("div", field, el("div", *chips, class_="chips"), count, class_="tools js")


def heads() -> Safe:
    """What the columns of the table are; buttons sort by them."""
    names = ("State", "Column", "Distribution", "PSI", "Chance alone does this in", "Nulls, unseen, out of range")
    cells = [
        el(
            "span",
            el("button", text, type="button", data_sort=key, aria_pressed="true" if key == "rank" else "false")
            if key
            else text,
            class_="figure" if key == "psi" else None,
        )
        for key, text in zip(("rank", "name", "", "psi", "p", ""), names, strict=True)
    ]
    return el("div", *cells, el("span", ""), class_="grid")


def left(comparison: Comparison) -> Safe:
    """Columns that were not compared, with the reason."""
    if not comparison.left:
        return Safe("")
    lines = [
        el(
            "tr",
            el("td", name(each.key.name or each.key.role.value), class_="what"),
            el("td", printable(each.reason), class_="of"),
        )
        for each in comparison.left
    ]
    return el("section", el("h2", "Not compared"), el("table", el("tbody", *lines), class_="lines"))


def footer() -> Safe:
    """The keys, and what made the page."""
    keys = [
        el("span", el("kbd", key), text)
        for key, text in (("/", "find"), ("J", "next"), ("K", "previous"), ("Enter", "open"), ("O", "open all"))
    ]
    off = el("button", "Single keys: on", type="button", class_="tool", id="keys")
    return el("footer", el("span", f"modelwatch {VERSION}"), el("span", *keys, " ", off, class_="keys js"))
