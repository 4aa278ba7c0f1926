"""The picture of a metric: the same bytes each time, gaps are gaps, thresholds are where they belong."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from modelwatch.alerts import picture as drawing
from modelwatch.alerts.notification import Picture
from modelwatch.alerts.picture import png
from tests.alerts.speaking import PICTURE, PICTURES

TOKENS = Path(__file__).parent.parent.parent / "web/src"


def image(picture: Picture, scale: int = 2) -> Image.Image:
    return Image.open(BytesIO(png(picture, scale))).convert("RGB")


def columns_of(shown: Image.Image, colour: str) -> list[int]:
    """The columns in which a colour (nearly) stands, in points; below the title and left of the figures."""
    want = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    near = [
        x
        for x in range(shown.width)
        for y in range(2 * drawing.TOP, 2 * (drawing.HEIGHT - drawing.BOTTOM))
        if all(abs(a - b) < 24 for a, b in zip(shown.getpixel((x, y)), want, strict=True))
    ]
    return sorted({x // 2 for x in near if x < 2 * (drawing.WIDTH - drawing.RIGHT)})


def rows_of(shown: Image.Image, colour: str) -> list[int]:
    """The rows in which a colour (nearly) stands at the left end."""
    want = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    spots = ((x, y) for x in range(2 * drawing.LEFT, 2 * drawing.LEFT + 10) for y in range(shown.height))
    return sorted(
        {y // 2 for x, y in spots if all(abs(a - b) < 24 for a, b in zip(shown.getpixel((x, y)), want, strict=True))}
    )


def test_it_is_as_large_as_said_and_small_in_bytes_and_always_the_same() -> None:
    assert image(PICTURE).size == (1200, 400)
    assert image(PICTURE, 1).size == (600, 200)
    assert png(PICTURE) == png(PICTURE)
    assert len(png(PICTURE)) < 20_000
    assert len(png(PICTURE, 1)) < 10_000


def test_a_gap_is_a_gap() -> None:
    times, values = tuple(float(i) for i in range(5)), (1.0, 2.0, None, 2.0, 1.0)
    shown = columns_of(image(Picture("m", times, values)), drawing.LINE)
    width = drawing.WIDTH - drawing.LEFT - drawing.RIGHT
    quarter = drawing.LEFT + width // 4, drawing.LEFT + 3 * width // 4
    assert [x for x in shown if quarter[0] + 6 < x < quarter[1] - 6] == []
    assert len([x for x in shown if x < quarter[0]]) > width / 4 - 8
    assert len([x for x in shown if x > quarter[1]]) > width / 4 - 8


def test_thresholds_are_drawn_where_their_values_lie() -> None:
    shown = image(PICTURE)
    (amber,), (red,) = (set(rows_of(shown, drawing.COLOURS[name][0])) for name in ("warning", "critical"))
    assert red < amber
    low = rows_of(image(Picture("m", (0.0,), (0.5,), 0.7, 0.3)), drawing.COLOURS["critical"][0])
    high = rows_of(image(Picture("m", (0.0,), (0.5,), 0.7, 0.3)), drawing.COLOURS["warning"][0])
    assert min(low) > max(high)


def test_the_colours_are_the_dashboards() -> None:
    styles = "".join(path.read_text("utf-8") for path in TOKENS.rglob("*.css")).lower()
    colours = [
        drawing.LINE,
        drawing.INK,
        drawing.SOFT,
        drawing.FRAME,
        *(c for pair in drawing.COLOURS.values() for c in pair),
    ]
    assert [colour for colour in colours if colour not in styles] == []


@pytest.mark.parametrize("values", [(), (None, None), (float("nan"), float("inf"))])
def test_without_values_it_says_so(values: tuple[float | None, ...]) -> None:
    times = tuple(float(i) for i in range(len(values)))
    shown = image(Picture("m", times, values))
    assert columns_of(shown, drawing.LINE) == []
    assert columns_of(shown, drawing.SOFT) != []


@settings(max_examples=25, deadline=None)
@given(picture=PICTURES)
def test_any_series_can_be_drawn(picture: Picture) -> None:
    assert image(picture, 1).size == (600, 200)
