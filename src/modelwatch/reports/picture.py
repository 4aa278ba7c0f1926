"""Distributions as SVG: window blue over the grey of the reference. Colours come from classes, never from here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from modelwatch.monitors.drift.words import number, percent
from modelwatch.profiles.describe import Bar, Distribution, Share
from modelwatch.reports.html import Safe, el, join

WIDTH: Final = 520.0
HEIGHT: Final = 196.0
LEFT: Final = 36.0
TOP: Final = 22.0
FLOOR: Final = 172.0
SPARK_WIDTH: Final = 104.0
SPARK_HEIGHT: Final = 22.0
SPARK_BARS: Final = 10

FACTORS: Final = (1.0, 2.0, 2.5, 5.0)

Scale = Callable[[float], float]


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """A scale from values to places."""
    # halves, because the distance of two numbers near the ends of float64 overflows
    span = high / 2 - low / 2
    return lambda value: start + (end - start) * ((value / 2 - low / 2) / span if span > 0 else 0.5)


def ticks(low: float, high: float, about: int = 5, *, whole: bool = False) -> list[float]:
    """Round numbers between two others; `whole` ones only where bars stand on whole numbers.

    >>> ticks(0, 97)
    [0.0, 20.0, 40.0, 60.0, 80.0]
    """
    span = high / 2 - low / 2
    if not (math.isfinite(span) and span > 0):
        return [low]
    rough = span / about * 2
    if rough == 0 or not math.isfinite(rough):
        return [low, high]
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(
        (
            power * factor
            for factor in (FACTORS[:2] + FACTORS[3:] if whole else FACTORS)
            if power * factor >= rough * 0.999
        ),
        power * 10,
    )
    step = max(step, 1.0) if whole else step
    if step == 0 or not math.isfinite(step):
        return [low, high]
    first = math.ceil(low / step - 1e-9)
    return [(first + i) * step for i in range(about * 3) if (first + i) * step <= high + step * 1e-9]


def steps(bars: Sequence[Bar], heights: Sequence[float], x: Scale, y: Scale) -> str:
    """The outline of bars, from the floor up and back to it."""
    parts = [f"M{short(x(bars[0].lower))} {short(y(0.0))}"]
    for bar, height in zip(bars, heights, strict=True):
        parts.append(f"V{short(y(height))}H{short(x(bar.upper))}")
    return "".join(parts) + f"V{short(y(0.0))}"


def short(value: float) -> str:
    """A place to a tenth of a pixel."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"


def histogram(shown: Distribution) -> Safe:
    """Both distributions of a numeric column over one axis, with their medians."""
    bars = shown.bars
    low, high = bars[0].lower, bars[-1].upper
    tallest = max(max(bar.reference, bar.window) for bar in bars) or 1.0
    x, y = linear(low, high, LEFT, WIDTH - 4), linear(0.0, tallest * 1.04, FLOOR, TOP)
    grid = [
        join(
            el("path", d=f"M{short(LEFT)} {short(y(value))}H{short(WIDTH - 4)}", class_="gridline"),
            el("text", f"{percent(value)}\u2009%", x=LEFT - 6, y=y(value) + 4, class_="axis end"),
        )
        for value in ticks(0.0, tallest, 4)[1:]
    ]
    axis = [
        join(
            el("path", d=f"M{short(x(value))} {short(FLOOR)}v4", class_="tick"),
            el("text", number(value), x=x(value), y=FLOOR + 17, class_="axis middle"),
        )
        for value in ticks(low, high, whole=bars[0].lower % 1 == 0.5 and (bars[0].upper - bars[0].lower) % 1 == 0)
        if LEFT - 1 <= x(value) <= WIDTH - 3
    ]
    before, now = [bar.reference for bar in bars], [bar.window for bar in bars]
    return el(
        "svg",
        *grid,
        el("path", d=steps(bars, before, x, y), class_="reference"),
        el("path", d=steps(bars, now, x, y), class_="window"),
        el("path", d=f"M{short(LEFT)} {short(FLOOR + 0.5)}H{short(WIDTH - 4)}", class_="floor"),
        *axis,
        medians(shown, x),
        el("rect", x=0, y=TOP, width=0, height=FLOOR - TOP, class_="cursor"),
        class_="histogram",
        viewBox=f"0 0 {short(WIDTH)} {short(HEIGHT)}",
        role="img",
        aria_label=spoken(shown),
        data_bars=len(bars),
        data_left=LEFT,
        data_right=WIDTH - 4,
    )


