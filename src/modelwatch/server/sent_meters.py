"""What became of messages to channels, for Prometheus: read from the database, because the worker sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from modelwatch.store.channels import KindTotals

COUNTERS = (
    ("sent", "messages that were delivered"),
    ("failed", "tries that failed"),
    ("dead", "messages that were given up"),
)


class SentMeters:
    """Totals by kind of channel as they were last `set`."""

    def __init__(self) -> None:
        self.totals: Mapping[str, KindTotals] = {}

    def set(self, totals: Mapping[str, KindTotals]) -> None:
        """Take the totals of now."""
        self.totals = totals

    def collect(self) -> Iterable[Metric]:
        """The families that Prometheus reads."""
        for name, text in COUNTERS:
            counter = CounterMetricFamily(f"modelwatch_messages_{name}", f"{text}, by kind of channel", labels=["kind"])
            for kind, totals in self.totals.items():
                counter.add_metric([kind], getattr(totals, name))
            yield counter
        gauge = GaugeMetricFamily(
            "modelwatch_messages_waiting", "messages that wait for a try, by kind of channel", labels=["kind"]
        )
        for kind, totals in self.totals.items():
            gauge.add_metric([kind], totals.waiting)
        yield gauge
