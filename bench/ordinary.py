"""`python -m bench ordinary`: how soon an ordinary model's drift is told, with every setting as it comes.

Models with a reference of 20,000 rows x 10 columns get a row a second. At a random moment each is sent, at once, what
its decision needs: three windows of 5 minutes in which one column is moved by half a standard deviation, enough for two
of three. Measured is the time from that batch's acknowledgement to the webhook's call. What is told is acknowledged, as
somebody on call does, so that no model waits for another one's group. Takes some 10 minutes of the clock.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import queue
import tempfile
import threading
import time
from typing import Any, Final

import numpy as np

import modelwatch as mw
from bench.latency import NAMES, REFERENCE, ask, query, receiver, server, take_in_hand

WINDOW_S: Final = 300
ROWS: Final = 400
SHIFT: Final = 0.5
LONGEST_S: Final = 900.0


def prepare(folder: str, port: int, rng: np.random.Generator, model: str) -> None:
    """A model with a reference and windows of 5 minutes, that has sent half an hour of undrifted rows."""
    import pandas as pd

    client = mw.Client(f"http://127.0.0.1:{port}")
    frame = pd.DataFrame({name: rng.normal(0, 1, 20_000) for name in NAMES})
    client.set_reference(frame, model_id=model, model_version="1", features=list(NAMES))
    client.close()
    while not query(folder, REFERENCE, model):
        time.sleep(0.05)
    status, text = ask(port, "PATCH", f"/api/v1/models/{model}", {"window": "5m"})
    if status != 200:
        raise SystemExit(f"the server answered {status}: {text!r}")
    now = time.time()
    send(port, model, rng, np.linspace(now - 2_700, now - 900, 6 * ROWS), 0.0)


def send(port: int, model: str, rng: np.random.Generator, at: Any, shift: float) -> float:
    """Send rows of those times; returns when they were acknowledged."""
    values = rng.normal(0, 1, (len(at), len(NAMES)))
    values[:, 3] += shift
    rows = [
        {
            "model_id": model,
            "model_version": "1",
            "prediction_value": 1.0,
            "timestamp": float(when),
            "features": dict(zip(NAMES, row, strict=True)),
        }
        for when, row in zip(at, values.tolist(), strict=True)
    ]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/api/v1/predictions", json.dumps(rows), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"the server answered {answer.status}: {text!r}")
    return time.perf_counter()


def drip(port: int, models: list[str], rng: np.random.Generator, done: threading.Event) -> None:
    """A row of each model a second: live traffic, which is checked at its interval."""
    while not done.wait(1.0):
        for model in models:
            send(port, model, rng, [time.time()], 0.0)


def drive(port: int, rng: np.random.Generator, models: list[str], told: queue.Queue[Any]) -> dict[str, float]:
    """Let each model drift at its moment; returns how long each took to be told."""
    begun = time.perf_counter()
    moments = {model: begun + float(x) for model, x in zip(models, rng.uniform(0, WINDOW_S, len(models)), strict=True)}
    sent: dict[str, float] = {}
    took: dict[str, float] = {}
    while len(took) < len(models) and time.perf_counter() - begun < LONGEST_S:
        for model in [each for each, at in moments.items() if at <= time.perf_counter() and each not in sent]:
            now = time.time()
            sent[model] = send(port, model, rng, np.linspace(now - 3 * WINDOW_S, now, 3 * ROWS), SHIFT)
        with contextlib.suppress(queue.Empty):
            at, message = told.get(timeout=0.1)
            for line in message["lines"]:
                if line["model"] in sent and line["news"] == "opened":
                    took.setdefault(line["model"], at - sent[line["model"]])
            take_in_hand(port)
    return took


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=12)
    chosen = parser.parse_args()
    rng = np.random.default_rng(11)
    models = [f"ordinary-{i}" for i in range(chosen.models)]
    done = threading.Event()
    with (
        tempfile.TemporaryDirectory(prefix="modelwatch-bench-") as folder,
        receiver() as (hook, told),
        server(folder, hook) as port,
    ):
        for model in models:
            prepare(folder, port, rng, model)
        traffic = threading.Thread(target=drip, args=(port, models, np.random.default_rng(12), done), daemon=True)
        traffic.start()
        time.sleep(30)
        took = drive(port, rng, models, told)
        done.set()
        traffic.join()
    points = np.percentile(np.array(list(took.values())), [50, 95, 100])
    print(f"{'models told':<48}{len(took)} of {len(models)}")
    print(f"{'acknowledged to webhook, s: p50 p95 max':<48}{' '.join(f'{point:.0f}' for point in points)}")


if __name__ == "__main__":
    main()
