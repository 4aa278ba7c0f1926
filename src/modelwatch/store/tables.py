"""The tables. All times are integer microseconds since 1970 UTC; `*_us` columns of events are event time.

A row of `profiles` or `checks` holds all columns of a model as one block, so that a busy day is hundreds of rows a
model and never a row per metric.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from modelwatch.store.metadata import KEY
from modelwatch.store.metadata import metadata as metadata

models: Final = Table(
    "models",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("name", String, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("task", String, nullable=False, server_default=""),
    Column("settings", Text, nullable=False, server_default="{}"),
    Column("binning_id", String, nullable=True),
    UniqueConstraint("project", "name"),
)

deployments: Final = Table(
    "deployments",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("environment", String, nullable=False),
    Column("version", String, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Column("first_event_us", BigInteger, nullable=True),
    Column("last_event_us", BigInteger, nullable=True),
    Column("last_arrival_us", BigInteger, nullable=True),
    Column("live_us", BigInteger, nullable=True),
    Column("rows", BigInteger, nullable=False, server_default="0"),
    Column("schema", Text, nullable=True),
    Column("length_us", BigInteger, nullable=True),
    Column("level", String, nullable=False, server_default="insufficient_data"),
    Column("level_since_us", BigInteger, nullable=True),
    Column("checked_us", BigInteger, nullable=True),
    Column("headline", Text, nullable=True),
    UniqueConstraint("model_id", "environment", "version"),
)

binnings: Final = Table(
    "binnings",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("hash", String, nullable=False),
    Column("source", String, nullable=False),
    Column("event_us", BigInteger, nullable=True),
    Column("created_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("model_id", "hash"),
)

refs: Final = Table(
    "refs",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("environment", String, nullable=False),
    Column("version", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("label", String, nullable=False),
    Column("rows", Float, nullable=False),
    Column("start_us", BigInteger, nullable=True),
    Column("end_us", BigInteger, nullable=True),
    Column("created_us", BigInteger, nullable=False),
    Column("binning", String, nullable=False),
    Column("file", Text, nullable=False, server_default=""),
    Column("roles", Text, nullable=False, server_default="{}"),
    Column("body", LargeBinary, nullable=False),
    Column("rule", Text, nullable=False, server_default=""),
    Column("dependence", LargeBinary, nullable=True),
    Index(None, "model_id", "environment", "version"),
)

segmentations: Final = Table(
    "segmentations",
    metadata,
    Column("model_id", KEY, ForeignKey("models.id"), primary_key=True),
    Column("wanted", Text, nullable=False),
    Column("applied", Text, nullable=False, server_default=""),
    Column("late", Boolean, nullable=False, server_default=false()),
)

segments: Final = Table(
    "segments",
    metadata,
    Column("model_id", KEY, ForeignKey("models.id"), primary_key=True),
    Column("segment", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("building", Boolean, nullable=False),
    Index(None, "building"),
)

segment_others: Final = Table(
    "segment_others",
    metadata,
    Column("model_id", KEY, ForeignKey("models.id"), primary_key=True),
    Column("role", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value_hash", String, primary_key=True),
)

segment_days: Final = Table(
    "segment_days",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("day_us", BigInteger, primary_key=True),
)

segment_refs: Final = Table(
    "segment_refs",
    metadata,
    Column("reference_id", KEY, ForeignKey("refs.id"), primary_key=True),
    Column("segment", String, primary_key=True),
    Column("rows", Float, nullable=False),
    Column("binning", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

held: Final = Table(
    "held",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("deployment_id", KEY, ForeignKey("deployments.id"), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "model_id"),
)

profiles: Final = Table(
    "profiles",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("segment", String, primary_key=True, server_default=""),
    Column("start_us", BigInteger, primary_key=True),
    Column("span_us", BigInteger, primary_key=True),
    Column("rows", Float, nullable=False),
    Column("binning", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

id_sketches: Final = Table(
    "id_sketches",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("start_us", BigInteger, primary_key=True),
    Column("span_us", BigInteger, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

sequential_states: Final = Table(
    "sequential_states",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("updated_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

crossings: Final = Table(
    "crossings",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("deployment_id", KEY, ForeignKey("deployments.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("level", String, nullable=False),
    Column("value", Float, nullable=False),
    Column("cause", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("rows", Float, nullable=False),
    Column("first_row", Float, nullable=False),
    Column("last_row", Float, nullable=False),
    Column("evidence", Float, nullable=False),
    Column("asked", Float, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Index(None, "deployment_id", "at_us"),
)

dirty: Final = Table(
    "dirty",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("segment", String, primary_key=True, server_default=""),
    Column("start_us", BigInteger, primary_key=True),
    Column("since_us", BigInteger, nullable=False),
    Column("mark", BigInteger, nullable=False),
)

checks: Final = Table(
    "checks",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("segment", String, primary_key=True, server_default=""),
    Column("length_us", BigInteger, primary_key=True),
    Column("end_us", BigInteger, primary_key=True),
    Column("checked_us", BigInteger, nullable=False),
    Column("rows", Float, nullable=False),
    Column("level", String, nullable=False),
    Column("drifted", Integer, nullable=False),
    Column("largest", Float, nullable=True),
    Column("raised", Text, nullable=False),
    Column("levels", LargeBinary, nullable=False),
    Column("single", LargeBinary, nullable=False),
    Column("binning", String, nullable=False),
    Column("reference_id", KEY, nullable=True),
    Column("body", LargeBinary, nullable=False),
    Index(None, "deployment_id", "segment", "end_us"),
)

schema_changes: Final = Table(
    "schema_changes",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("deployment_id", KEY, ForeignKey("deployments.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("change", String, nullable=False),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    UniqueConstraint("deployment_id", "role", "name", "change", "before", "after"),
)

traffic: Final = Table(
    "traffic",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("day_us", BigInteger, primary_key=True),
    Column("predictions", BigInteger, nullable=False),
)

tallies: Final = Table(
    "tallies",
    metadata,
    Column("project", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("accepted", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
)

quarantine: Final = Table(
    "quarantine",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("model", String, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("row", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "project", "model", "received_us"),
)

offsets: Final = Table(
    "offsets",
    metadata,
    Column("consumer", String, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("updated_us", BigInteger, nullable=False),
)

lake_tables: Final = Table(
    "lake_tables",
    metadata,
    Column("model_id", KEY, ForeignKey("models.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("through", BigInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

lake_commits: Final = Table(
    "lake_commits",
    metadata,
    Column("model_id", KEY, ForeignKey("models.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("schema", LargeBinary, nullable=False),
    Column("files", Text, nullable=False),
)

alerts: Final = Table(
    "alerts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("deployment_id", KEY, ForeignKey("deployments.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("level", String, nullable=False),
    Column("status", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("peak_level", String, nullable=False),
    Column("peak_items", Text, nullable=False),
    Column("historic", Boolean, nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("resolved_us", BigInteger, nullable=True),
    Column("checked_us", BigInteger, nullable=False),
    Column("silenced_until_us", BigInteger, nullable=True),
    Column("by_hand", Boolean, nullable=False),
    Column("rule_id", String, nullable=True),
    Column("channels", Text, nullable=False, server_default="[]"),
    Column("assigned_to", Text, nullable=False, server_default=""),
    Column("changed_us", BigInteger, nullable=True),
    Column("reasons", Text, nullable=False, server_default="{}"),
    Column("evaluation", String, nullable=False, server_default="evaluated"),
    Column("evaluation_us", BigInteger, nullable=True),
    Column("evaluation_text", Text, nullable=False, server_default=""),
    Column("after_silence", String, nullable=False, server_default=""),
    Index(None, "deployment_id", "kind", "opened_us"),
    Index(None, "status"),
    Index(None, "changed_us"),
)

alert_events: Final = Table(
    "alert_events",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("alert_id", KEY, ForeignKey("alerts.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", Text, nullable=False, server_default=""),
    Column("facts", Text, nullable=False, server_default=""),
    Index(None, "alert_id"),
)
