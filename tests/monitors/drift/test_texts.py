"""Drift of texts by what is measured on them."""

import numpy as np
import pytest

from modelwatch.core.level import CODE, Level
from modelwatch.monitors.drift import check, findings
from modelwatch.profiles import fit, profile
from tests.profiles.texts import COMMENT, GERMAN, column, sentences

RAISED = {CODE[Level.WARNING], CODE[Level.CRITICAL]}


@pytest.fixture(scope="module")
def watched():
    rows = column(sentences(np.random.default_rng(0), 4000))
    binning = fit({COMMENT: rows})
    return binning, profile(binning, {COMMENT: rows})


def raised(watched, rows):
    """The names of the columns that are raised by a window of these texts."""
    binning, reference = watched
    table = check(profile(binning, {COMMENT: column(rows)}), reference, binning)
    return {binning.columns[f].key.name for f in range(len(binning)) if table.levels[f] in RAISED}


def test_undrifted_texts_raise_nothing(watched):
    binning, reference = watched
    for seed in range(1, 41):
        rows = sentences(np.random.default_rng(seed), 800)
        table = check(profile(binning, {COMMENT: column(rows)}), reference, binning)
        assert set(table.levels.tolist()) <= {CODE[Level.OK], CODE[Level.NOTICE]}
        assert (table.levels == CODE[Level.NOTICE]).sum() <= 1
    # what is expected of 40 checks at 1 % each is 0.4 notices; all are counted here
    few = profile(binning, {COMMENT: column(sentences(np.random.default_rng(99), 100))})
    assert set(check(few, reference, binning).levels.tolist()) == {CODE[Level.INSUFFICIENT_DATA]}


def test_another_language_is_seen(watched):
    rng = np.random.default_rng(50)
    german = raised(watched, sentences(rng, 800, GERMAN))
    assert {"comment: new words", "comment: surprise", "comment: non-ASCII letters"} <= german
    tenth = sentences(rng, 1800) + sentences(rng, 200, GERMAN)
    assert {"comment: new words", "comment: surprise"} <= raised(watched, tenth)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda text: text[:20], "comment: length"),
        (str.upper, "comment: upper case"),
        (str.lower, "comment: upper case"),
        (lambda text: text + " 😀😀", "comment: symbols"),
        (lambda text: text.replace(" ", ""), "comment: words"),
        (lambda text: text.replace("order", "subscription").replace("phone", "headset"), "comment: new words"),
        (lambda text: text + " ref 2024-11-20 17:45", "comment: digits"),
        (lambda text: text[::-1], "comment: surprise"),
    ],
)
def test_every_change_is_seen_by_its_measure(watched, change, seen):
    rows = [change(text) for text in sentences(np.random.default_rng(51), 2000)]
    assert seen in raised(watched, rows)


def test_missing_and_blank_texts_are_seen_in_the_column_itself(watched):
    rows = sentences(np.random.default_rng(52), 2000)
    assert raised(watched, [None if i % 15 == 0 else row for i, row in enumerate(rows)]) == {"comment"}
    assert "comment" in raised(watched, [" " if i % 5 == 0 else row for i, row in enumerate(rows)])


def test_a_finding_names_the_measure(watched):
    binning, reference = watched
    current = profile(binning, {COMMENT: column(sentences(np.random.default_rng(53), 800, GERMAN))})
    table = check(current, reference, binning)
    found = [each for each in findings(table, current, reference, binning) if each.level is Level.CRITICAL]
    assert {each.column.role.value for each in found} >= {"text"}
    assert any("Median" in " ".join(each.evidence["why"]) for each in found)
