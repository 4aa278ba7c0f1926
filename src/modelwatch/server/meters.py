"""What the app measures of itself, for Prometheus. Labels come from fixed sets, never from names that users give."""

from __future__ import annotations

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from modelwatch.server.rate import Rate
from modelwatch.server.sent_meters import SentMeters

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Meters:
    """The measurements of one app, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.rate = Rate()
        self.duplicates = 0
        self.log_state: Literal["writable", "full", "failed"] = "writable"
        self.rows = Counter(
            "modelwatch_rows",
            "rows that came in, by kind and what became of them",
            ["kind", "outcome"],
            registry=registry,
        )
        self.requests = Histogram(
            "modelwatch_request_seconds",
            "time from the head of a request to the end of its answer",
            ["route", "method", "status"],
            buckets=SECONDS,
            registry=registry,
        )
        self.appends = Histogram(
            "modelwatch_log_append_seconds", "time until a batch is durable", buckets=SECONDS, registry=registry
        )
        self.appended_bytes = Counter("modelwatch_log_appended_bytes", "bytes appended to the log", registry=registry)
        self.waiting_bytes = Gauge(
            "modelwatch_log_waiting_bytes", "bytes handed to the log that are not durable yet", registry=registry
        )
        self.log_end = Gauge("modelwatch_log_end_bytes", "position behind the newest durable record", registry=registry)
        self.folded = Gauge(
            "modelwatch_fold_position_bytes", "position up to which the log is folded", registry=registry
        )
        self.lag_bytes = Gauge("modelwatch_fold_lag_bytes", "log that waits for the fold", registry=registry)
        self.lag_seconds = Gauge(
            "modelwatch_fold_lag_seconds", "age of the oldest record that waits for the fold", registry=registry
        )
        self.quarantined = Gauge("modelwatch_quarantine_rows", "rejected rows that are kept", registry=registry)
        self.open_alerts = Gauge("modelwatch_open_alerts", "alerts that are not resolved", registry=registry)
        self.messages = SentMeters()
        registry.register(self.messages)

    def count_rows(self, kind: str, accepted: int, rejected: int, duplicate: int) -> None:
        """Count one answered batch; the three add up to what was received."""
        for outcome, rows in (("accepted", accepted), ("rejected", rejected), ("duplicate", duplicate)):
            self.rows.labels(kind, outcome).inc(rows)
        self.duplicates += duplicate
        self.rows.labels(kind, "received").inc(accepted + rejected + duplicate)
