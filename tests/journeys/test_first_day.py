"""A user's first day: an empty product, a reference, live predictions that have drifted, an alert, a webhook."""

from __future__ import annotations

import http.server
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import modelwatch as mw
from tests.faults.serving import serving

ROWS = 12_000


@pytest.fixture
def hook() -> Iterator[tuple[str, list[dict[str, Any]], threading.Event]]:
    """A webhook receiver: its address, what it was told, and an event for the first message."""
    seen: list[dict[str, Any]] = []
    arrived = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            arrived.set()
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{receiver.server_port}/", seen, arrived
    receiver.shutdown()
    receiver.server_close()
    thread.join()


def frame(rng: np.random.Generator, rows: int, shift: float) -> pd.DataFrame:
    """Rows of a fraud model; `amount` is shifted."""
    return pd.DataFrame(
        {
            "amount": rng.lognormal(3 + shift, 1, rows).round(2),
            "age": rng.integers(18, 90, rows).astype(float),
            "country": rng.choice(["de", "fr", "it", "es"], rows),
            "score": rng.beta(2, 5, rows),
        }
    )


def leave(page: Page) -> None:
    """Closes the dashboard before its server, which it asks for news again and again."""
    page.goto("about:blank")


@pytest.mark.journey
def test_from_nothing_to_an_alert_that_is_acknowledged(
    tmp_path: Path, page: Page, hook: tuple[str, list[dict[str, Any]], threading.Event]
) -> None:
    address, told, arrived = hook
    rng = np.random.default_rng(5)
    with serving(tmp_path / "data", "--webhook-url", address) as server:
        base = f"http://127.0.0.1:{server.port}"
        page.goto(base)
        expect(page.get_by_role("heading", name="Send your first prediction")).to_be_visible()

        with mw.Client(base) as client:
            roles = {"prediction_score": "score", "features": ["amount", "age", "country"]}
            client.set_reference(frame(rng, 20_000, 0.0), model_id="fraud", model_version="2.1.0", **roles)
            live = frame(rng, ROWS, 1.0)
            live["when"] = pd.to_datetime(time.time() - np.linspace(1500, 0, ROWS), unit="s", utc=True)
            live["id"] = [f"p{i}" for i in range(ROWS)]
            client.log_frame(
                live, model_id="fraud", model_version="2.1.0", prediction_id="id", timestamp="when", **roles
            )
            client.flush(timeout=30)
            assert client.stats().sent == ROWS

        row = page.get_by_role("row").filter(has_text="fraud")
        expect(row).to_contain_text("Critical", timeout=60_000)
        expect(row).to_contain_text("amount")
        row.get_by_role("link", name="fraud").click()
        expect(page).to_have_url(re.compile("/models/fraud"))
        expect(page.get_by_role("heading", name="fraud")).to_be_visible()
        expect(page.get_by_role("application")).to_be_visible()

        assert arrived.wait(30)
        assert told[0]["told"] == "opened"
        assert [line["model"] for line in told[0]["lines"]] == ["fraud"]
        page.goto(str(told[0]["url"]))
        expect(page.get_by_text("amount").first).to_be_visible()
        page.get_by_role("button", name=re.compile("^Acknowledge")).first.click()
        page.get_by_role("dialog").get_by_role("textbox").fill("on-call")
        page.get_by_role("dialog").get_by_role("button", name="Continue").click()
        expect(page.get_by_text(re.compile("Acknowledged")).first).to_be_visible()
        alerts = server.get("/api/v1/alerts")
        assert "acknowledged" in json.dumps(alerts)

        page.goto(f"{base}/models/fraud/columns/feature/amount")
        expect(page.get_by_role("heading", name="amount", exact=True)).to_be_visible()
        expect(page.get_by_text("Why was this raised")).to_be_visible()
        leave(page)


@pytest.mark.journey
def test_names_given_by_users_are_shown_as_text(tmp_path: Path, page: Page) -> None:
    hostile = ["<img src=x onerror=alert(1)>", "../../etc/passwd", "'; DROP TABLE models; --", "\u202etxt.live"]
    with serving(tmp_path / "data", "--hold-rows", "50") as server:
        base = f"http://127.0.0.1:{server.port}"
        with mw.Client(base) as client:
            for name in hostile:
                for i in range(60):
                    client.log(
                        model_id=name, model_version=name, prediction_score=0.5, features={n: float(i) for n in hostile}
                    )
            client.flush(timeout=30)
        page.goto(base)
        for name in hostile[:3]:
            expect(page.get_by_text(name).first).to_be_visible(timeout=30_000)
        page.get_by_role("link", name=hostile[0]).first.click()
        expect(page.get_by_role("heading", name=hostile[0], level=1)).to_be_visible()
        assert page.evaluate("document.querySelectorAll('img[onerror]').length") == 0
        leave(page)
