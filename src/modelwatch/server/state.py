"""How the server is doing: what the database and the log say, with what only this process knows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.core.version import VERSION
from modelwatch.server.meters import Meters
from modelwatch.server.queries.alarms import fleet_bound
from modelwatch.server.queries.system import read_system
from modelwatch.server.services import Services


@dataclass(frozen=True, slots=True)
class SystemState:
    """Counts of rows, rate of arrival, lag of the fold. `duplicates` counts since this process began.
    `false_alerts_per_month` is what the alarm budgets of all models allow together."""

    version: str
    now: int
    predictions_per_second: float
    lag_seconds: float
    lag_bytes: int
    accepted: int
    rejected: int
    duplicates: int
    quarantined: int
    open_alerts: int
    client_dropped: int
    stuck: list[str]
    false_alerts_per_month: float
    url: str
    key_required: bool


def system_state(connection: Connection, services: Services, meters: Meters, wall_us: int) -> SystemState:
    """The state now."""
    found = read_system(connection, services.log, services.consumer, wall_us)
    settings = services.settings
    return SystemState(
        version=VERSION,
        now=wall_us,
        predictions_per_second=meters.rate.per_second(wall_us),
        lag_seconds=found.lag.seconds,
        lag_bytes=found.lag.bytes,
        accepted=found.accepted,
        rejected=found.rejected,
        duplicates=meters.duplicates,
        quarantined=found.quarantined,
        open_alerts=found.open_alerts,
        client_dropped=found.client_dropped,
        stuck=found.stuck,
        false_alerts_per_month=fleet_bound(connection),
        url=address(settings.host, settings.port),
        key_required=bool(settings.api_key),
    )


def address(host: str, port: int) -> str:
    """Where clients find the server, as far as it knows itself.

    >>> address("::1", 8470), address("0.0.0.0", 80)
    ('http://[::1]:8470', 'http://127.0.0.1:80')
    """
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"
