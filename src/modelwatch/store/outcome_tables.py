"""The tables of what came true of predictions. See `tables` for what holds for all of them."""

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

outcomes: Final = Table(
    "outcomes",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("side", String, primary_key=True),
    Column("start_us", BigInteger, primary_key=True),
    Column("span_us", BigInteger, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

reference_outcomes: Final = Table(
    "reference_outcomes",
    metadata,
    Column("reference_id", KEY, ForeignKey("refs.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("losses_binning", String, nullable=True),
    Column("absolute_loss", LargeBinary, nullable=True),
    Column("squared_loss", LargeBinary, nullable=True),
    Column("days", LargeBinary, nullable=True),
)

outcome_checks: Final = Table(
    "outcome_checks",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("length_us", BigInteger, primary_key=True),
    Column("end_us", BigInteger, primary_key=True),
    Column("checked_us", BigInteger, nullable=False),
    Column("level", String, nullable=False),
    Column("seen", Float, nullable=False),
    Column("labelled", Float, nullable=False),
    Column("mature", Boolean, nullable=False),
    Column("due_us", BigInteger, nullable=True),
    Column("body", LargeBinary, nullable=False),
)

concept_states: Final = Table(
    "concept_states",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("updated_us", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

concept_findings: Final = Table(
    "concept_findings",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("deployment_id", KEY, ForeignKey("deployments.id"), nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("level", String, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "deployment_id", "at_us"),
)

outcome_groups: Final = Table(
    "outcome_groups",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("key", Text, nullable=False),
    UniqueConstraint("model_id", "key"),
)

label_inbox: Final = Table(
    "label_inbox",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("orphaned", Boolean, nullable=False, server_default=false()),
    Column("body", LargeBinary, nullable=False),
    Index(None, "model_id", "orphaned"),
)

label_rows: Final = Table(
    "label_rows",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("model_id", KEY, ForeignKey("models.id"), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("since_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "model_id"),
)

label_catch_ups: Final = Table(
    "label_catch_ups",
    metadata,
    Column("model_id", KEY, ForeignKey("models.id"), primary_key=True),
    Column("before", BigInteger, nullable=False),
)

label_joins: Final = Table(
    "label_joins",
    metadata,
    Column("model_id", KEY, ForeignKey("models.id"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("joined_us", BigInteger, nullable=False),
    Column("judging", Text, nullable=False),
    Column("rebuilt_us", BigInteger, nullable=True),
    Column("matched", BigInteger, nullable=False, server_default="0"),
    Column("corrected", BigInteger, nullable=False, server_default="0"),
    Column("repeated", BigInteger, nullable=False, server_default="0"),
    Column("expired", BigInteger, nullable=False, server_default="0"),
)

metric_checks: Final = Table(
    "metric_checks",
    metadata,
    Column("deployment_id", KEY, ForeignKey("deployments.id"), primary_key=True),
    Column("length_us", BigInteger, primary_key=True),
    Column("end_us", BigInteger, primary_key=True),
    Column("checked_us", BigInteger, nullable=False),
    Column("rules", String, nullable=False),
    Column("level", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
