"""The page: one file, nothing from elsewhere, names harmless, verdict and table without a script."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

import modelwatch as mw
from modelwatch import expect
from modelwatch.reports.picture import ticks

HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg onload=alert(1)>",
    "\u202etxt.live",
    "nul\x00tab\t",
    "x" * 500,
    "",
    "'&amp;<!--",
]


class Tags(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def fifty(rows: int, seed: int) -> pl.DataFrame:
    """50 columns: 40 of numbers, 10 of categories."""
    random = np.random.default_rng(seed)
    numbers = {f"n{i}": random.normal(size=rows) for i in range(40)}
    return pl.DataFrame({**numbers, **{f"c{i}": random.integers(0, 3 + 5 * i, rows).astype(str) for i in range(10)}})


def test_fifty_columns_are_under_a_megabyte() -> None:
    page = mw.compare(fifty(20_000, 1), fifty(5000, 2).with_columns(pl.col("^n.*$") + 0.3)).to_html()
    assert len(page.encode()) < 1_000_000
    assert page.count('<details class="row"') == 50


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    frame = fifty(1000, 1)
    found = Tags(mw.compare(frame, frame, expectations=[expect.unique("c0"), expect.exists("n0")]).to_html())
    assert found.open == []
    assert not {"link", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in found.tags}
    assert not {"src", "href", "style"} & {name for _, attributes in found.tags for name in attributes}
    policy = next(a["content"] for _, a in found.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_harmless_wherever_it_stands(name: str) -> None:
    plain = pd.DataFrame({name: [1.0, 2.0] * 300, name + "w": [name, "b"] * 300, name + "d": [{}] * 600})
    moved = pd.DataFrame({name: [5.0, 9.0] * 300, name + "w": ["b", name + "!"] * 300, name + "d": [{}] * 600})
    rules = [expect.in_set(name + "w", [name]), expect.exists(name + "?"), expect.matches(name + "w", re.escape(name))]
    result = mw.compare(plain, moved, expectations=rules)
    page = result.to_html()
    page.encode()
    found = Tags(page)
    assert found.open == []
    assert sum(tag == "script" for tag, _ in found.tags) == 1
    assert not [a for _, a in found.tags if any(key.startswith("on") or key == "src" for key in a)]
    assert "\u202e" not in page
    assert "\x00" not in page
    cell = Tags(result._repr_html_())
    assert not {"script", "img", "svg"} & {tag for tag, _ in cell.tags}
    result.to_json().encode()
    result.to_junit().encode()
    str(result).encode()


def test_half_a_character_can_be_written() -> None:
    frame = pd.DataFrame({"word": pd.Series(["\ud800", "b"] * 300, dtype=object)})
    result = mw.compare(frame, frame)
    assert "U+D800" in result.to_html()
    for text in (result.to_html(), result.to_json(), result.to_junit(), str(result)):
        assert text.encode()


def test_nothing_to_compare_is_a_page_too(tmp_path: Path) -> None:
    empty = pl.DataFrame({"x": [], "y": []}, schema={"x": pl.Float64, "y": pl.String})
    for frame in (empty, empty.select([])):
        saved = mw.compare(frame, frame).save_html(tmp_path / "page.html")
        assert "Nothing could be judged" in saved.read_text("utf-8")


def test_thousands_of_columns_still_make_a_page_that_opens() -> None:
    frame = pl.DataFrame({f"x{i}": np.arange(300.0) for i in range(1000)})
    page = mw.compare(frame, frame).to_html()
    assert len(page) < 4_000_000
    assert page.count("Not drawn") == 800


def test_ticks_are_round_and_inside_even_at_the_ends_of_float64() -> None:
    for low, high in (
        (0, 97),
        (-3.2, 4.1),
        (1e-300, 2e-300),
        (-1.7e308, 1.7e308),
        (5, 5),
        (0, 5e-324),
        (1e15, 1e15 + 1),
    ):
        found = ticks(low, high)
        assert 1 <= len(found) <= 15
        assert all(low - abs(low) * 1e-9 <= tick <= high + abs(high) * 1e-9 for tick in found)
