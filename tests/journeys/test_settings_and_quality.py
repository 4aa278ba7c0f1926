"""A user finds a column that loses its values, sees what a stricter setting would cost, and saves it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import modelwatch as mw
from tests.faults.serving import serving

ROWS = 6_000


def frame(rng: np.random.Generator, rows: int, missing: float) -> pd.DataFrame:
    """Rows of an estimate; `distance` lacks values."""
    distance = rng.gamma(2, 5, rows)
    distance[rng.random(rows) < missing] = np.nan
    return pd.DataFrame(
        {
            "distance": pd.array(np.where(np.isnan(distance), None, distance), dtype="Float64"),
            "hour": rng.integers(0, 24, rows).astype(float),
            "region": rng.choice(["north", "south"], rows),
            "score": rng.beta(2, 5, rows),
        }
    )


@pytest.mark.journey
def test_lost_values_are_found_and_a_setting_tells_its_cost(tmp_path: Path, page: Page) -> None:
    rng = np.random.default_rng(11)
    with serving(tmp_path / "data") as server:
        base = f"http://127.0.0.1:{server.port}"
        with mw.Client(base) as client:
            roles = {"prediction_score": "score", "features": ["distance", "hour", "region"]}
            client.set_reference(frame(rng, 20_000, 0.0), model_id="eta", model_version="1", **roles)
            live = frame(rng, ROWS, 0.12)
            live["when"] = pd.to_datetime(time.time() - np.linspace(1500, 0, ROWS), unit="s", utc=True)
            live["id"] = [f"p{i}" for i in range(ROWS)]
            client.log_frame(live, model_id="eta", model_version="1", prediction_id="id", timestamp="when", **roles)
            client.flush(timeout=30)

        page.goto(f"{base}/models/eta")
        expect(page.get_by_role("application")).to_be_visible(timeout=60_000)
        page.get_by_role("tab", name="Quality").click()
        expect(page.get_by_text("distance nulls 0 % → 1", exact=False)).to_be_visible(timeout=30_000)
        page.get_by_role("button", name=re.compile("^distance, Nulls: 1")).click()
        expect(page).to_have_url(re.compile("kind=nulls"))
        expect(page.get_by_role("complementary", name="Chosen cell")).to_contain_text("none of the reference")

        page.get_by_role("tab", name="Settings").click()
        cost = page.get_by_role("complementary", name="What this costs")
        expect(cost).to_contain_text("1 in")
        page.get_by_role("textbox", name="Unusable rows, warning from").fill("500")
        expect(page.get_by_role("alert")).to_have_text("Must lie between 0.01 and 100.")
        page.get_by_role("textbox", name="Unusable rows, warning from").fill("2")
        page.get_by_role("textbox", name="False alerts allowed").fill("200")
        expect(cost.get_by_role("columnheader", name="With the change")).to_be_visible()
        expect(cost).to_contain_text("a month")
        assert '"missing_warning": null' in json.dumps(server.get("/api/v1/models/eta"))
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        saved = json.dumps(server.get("/api/v1/models/eta"))
        assert '"missing_warning": 0.02' in saved
        assert '"alerts_per_1000_days": 200.0' in saved

        page.get_by_label("Reference", exact=True).select_option("seasonal")
        expect(page.get_by_text("Windows of the last 30 days are compared again", exact=False)).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        page.goto(base)
        expect(page.get_by_text("At most 6 false alerts a month from 1 model")).to_be_visible()
        page.goto("about:blank")
