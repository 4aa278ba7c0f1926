"""Somebody on call sets up a channel, is told, tries a rule on the past, takes the alert on and silences the rest."""

from __future__ import annotations

import http.server
import json
import queue
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
from tests.faults.serving import Server, serving

WINDOW_S = 300
ROWS = 2_400
FEATURES = ["amount", "age"]


@pytest.fixture
def receiver() -> Iterator[tuple[str, queue.Queue[dict[str, Any]]]]:
    """A webhook's receiver and what it was told."""
    told: queue.Queue[dict[str, Any]] = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", told
    server.shutdown()
    server.server_close()
    thread.join()


def frame(rng: np.random.Generator, rows: int, shift: float) -> pd.DataFrame:
    """Rows of a model that scores payments."""
    return pd.DataFrame(
        {"amount": rng.normal(shift, 1, rows), "age": rng.normal(40, 9, rows), "score": rng.beta(2, 5, rows)}
    )


def set_windows(server: Server) -> None:
    """Windows of 5 minutes, each of which decides, as soon as the reference has made the model known."""
    body = json.dumps({"window": "5m", "k": 1, "n": 1}).encode()
    end = time.monotonic() + 60
    while server.request("PATCH", "/api/v1/models/fraud", body)[0] != 200:
        assert time.monotonic() < end, "the model did not become known"
        time.sleep(0.05)


@pytest.mark.journey
def test_a_rule_is_tried_told_and_taken_in_hand(
    tmp_path: Path,
    page: Page,
    receiver: tuple[str, queue.Queue[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(5)
    hook, told = receiver
    monkeypatch.setenv("MODELWATCH_OUTGOING_ALLOW", "127.0.0.0/8")
    monkeypatch.setenv("MODELWATCH_GROUP_WAIT_SECONDS", "1")
    with serving(tmp_path / "data") as server:
        base = f"http://127.0.0.1:{server.port}"
        roles = {"prediction_score": "score", "features": FEATURES}
        with mw.Client(base) as client:
            client.set_reference(frame(rng, 20_000, 0.0), model_id="fraud", model_version="1", **roles)
        set_windows(server)

        page.goto(f"{base}/channels")
        page.get_by_role("button", name="New channel").first.click()
        form = page.get_by_role("form", name="Channel")
        form.get_by_label("Kind", exact=True).select_option("webhook")
        form.get_by_label("Name", exact=True).fill("on-call")
        form.get_by_label("Address", exact=False).first.fill(hook)
        form.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("Delivered in", exact=False)).to_be_visible()
        assert told.get(timeout=10)["told"] == "test"

        with mw.Client(base) as client:
            live = frame(rng, ROWS, 1.5)
            live["when"] = pd.to_datetime(time.time() - np.linspace(4 * WINDOW_S, 0, ROWS), unit="s", utc=True)
            client.log_frame(live, model_id="fraud", model_version="1", timestamp="when", **roles)
            assert client.flush(timeout=30)
        message = told.get(timeout=60)
        assert message["told"] == "opened"
        assert "amount" in message["title"]
        assert message["lines"][0]["model"] == "fraud"

        page.goto(f"{base}/rules")
        page.get_by_role("button", name="New rule").click()
        form = page.get_by_role("form", name="Rule")
        form.get_by_label("Name", exact=True).fill("High PSI")
        form.get_by_label("Of", exact=True).select_option("every")
        form.get_by_label("Feature", exact=True).fill("amount")
        form.get_by_label("Threshold", exact=True).fill("0.25")
        expect(form.get_by_text("This rule would have fired", exact=False)).to_be_visible()
        form.get_by_role("button", name="Save").click()
        expect(page.get_by_role("table", name="Your rules")).to_contain_text("psi of amount > 0.25")

        page.goto(message["lines"][0]["url"])
        expect(page.get_by_role("heading", level=1)).to_contain_text("amount drifted")
        page.keyboard.press("a")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox").fill("on-call")
        dialog.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Acknowledged", exact=False).first).to_be_visible()
        kept = server.get(f"/api/v1/alerts/{message['lines'][0]['alert_id']}")
        assert isinstance(kept, dict)
        assert kept["status"] == "acknowledged"
        assert [each["by"] for each in kept["events"] if each["kind"] == "acknowledged"] == ["on-call"]

        page.goto(f"{base}/silences")
        page.get_by_role("button", name="New silence").click()
        form = page.get_by_role("form", name="New silence")
        form.get_by_label("Model", exact=True).fill("fra*")
        expect(form.get_by_text("Mutes", exact=False)).to_be_visible()
        form.get_by_role("button", name="Silence").click()
        expect(page.get_by_role("table", name="Silences")).to_contain_text("fra*")
        page.goto("about:blank")
