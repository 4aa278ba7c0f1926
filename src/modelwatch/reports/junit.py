"""A comparison as JUnit XML, which every CI system shows."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree

from modelwatch.core.level import CODE, Level
from modelwatch.reports.comparison import Comparison
from modelwatch.reports.words import LEVEL_WORDS, sentences

FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def to_junit(comparison: Comparison, fail_on: Level) -> str:
    """One suite each for drift, the columns themselves and expectations; too few rows are a skipped test."""
    root = ElementTree.Element("testsuites", name="modelwatch compare")
    drift = suite(root, "drift")
    for column in comparison.columns:
        text = " ".join(column.why)
        if column.level is Level.INSUFFICIENT_DATA:
            case(drift, "drift", column.feature, skipped=text)
        else:
            failed = CODE[column.level] <= CODE[fail_on]
            case(drift, "drift", column.feature, column.level if failed else None, text)
    if not comparison.judged:
        case(drift, "drift", "rows enough to judge", Level.INSUFFICIENT_DATA, comparison.verdict)
    columns = suite(root, "columns")
    for change in comparison.changes:
        failed = CODE[change.level] <= CODE[fail_on]
        case(columns, "columns", change.feature, change.level if failed else None, sentences(change))
    for left in comparison.left:
        case(columns, "columns", left.key.name or left.key.role.value, skipped=f"Not compared: {left.reason}.")
    expected = suite(root, "expectations")
    for outcome in comparison.expectations:
        text = f"Expected: {outcome.asked}. Found: {outcome.found}."
        level = None if outcome.passed else outcome.level
        case(expected, "expectations", f"{outcome.feature}: {outcome.asked}", level, text)
    for part in (*root, root):
        for what, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
            part.set(what, str(sum(1 for _ in part.iter(tag))))
        part.set("errors", "0")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def suite(root: ElementTree.Element, name: str) -> ElementTree.Element:
    """A part of the report."""
    return ElementTree.SubElement(root, "testsuite", name=f"modelwatch.{name}")


def case(
    parent: ElementTree.Element, group: str, name: str, failed: Level | None = None, text: str = "", skipped: str = ""
) -> None:
    """One test: passed, failed with a level, or skipped for a reason."""
    made = ElementTree.SubElement(parent, "testcase", classname=f"modelwatch.{group}", name=clean(name))
    if skipped:
        ElementTree.SubElement(made, "skipped", message=clean(skipped))
    elif failed is not None:
        found = ElementTree.SubElement(made, "failure", message=clean(text), type=failed.value)
        found.text = clean(f"{LEVEL_WORDS[failed]}: {text}")
    elif text:
        ElementTree.SubElement(made, "system-out").text = clean(text)


def clean(text: str) -> str:
    """Text that XML can hold: what it cannot is written out.

    >>> clean("a" + chr(0) + "b")
    'a\\\\x00b'
    """
    return FORBIDDEN.sub(lambda match: match.group().encode("unicode_escape").decode(), text)
