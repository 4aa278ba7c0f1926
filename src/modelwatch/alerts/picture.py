"""A small picture of a metric as PNG: its line with gaps, the thresholds dashed, the last value in figures.

The colours are those of the dashboard's light theme on its own white ground, so that it reads in a dark window, too.
The same series always gives the same bytes (of one version of Pillow).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from modelwatch.alerts.notification import Picture
from modelwatch.alerts.words import when

WIDTH, HEIGHT = 600, 200
LEFT, RIGHT, TOP, BOTTOM = 16, 104, 36, 28
GROUND, FRAME, INK, SOFT = "#ffffff", "#e6e8ec", "#14171c", "#646b77"
LINE = "#2c5be0"
COLOURS = {"warning": ("#c77d00", "#855200"), "critical": ("#c8251d", "#b01c15")}
"""Of a threshold: its mark, its words."""
FINER = 2
"""Drawn so many times larger than shown, so that slanted lines are smooth."""
HUGE = 1e150
"""Larger values are drawn as this: a span of floats must stay finite."""
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plot:
    """The drawing and how values become places on it; every size is in points of which `scale` pixels make one."""

    draw: ImageDraw.ImageDraw
    scale: int
    start: float
    span: float
    low: float
    rise: float

    def at(self, time: float, value: float) -> Spot:
        """Where a value is drawn, in pixels."""
        x = LEFT + (WIDTH - LEFT - RIGHT) * ((time - self.start) / self.span if self.span else 0.5)
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / self.rise
        return x * self.scale, y * self.scale

    def text(self, spot: Spot, said: str, colour: str, size: float = 12, anchor: str = "lm") -> None:
        """Words at a place in pixels."""
        font = ImageFont.load_default(size * self.scale)
        self.draw.text(spot, said, fill=colour, font=font, anchor=anchor)


def png(picture: Picture, scale: int = 2) -> bytes:
    """The picture, 600 x 200 points; `scale` 2 is sharp on screens of today, 1 is small in bytes."""
    size, scale = (WIDTH * scale, HEIGHT * scale), scale * FINER
    image = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), GROUND)
    pairs = zip(picture.times, map(finite, picture.values), strict=True)
    series = sorted((pair for pair in pairs if math.isfinite(pair[0])), key=lambda pair: pair[0])
    known = [(time, value) for time, value in series if value is not None]
    limits = [("warning", finite(picture.warning)), ("critical", finite(picture.critical))]
    levels = {name: level for name, level in limits if level is not None}
    plot = laid_out(ImageDraw.Draw(image), scale, [t for t, _ in series], [*(v for _, v in known), *levels.values()])
    plot.draw.rectangle((0, 0, WIDTH * scale - 1, HEIGHT * scale - 1), outline=FRAME, width=scale)
    plot.text((LEFT * scale, 18 * scale), latin(picture.title, 60), INK, 14)
    for name, level in levels.items():
        dashed(plot, level, COLOURS[name][0])
    for run in runs(series):
        stroke(plot, [plot.at(*point) for point in run])
    label(plot, known, levels)
    if series:
        foot = (HEIGHT - BOTTOM / 2) * scale
        plot.text((LEFT * scale, foot), when(series[0][0]), SOFT, 11)
        if len(series) > 1:
            plot.text(((WIDTH - RIGHT) * scale, foot), when(series[-1][0]), SOFT, 11, "rm")
    buffer = BytesIO()
    image.resize(size, Image.Resampling.BOX).quantize(64, method=Image.Quantize.FASTOCTREE).save(
        buffer, "PNG", optimize=True
    )
    return buffer.getvalue()


def finite(value: float | None) -> float | None:
    """The value as it can be drawn; what is no number is a gap."""
    return None if value is None or not math.isfinite(value) else max(-HUGE, min(HUGE, value))


def laid_out(draw: ImageDraw.ImageDraw, scale: int, times: Sequence[float], values: Sequence[float]) -> Plot:
    """A plot that holds all times and values, with air above and below."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    air = (high - low) * 0.08 or abs(high) * 0.08 or 1.0
    start, span = (min(times), max(times) - min(times)) if times else (0.0, 0.0)
    return Plot(draw, scale, start, span, low - air, high - low + 2 * air)


def runs(series: Sequence[tuple[float, float | None]]) -> list[list[Spot]]:
    """The stretches without a gap.

    >>> runs([(0, 1.0), (1, 2.0), (2, None), (3, 4.0)])
    [[(0, 1.0), (1, 2.0)], [(3, 4.0)]]
    """
    found: list[list[Spot]] = [[]]
    for time, value in series:
        if value is not None:
            found[-1].append((time, value))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def stroke(plot: Plot, spots: Sequence[Spot]) -> None:
    """The line of one stretch; a dot where it is a single value."""
    if len(spots) > 1:
        plot.draw.line(spots, fill=LINE, width=2 * plot.scale, joint="curve")
    else:
        dot(plot, spots[0])


def dot(plot: Plot, spot: Spot) -> None:
    """One value by itself, or the last one."""
    r = 3 * plot.scale
    plot.draw.ellipse((spot[0] - r, spot[1] - r, spot[0] + r, spot[1] + r), fill=LINE)


def dashed(plot: Plot, level: float, colour: str) -> None:
    """A threshold across the plot."""
    y = plot.at(plot.start, level)[1]
    for x in range(LEFT, WIDTH - RIGHT, 10):
        end = min(x + 6, WIDTH - RIGHT)
        plot.draw.line((x * plot.scale, y, end * plot.scale, y), fill=colour, width=plot.scale)


def label(plot: Plot, known: Sequence[Spot], levels: Mapping[str, float]) -> None:
    """The last value and the thresholds in figures at the right, pushed apart where they would overlap."""
    x = (WIDTH - RIGHT + 8) * plot.scale
    said = [
        (plot.at(plot.start, level)[1], f"{name} {figure(level)}", COLOURS[name][1], 11)
        for name, level in levels.items()
    ]
    if known:
        spot = plot.at(*known[-1])
        dot(plot, spot)
        said.append((spot[1], figure(known[-1][1]), LINE, 16))
    else:
        middle = (WIDTH - RIGHT) * plot.scale / 2, (HEIGHT + TOP - BOTTOM) * plot.scale / 2
        plot.text(middle, "no values", SOFT, 14, "mm")
    free = (TOP - 16.0) * plot.scale
    places = []
    for y, text, colour, size in sorted(said):
        free = max(y, free + 16 * plot.scale)
        places.append((free, text, colour, size))
    excess = max(0.0, free - (HEIGHT - BOTTOM + 8) * plot.scale)
    for y, text, colour, size in places:
        plot.text((x, y - excess), text, colour, size)


def figure(value: float) -> str:
    """A value in three digits.

    >>> figure(0.41234), figure(12345.0)
    ('0.412', '1.23e+04')
    """
    return f"{value:.3g}"


def latin(text: str, longest: int) -> str:
    """The text in the letters that the built-in font has; others lose their accents or become question marks.

    >>> latin("PSI of größe 値", 60)
    'PSI of gro?e ?'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    kept = " ".join("".join(c if " " <= c <= "~" else "?" for c in bare).split())
    return kept if len(kept) <= longest else f"{kept[: longest - 3]}..."
