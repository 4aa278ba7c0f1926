"""Rules, channels, silences, groups of alerts, messages and actions."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_index(
        op.f("ix_checks_deployment_id_segment_end_us"), "checks", ["deployment_id", "segment", "end_us"], unique=False
    )
    op.create_table(
        "actions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("project", "name", name=op.f("uq_actions_project_name")),
    )
    op.create_table(
        "channel_states",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("held_us", sa.BigInteger(), nullable=True),
        sa.Column("delivered_us", sa.BigInteger(), nullable=True),
        sa.Column("failed_us", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("sent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("dead", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("project", "channel", name=op.f("pk_channel_states")),
    )
    op.create_table(
        "channels",
        sa.Column("id", KEY, nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("secrets", sa.LargeBinary(), nullable=False),
        sa.Column("min_level", sa.String(), server_default="warning", nullable=False),
        sa.Column("models", sa.Text(), server_default='["*"]', nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("project", "name", name=op.f("uq_channels_project_name")),
    )
    op.create_table(
        "mute_times",
        sa.Column("id", KEY, nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute_times")),
        sa.UniqueConstraint("project", "name", name=op.f("uq_mute_times_project_name")),
    )
    op.create_table(
        "notice_groups",
        sa.Column("id", KEY, nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("next_us", sa.BigInteger(), nullable=True),
        sa.Column("sent_us", sa.BigInteger(), nullable=True),
        sa.Column("sends", sa.Integer(), server_default="0", nullable=False),
        sa.Column("body", sa.Text(), server_default="{}", nullable=False),
        sa.Column("thread", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_groups")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_groups_key")),
    )
    op.create_index(op.f("ix_notice_groups_channel_state"), "notice_groups", ["channel", "state"], unique=False)
    op.create_index(op.f("ix_notice_groups_next_us"), "notice_groups", ["next_us"], unique=False)
    op.create_table(
        "rules",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.Column("evaluated_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
        sa.UniqueConstraint("project", "model", "name", name=op.f("uq_rules_project_model_name")),
    )
    op.create_table(
        "silences",
        sa.Column("id", KEY, nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("matcher", sa.Text(), nullable=False),
        sa.Column("starts_us", sa.BigInteger(), nullable=False),
        sa.Column("ends_us", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), server_default="", nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silences")),
    )
    op.create_index(op.f("ix_silences_project_ends_us"), "silences", ["project", "ends_us"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", KEY, nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("group_id", KEY, nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("next_us", sa.BigInteger(), nullable=False),
        sa.Column("done_us", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["notice_groups.id"], name=op.f("fk_messages_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    op.create_index(op.f("ix_messages_channel_created_us"), "messages", ["channel", "created_us"], unique=False)
    op.create_index(op.f("ix_messages_group_id_state"), "messages", ["group_id", "state"], unique=False)
    op.create_index(op.f("ix_messages_state_next_us"), "messages", ["state", "next_us"], unique=False)
    op.create_table(
        "rule_states",
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("deployment_id", KEY, nullable=False),
        sa.Column("segment", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("checked_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_rule_states_deployment_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["rules.id"], name=op.f("fk_rule_states_rule_id")),
        sa.PrimaryKeyConstraint("rule_id", "deployment_id", "segment", name=op.f("pk_rule_states")),
    )
    op.create_index(op.f("ix_rule_states_deployment_id"), "rule_states", ["deployment_id"], unique=False)
    op.create_table(
        "action_runs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("alert_id", KEY, nullable=False),
        sa.Column("model_id", KEY, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("history", sa.Text(), server_default="[]", nullable=False),
        sa.Column("helped", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("interrupted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=True),
        sa.Column("next_us", sa.BigInteger(), nullable=True),
        sa.Column("done_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_action_runs_alert_id")),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_action_runs_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_runs")),
        sa.UniqueConstraint("key", name=op.f("uq_action_runs_key")),
    )
    op.create_index(op.f("ix_action_runs_alert_id"), "action_runs", ["alert_id"], unique=False)
    op.create_index(
        op.f("ix_action_runs_project_action_created_us"),
        "action_runs",
        ["project", "action", "created_us"],
        unique=False,
    )
    op.create_index(op.f("ix_action_runs_state"), "action_runs", ["state"], unique=False)
    op.create_table(
        "action_reasons",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("alert_id", KEY, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_action_reasons_alert_id")),
        sa.PrimaryKeyConstraint("project", "action", "alert_id", name=op.f("pk_action_reasons")),
    )
    op.create_index(op.f("ix_action_reasons_alert_id"), "action_reasons", ["alert_id"], unique=False)
    op.create_table(
        "group_alerts",
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("alert_id", KEY, nullable=False),
        sa.Column("joined_us", sa.BigInteger(), nullable=False),
        sa.Column("told_level", sa.String(), server_default="", nullable=False),
        sa.Column("told_status", sa.String(), server_default="", nullable=False),
        sa.Column("told_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_group_alerts_alert_id")),
        sa.ForeignKeyConstraint(["group_id"], ["notice_groups.id"], name=op.f("fk_group_alerts_group_id")),
        sa.PrimaryKeyConstraint("group_id", "alert_id", name=op.f("pk_group_alerts")),
    )
    op.create_index(op.f("ix_group_alerts_alert_id"), "group_alerts", ["alert_id"], unique=False)
    op.create_index(op.f("ix_group_alerts_told_us"), "group_alerts", ["told_us"], unique=False)
    op.create_table(
        "client_drops",
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("producer", sa.String(), nullable=False),
        sa.Column("dropped", sa.BigInteger(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("project", "model", "producer", name=op.f("pk_client_drops")),
    )
    op.create_table(
        "worker_starts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("seen_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_starts")),
    )
    op.create_index(op.f("ix_worker_starts_at_us"), "worker_starts", ["at_us"], unique=False)
    op.add_column("alerts", sa.Column("rule_id", sa.String(), nullable=True))
    op.add_column("alerts", sa.Column("channels", sa.Text(), server_default="[]", nullable=False))
    op.add_column("alerts", sa.Column("assigned_to", sa.Text(), server_default="", nullable=False))
    op.add_column("alerts", sa.Column("changed_us", sa.BigInteger(), nullable=True))
    op.add_column("alerts", sa.Column("evaluation", sa.String(), server_default="evaluated", nullable=False))
    op.add_column("alerts", sa.Column("evaluation_us", sa.BigInteger(), nullable=True))
    op.add_column("alerts", sa.Column("evaluation_text", sa.Text(), server_default="", nullable=False))
    op.add_column("alerts", sa.Column("after_silence", sa.String(), server_default="", nullable=False))
    op.add_column("alerts", sa.Column("reasons", sa.Text(), server_default="{}", nullable=False))
    op.add_column("alert_events", sa.Column("facts", sa.Text(), server_default="", nullable=False))
    op.create_index(op.f("ix_alerts_changed_us"), "alerts", ["changed_us"], unique=False)
    take_over_outbox(time.time_ns() // 1000)
    op.drop_index(op.f("ix_outbox_state_next_us"), table_name="outbox")
    op.drop_table("outbox")


def take_over_outbox(now_us: int) -> None:
    """What was told goes on in one group of the webhook and is not told again; what waited is planned anew."""
    told = (
        "from alerts a where a.status <> 'resolved' and exists"
        " (select 1 from outbox o where o.alert_id = a.id and o.channel = 'webhook' and o.state = 'sent')"
    )
    op.execute(
        sa.text(
            "insert into notice_groups (project, channel, key, state, opened_us, sent_us, sends, next_us, body)"
            " select distinct 'default', 'webhook', 'before-0009', 'open', 0, :now, 1, :now, "
            f"'{{}}' {told}"
        ).bindparams(now=now_us)
    )
    op.execute(
        sa.text(
            "insert into group_alerts (group_id, alert_id, joined_us, told_level, told_status, told_us)"
            f" select g.id, a.id, :now, a.level, 'firing', :now {told.replace('alerts a', 'notice_groups g, alerts a')}"
            " and g.key = 'before-0009'"
        ).bindparams(now=now_us)
    )
    op.execute(
        sa.text(
            "update alerts set changed_us = :now where id in (select alert_id from outbox where state = 'waiting')"
        ).bindparams(now=now_us)
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_checks_deployment_id_segment_end_us"), table_name="checks")
    op.create_table(
        "outbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("alert_id", KEY, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_us", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_outbox_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_state_next_us"), "outbox", ["state", "next_us"], unique=False)
    op.drop_index(op.f("ix_alerts_changed_us"), table_name="alerts")
    op.drop_column("alert_events", "facts")
    op.drop_column("alerts", "after_silence")
    op.drop_column("alerts", "evaluation_text")
    op.drop_column("alerts", "evaluation_us")
    op.drop_column("alerts", "evaluation")
    op.drop_column("alerts", "reasons")
    op.drop_column("alerts", "changed_us")
    op.drop_column("alerts", "assigned_to")
    op.drop_column("alerts", "channels")
    op.drop_column("alerts", "rule_id")
    op.drop_index(op.f("ix_worker_starts_at_us"), table_name="worker_starts")
    op.drop_table("worker_starts")
    op.drop_table("client_drops")
    op.drop_index(op.f("ix_group_alerts_told_us"), table_name="group_alerts")
    op.drop_index(op.f("ix_group_alerts_alert_id"), table_name="group_alerts")
    op.drop_table("group_alerts")
    op.drop_index(op.f("ix_action_reasons_alert_id"), table_name="action_reasons")
    op.drop_table("action_reasons")
    op.drop_index(op.f("ix_action_runs_state"), table_name="action_runs")
    op.drop_index(op.f("ix_action_runs_project_action_created_us"), table_name="action_runs")
    op.drop_index(op.f("ix_action_runs_alert_id"), table_name="action_runs")
    op.drop_table("action_runs")
    op.drop_index(op.f("ix_rule_states_deployment_id"), table_name="rule_states")
    op.drop_table("rule_states")
    op.drop_index(op.f("ix_messages_state_next_us"), table_name="messages")
    op.drop_index(op.f("ix_messages_group_id_state"), table_name="messages")
    op.drop_index(op.f("ix_messages_channel_created_us"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("ix_silences_project_ends_us"), table_name="silences")
    op.drop_table("silences")
    op.drop_table("rules")
    op.drop_index(op.f("ix_notice_groups_next_us"), table_name="notice_groups")
    op.drop_index(op.f("ix_notice_groups_channel_state"), table_name="notice_groups")
    op.drop_table("notice_groups")
    op.drop_table("mute_times")
    op.drop_table("channels")
    op.drop_table("channel_states")
    op.drop_table("actions")
