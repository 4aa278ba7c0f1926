"""The page that `save_html` writes, in a browser without a network: found, filtered, opened, by mouse and by keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect

import modelwatch as mw

pytestmark = pytest.mark.journey

BAD = "</script><script>document.title='broken'</script>"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A comparison of five columns of which two have drifted."""
    random = np.random.default_rng(1)
    names = ["amount", "age", "steady", BAD]
    reference = {name: random.normal(size=5000) for name in names} | {"country": random.choice(["AT", "DE"], 5000)}
    current = {name: random.normal(size=2000) for name in names} | {"country": random.choice(["AT", "FR"], 2000)}
    current["amount"] += 1.0
    result = mw.compare(pl.DataFrame(reference), pl.DataFrame(current), expectations=[mw.expect.exists("age")])
    return result.save_html(tmp_path_factory.mktemp("page") / "drift.html").as_uri()


def test_a_person_finds_opens_and_reads_a_column(page: Page, saved: str) -> None:
    page.route("http*://**", lambda route: pytest.fail("the page asked the network for something"))
    page.goto(saved)
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 of 5\u00a0columns have drifted")
    rows = page.locator(".row")
    expect(rows).to_have_count(5)
    page.get_by_role("button", name="Critical 2").click()
    expect(page.locator(".row:visible")).to_have_count(2)
    assert "level=critical" in page.url
    page.keyboard.press("/")
    page.keyboard.type("AMO")
    expect(page.locator(".row:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".row:visible")).to_have_count(2)
    page.reload()
    expect(page.locator(".row:visible")).to_have_count(2)
    page.get_by_role("button", name="Critical 2").click()
    page.locator("#search").fill("nobody")
    expect(page.get_by_text("No column matches.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".row:visible")).to_have_count(5)
    page.locator("#search").blur()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    opened = page.locator(".row[open]")
    expect(opened).to_have_count(1)
    expect(opened.get_by_text("Why it was raised")).to_be_visible()
    opened.get_by_text("As a table").click()
    expect(opened.locator(".numbers")).to_be_visible()
    page.get_by_role("button", name="Single keys: on").click()
    page.keyboard.press("o")
    expect(page.locator(".row[open]")).to_have_count(1)
    page.get_by_role("button", name="Single keys: off").click()
    page.locator("h1").click()
    page.keyboard.press("o")
    expect(page.locator(".row[open]")).to_have_count(5)


def test_the_chart_tells_the_value_under_the_pointer(page: Page, saved: str) -> None:
    page.goto(saved)
    row = page.locator(".row", has=page.get_by_text("amount", exact=True))
    row.locator("> summary").click()
    row.locator(".histogram").hover()
    expect(row.locator(".readout")).to_contain_text("of rows")
    page.mouse.move(0, 0)
    expect(row.locator(".readout")).to_have_text("")


def test_rows_are_sorted_by_what_is_clicked(page: Page, saved: str) -> None:
    page.goto(saved)
    page.get_by_role("button", name="Column", exact=True).click()
    names = page.locator(".row > summary .what bdi").all_inner_texts()
    assert names[1:] == ["age", "amount", "country", "steady"]
    page.get_by_role("button", name="State", exact=True).click()
    assert set(page.locator(".row > summary .what bdi").all_inner_texts()[:2]) == {"amount", "country"}


def test_it_is_light_or_dark_as_the_person_wants(page: Page, saved: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(saved)
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(colour)
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(colour) != dark
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(colour) == dark


def test_a_hostile_name_stays_text(page: Page, saved: str) -> None:
    page.goto(saved)
    assert "broken" not in page.title()
    expect(page.locator(".row bdi", has_text="</script>").first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_without_a_script_and_on_a_phone(browser: Browser, saved: str, width: int) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(saved)
    expect(page.get_by_role("heading", level=1)).to_contain_text("have drifted")
    page.locator(".row > summary").first.click()
    expect(page.locator(".row[open] .evidence").first).to_be_visible()
    expect(page.locator("#search")).to_be_hidden()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    context.close()


def test_print_opens_what_has_drifted(page: Page, saved: str, tmp_path: Path) -> None:
    page.goto(saved)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".row[open]")).to_have_count(2)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".row[open]")).to_have_count(0)
    assert page.pdf().startswith(b"%PDF")
