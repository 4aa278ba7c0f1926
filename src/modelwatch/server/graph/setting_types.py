"""The types of the GraphQL schema that tell of a model's settings and of what they cost."""

from __future__ import annotations

import strawberry
from strawberry.scalars import JSON

from modelwatch.server.graph.enums import ColumnRole
from modelwatch.server.graph.reference_types import Reference


@strawberry.type
class FalseAlarms:
    alerts_per_1000_days: float
    alerts_at_most: float = strawberry.field(description="in 30 days without change, whatever luck does")
    alerts_about: float = strawberry.field(description="the same when windows are independent of each other")
    notices: float = strawberry.field(description="windows in 30 days that show a notice, which nobody is sent")
    looks_per_day: float
    columns: int
    rows: float


@strawberry.type
class SettingsPreview:
    current: FalseAlarms
    changed: FalseAlarms
    reference: Reference | None = strawberry.field(description="what windows would be compared with")


@strawberry.type
class SegmentColumn:
    role: ColumnRole
    name: str


@strawberry.type
class SegmentSettings:
    columns: list[SegmentColumn]
    limit: int = strawberry.field(description="how many segments (values of the columns) may be watched")
    state: str = strawberry.field(
        description="off, building (past rows and the reference are being counted: figures still lack rows), or ready"
    )


@strawberry.type
class ModelSettings:
    task: str | None
    positive_label: str | None
    window: str = strawberry.field(description="5m, 1h, 6h, 1d, 7d, 28d, or auto")
    check_interval_seconds: float | None
    critical: bool
    k: int | None
    n: int | None = strawberry.field(description="k of n windows that do not overlap must agree")
    psi_warning: float | None
    psi_critical: float | None
    missing_warning: float | None = strawberry.field(description="share of rows above the reference's")
    missing_critical: float | None
    alerts_per_1000_days: float | None
    reference: JSON | None = strawberry.field(
        description='what windows are compared with, as in a PATCH: {"kind": "seasonal", "weeks": 8}; '
        "null = an uploaded reference, else the first rows"
    )
    metrics: JSON = strawberry.field(description="metrics of your own, as in a PATCH")
    segments: SegmentSettings
    fairness: JSON | None = strawberry.field(
        description='protected attributes, as in a PATCH: {"attributes": [{"name": "sex", "role": "tag"}]}; null = none'
    )
    label_horizon_days: float | None = strawberry.field(description="how long a label is awaited")
