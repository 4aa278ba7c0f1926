"""The tables of rules, channels, silences, messages and actions. See `tables` for what holds for all of them.

Times here are wall time unless said otherwise: people are told by the clock, whatever the time of the events.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from modelwatch.store.metadata import KEY
from modelwatch.store.metadata import metadata as metadata

rules: Final = Table(
    "rules",
    metadata,
    Column("id", String, primary_key=True),
    Column("project", String, nullable=False),
    Column("model", String, nullable=False),
    Column("name", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("by", Text, nullable=False, server_default=""),
    Column("created_us", BigInteger, nullable=False),
    Column("updated_us", BigInteger, nullable=False),
    Column("evaluated_us", BigInteger, nullable=True),
    UniqueConstraint("project", "model", "name"),
)

rule_states: Final = Table(
    "rule_states",
    metadata,
    Column("rule_id", String, ForeignKey("rules.id"), primary_key=True),
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("segment", String, primary_key=True, server_default=""),
    Column("state", String, nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("at_us", BigInteger, nullable=False),
    Column("checked_us", BigInteger, nullable=False),
    Index(None, "deployment_id"),
)

silences: Final = Table(
    "silences",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("matcher", Text, nullable=False),
    Column("starts_us", BigInteger, nullable=False),
    Column("ends_us", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("comment", Text, nullable=False, server_default=""),
    Column("created_us", BigInteger, nullable=False),
    Index(None, "project", "ends_us"),
)

mute_times: Final = Table(
    "mute_times",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("name", String, nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("project", "name"),
)

channels: Final = Table(
    "channels",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("fields", Text, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("min_level", String, nullable=False, server_default="warning"),
    Column("models", Text, nullable=False, server_default='["*"]'),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("created_us", BigInteger, nullable=False),
    Column("updated_us", BigInteger, nullable=False),
    UniqueConstraint("project", "name"),
)

channel_states: Final = Table(
    "channel_states",
    metadata,
    Column("project", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("held_us", BigInteger, nullable=True),
    Column("delivered_us", BigInteger, nullable=True),
    Column("failed_us", BigInteger, nullable=True),
    Column("error", Text, nullable=False, server_default=""),
    Column("sent", BigInteger, nullable=False, server_default="0"),
    Column("failed", BigInteger, nullable=False, server_default="0"),
    Column("dead", BigInteger, nullable=False, server_default="0"),
)

notice_groups: Final = Table(
    "notice_groups",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("key", String, nullable=False),
    Column("state", String, nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("next_us", BigInteger, nullable=True),
    Column("sent_us", BigInteger, nullable=True),
    Column("sends", Integer, nullable=False, server_default="0"),
    Column("body", Text, nullable=False, server_default="{}"),
    Column("thread", Text, nullable=False, server_default="{}"),
    UniqueConstraint("key"),
    Index(None, "channel", "state"),
    Index(None, "next_us"),
)

group_alerts: Final = Table(
    "group_alerts",
    metadata,
    Column("group_id", KEY, ForeignKey("notice_groups.id"), primary_key=True),
    Column("alert_id", KEY, ForeignKey("alerts.id"), primary_key=True),
    Column("joined_us", BigInteger, nullable=False),
    Column("told_level", String, nullable=False, server_default=""),
    Column("told_status", String, nullable=False, server_default=""),
    Column("told_us", BigInteger, nullable=True),
    Index(None, "alert_id"),
    Index(None, "told_us"),
)

messages: Final = Table(
    "messages",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("group_id", KEY, ForeignKey("notice_groups.id"), nullable=True),
    Column("key", String, nullable=False),
    Column("event", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_us", BigInteger, nullable=False),
    Column("next_us", BigInteger, nullable=False),
    Column("done_us", BigInteger, nullable=True),
    Column("error", Text, nullable=False, server_default=""),
    UniqueConstraint("key"),
    Index(None, "state", "next_us"),
    Index(None, "channel", "created_us"),
    Index(None, "group_id", "state"),
)

actions: Final = Table(
    "actions",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("name", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    Column("created_us", BigInteger, nullable=False),
    Column("updated_us", BigInteger, nullable=False),
    UniqueConstraint("project", "name"),
)

action_runs: Final = Table(
    "action_runs",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("project", String, nullable=False),
    Column("action", String, nullable=False),
    Column("alert_id", KEY, ForeignKey("alerts.id"), nullable=False),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("key", String, nullable=False),
    Column("state", String, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("history", Text, nullable=False, server_default="[]"),
    Column("helped", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("interrupted", Integer, nullable=False, server_default="0"),
    Column("created_us", BigInteger, nullable=False),
    Column("started_us", BigInteger, nullable=True),
    Column("next_us", BigInteger, nullable=True),
    Column("done_us", BigInteger, nullable=True),
    UniqueConstraint("key"),
    Index(None, "project", "action", "created_us"),
    Index(None, "state"),
    Index(None, "alert_id"),
)

action_reasons: Final = Table(
    "action_reasons",
    metadata,
    Column("project", String, primary_key=True),
    Column("action", String, primary_key=True),
    Column("alert_id", KEY, ForeignKey("alerts.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Index(None, "alert_id"),
)

client_drops: Final = Table(
    "client_drops",
    metadata,
    Column("project", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("producer", String, primary_key=True),
    Column("dropped", BigInteger, nullable=False),
    Column("at_us", BigInteger, nullable=False),
)

worker_starts: Final = Table(
    "worker_starts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=True),
    Index(None, "at_us"),
)
