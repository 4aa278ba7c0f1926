"""A concept drift in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modelwatch.monitors.concept.found import Found
from modelwatch.monitors.drift.words import THIN, change, number, percent


def told(found: Found, mistakes: bool) -> Found:
    """The finding with a text that explains it."""
    rose = "rose" if found.worse else "fell"
    if mistakes:
        moved = f"The share of mistakes {rose}, {change(found.before, found.after)}"
    else:
        larger, share = ("larger", found.pairs) if found.worse else ("smaller", 1 - found.pairs)
        moved = (
            f"Absolute errors {rose}: a new one is {larger} than an earlier one in {percent(share)}{THIN}% of pairs, "
            f"mean {number(found.before)} → {number(found.after)}"
        )
    labels = f"{found.labels_before:,} labels before, {found.labels_after:,} since"
    seen = f"from about label {found.since_label:,} on ({labels})"
    who = listed(found.detectors) + (" agree" if len(found.detectors) > 1 else " says so")
    text = f"{moved}, {seen}. {who}; the two stretches are {found.certainty:.1f} standard errors apart."
    if found.recurs > 1:
        text += f" Errors {rose} to such a level {found.recurs} times before: they may follow a cycle."
    return replace(found, text=text)


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them.

    >>> listed(["ADWIN"]), listed(["DDM", "Page-Hinkley", "ADWIN"])
    ('ADWIN', 'DDM, Page-Hinkley and ADWIN')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
