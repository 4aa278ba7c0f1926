"""The answers of the peers as a page of the documentation."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from bench.peers_data import BROKEN, LARGE, SHIFTS
from bench.workload import WINDOW_ROWS

Answer = dict[str, Any]

INTRODUCTION: Final = """# Other libraries on the same data

Made by `{command}` on {date}; every library is installed by the bench in an environment of its own, in the version
named, and runs with its defaults, on the newest pandas that it runs on. W1: a reference of 100,000 rows with 40 numeric
and 10 category columns that do not drift, unless a shift is named. Shares are of the checks that fitted into the time
given to each library: the number stands beside. With few checks a share is uncertain by tens of points.

modelwatch is measured by `mw.compare`, from level `notice` on, which is the level that promises at most 1 % of false
alarms for a whole check; nobody is sent a message for it. What counts as an alert elsewhere: Evidently, a column that
`DataDriftPreset` calls drifted (its verdict on the whole set asks for half of the columns); NannyML, an alert of any
method of `UnivariateDriftCalculator` with chunks of the window's size; whylogs, the category DRIFT; Alibi Detect,
`TabularDrift` with its Bonferroni correction; scipy, Kolmogorov-Smirnov and chi-square at p < 0.05 for each column.

A library that alarms in nearly every undrifted check also has nearly every power; read the two tables together.
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a library said: its pins, why it could not be installed, and its answers per folder of windows."""

    name: str
    pins: tuple[str, ...]
    error: str
    held: dict[str, list[Answer]]


def page(found: Sequence[Answers], command: str) -> str:
    """The whole page."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    sizes = [f"{n:,} rows" for n in WINDOW_ROWS]
    parts = [INTRODUCTION.format(command=command, date=today)]
    parts += ["## No drift: checks with any alert\n", *grid(("library", *sizes, "1,000 Zipf categories, 10 columns"))]
    for each in found:
        label = " ".join(each.pins) or each.name
        if each.error:
            parts.append(f"| {label} | could not be installed: {each.error} | | | |")
            continue
        cells = [share(of_kind(each, folder(n), "none"), alarmed) for n in WINDOW_ROWS]
        parts.append(row([label, *cells, share(of_kind(each, "zipf", "none"), alarmed)]))
    installed = [each for each in found if not each.error]
    parts += ["\n## Power: checks in which the changed column is among the alerts\n"]
    parts += [f"At {', '.join(f'{n:,}' for n in WINDOW_ROWS)} rows.\n"]
    parts += grid(("change", *(each.name for each in installed)))
    for shift, column in SHIFTS.items():
        parts.append(row([shift, *(power(each, shift, column) for each in installed)]))
    parts += ["\n## One broken column in a drifted window: what becomes of the alert on it\n"]
    parts += ["The column has moved by 0.5 sd; 2,000 rows, one window each.\n"]
    parts += grid(("what", *(each.name for each in installed)))
    for kind in ("whole", *BROKEN):
        parts.append(row([LABELS[kind], *(verdict(of_kind(each, folder(2_000), kind)) for each in installed)]))
    parts += ["\n## CPU seconds of one check of W1\n", *grid(("library", *sizes))]
    parts += [row([each.name, *(cost(each, n) for n in WINDOW_ROWS)]) for each in installed]
    return "\n".join(parts) + "\n"


LABELS: Final = {
    "whole": "as it is",
    "outlier": "one value is 1e6",
    "nan": "one value is NaN",
    "all-null": "all values are null",
    "constant": "all values are one",
    "empty": "the window has no rows",
}


def folder(n: int) -> str:
    """Where the windows of n rows lie."""
    return f"w1-{n:05}"


def grid(titles: Sequence[str]) -> list[str]:
    """The head of a table."""
    return [row(titles), row(["---"] * len(titles))]


def row(cells: Sequence[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def of_kind(each: Answers, place: str, kind: str) -> list[Answer]:
    """The answers about windows of a kind."""
    return [answer for answer in each.held.get(place, []) if answer["window"].split("-", 2)[2].startswith(kind)]


def alarmed(answer: Answer) -> bool:
    """Whether there was any alert."""
    return bool(answer.get("alerts"))


def share(answers: Sequence[Answer], holds: Callable[[Answer], bool]) -> str:
    """How many of the answers, errors apart."""
    good = [answer for answer in answers if "error" not in answer]
    if not good:
        return f"error: {answers[0]['error'][:80]}" if answers else "no time"
    return f"{100 * sum(map(holds, good)) / len(good):.0f} % of {len(good)}"


def power(each: Answers, shift: str, column: str) -> str:
    """The power at each size; the windows take turns between 5 and 10 points."""
    odd = {"5 points of five levels": 0, "10 points of five levels": 1}.get(shift)
    cells = []
    for n in WINDOW_ROWS:
        answers = [a for a in of_kind(each, folder(n), "drift") if odd is None or int(a["window"][-1]) % 2 == odd]
        cells.append(share(answers, lambda answer: column in answer["alerts"]))
    return ", ".join(cells)


def verdict(answers: Sequence[Answer]) -> str:
    """How often the broken column is among the alerts, or the error."""
    return share(answers, lambda answer: LARGE in answer["alerts"])


def cost(each: Answers, n: int) -> str:
    """The median CPU seconds of a check; learning from the reference apart."""
    answers = [answer for answer in each.held.get(folder(n), []) if "error" not in answer]
    if not answers:
        return ""
    fit = next((answer["fit"] for answer in answers if "fit" in answer), 0.0)
    text = f"{float(np.median([answer['cpu'] for answer in answers])):.2f}"
    return f"{text}, learning {fit:.2f}" if fit >= 0.01 else text