def medians(shown: Distribution, x: Scale) -> Safe:
    """A dashed line at each median, the label on the side where the other is not."""
    before, now = shown.reference_median, shown.window_median
    drawn = []
    for value, other, kind in ((before, now, "reference"), (now, before, "window")):
        if value is None or not LEFT <= x(value) <= WIDTH - 4:
            continue
        place = x(value)
        right = place > x(other) if other is not None and other != value else kind == "window"
        right = right if LEFT + 90 < place < WIDTH - 94 else place <= WIDTH / 2
        if kind == "reference" and now == value:
            continue
        drawn += [
            el("path", d=f"M{short(place)} {short(TOP - 10)}V{short(FLOOR)}", class_=f"median {kind}-line"),
            el(
                "text",
                f"median {number(value)}",
                x=place + (5 if right else -5),
                y=(TOP - 8) if kind == "window" else (TOP + 6 if crowded(before, now, x) else TOP - 8),
                class_=f"axis {kind}-text {'start' if right else 'end'}",
            ),
        ]
    return join(*drawn)


def crowded(a: float | None, b: float | None, x: Scale) -> bool:
    """Whether two medians are at the same edge, where both labels would go the same way."""
    if a is None or b is None:
        return False
    return all(not LEFT + 90 < x(value) < WIDTH - 94 for value in (a, b)) and abs(x(a) - x(b)) < 180


def spoken(shown: Distribution) -> str:
    """The picture in one sentence."""
    if shown.reference_median is None or shown.window_median is None:
        return "Distribution of window and reference"
    return (
        "Distribution of window and reference; "
        f"median {number(shown.window_median)}, was {number(shown.reference_median)}"
    )


def spark(shown: Distribution) -> Safe:
    """The two distributions as small as they can be: a table is scanned by them."""
    if shown.bars:
        bars = shown.bars
        tallest = max(max(bar.reference, bar.window) for bar in bars) or 1.0
        x = linear(bars[0].lower, bars[-1].upper, 0.5, SPARK_WIDTH - 0.5)
        y = linear(0.0, tallest, SPARK_HEIGHT - 1, 2)
        before, now = [bar.reference for bar in bars], [bar.window for bar in bars]
        drawn = join(
            el("path", d=steps(bars, before, x, y), class_="reference"),
            el("path", d=steps(bars, now, x, y), class_="window"),
        )
    else:
        drawn = spark_bars(shown)
    view = f"0 0 {short(SPARK_WIDTH)} {short(SPARK_HEIGHT)}"
    return el("svg", drawn, class_="spark", viewBox=view, width=SPARK_WIDTH, height=SPARK_HEIGHT, aria_hidden="true")


def spark_bars(shown: Distribution) -> Safe:
    """Pairs of bars for the most frequent categories, those never seen last."""
    pairs = [*shown.categories[:SPARK_BARS], *(share for share in shown.specials if share.name in ("unseen", "null"))]
    if not pairs:
        return Safe("")
    tallest = max(max(pair.reference, pair.window) for pair in pairs) or 1.0
    y = linear(0.0, tallest, SPARK_HEIGHT - 1, 2)
    slot = min(SPARK_WIDTH / len(pairs), 16.0)
    drawn = []
    for i, pair in enumerate(pairs):
        half = max((slot - 2) / 2, 1.0)
        for value, kind, shift in ((pair.reference, "reference", 0.0), (pair.window, "window", half)):
            if value > 0:
                top = min(y(value), SPARK_HEIGHT - 2)
                drawn.append(
                    el(
                        "rect",
                        x=i * slot + shift,
                        y=top,
                        width=half,
                        height=SPARK_HEIGHT - 1 - top,
                        class_=f"{kind}-bar",
                    )
                )
    return join(*drawn)


def pair(share: Share, largest: float) -> Safe:
    """Two bars over each other: reference above, window below."""
    width = linear(0.0, largest, 0.0, 120.0)
    return el(
        "svg",
        *(
            el("rect", x=0, y=top, width=max(width(value), 0.5 if value else 0), height=5, class_=f"{kind}-bar")
            for value, top, kind in ((share.reference, 2, "reference"), (share.window, 8, "window"))
        ),
        class_="pair",
        viewBox="0 0 120 15",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
