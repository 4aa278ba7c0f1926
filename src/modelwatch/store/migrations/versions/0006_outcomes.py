"""What came true of predictions: labels on their way to the join, and the outcomes that it counts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outcomes",
        sa.Column("deployment_id", key(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("span_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_outcomes_deployment_id")),
        sa.PrimaryKeyConstraint("deployment_id", "side", "start_us", "span_us", name=op.f("pk_outcomes")),
    )
    op.create_table(
        "reference_outcomes",
        sa.Column("reference_id", key(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("losses_binning", sa.String(), nullable=True),
        sa.Column("absolute_loss", sa.LargeBinary(), nullable=True),
        sa.Column("squared_loss", sa.LargeBinary(), nullable=True),
        sa.Column("days", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["reference_id"], ["refs.id"], name=op.f("fk_reference_outcomes_reference_id")),
        sa.PrimaryKeyConstraint("reference_id", name=op.f("pk_reference_outcomes")),
    )
    op.create_table(
        "outcome_checks",
        sa.Column("deployment_id", key(), nullable=False),
        sa.Column("length_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=False),
        sa.Column("checked_us", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("seen", sa.Float(), nullable=False),
        sa.Column("labelled", sa.Float(), nullable=False),
        sa.Column("mature", sa.Boolean(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_outcome_checks_deployment_id")),
        sa.PrimaryKeyConstraint("deployment_id", "length_us", "end_us", name=op.f("pk_outcome_checks")),
    )
    op.create_table(
        "concept_states",
        sa.Column("deployment_id", key(), nullable=False),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_concept_states_deployment_id")),
        sa.PrimaryKeyConstraint("deployment_id", name=op.f("pk_concept_states")),
    )
    op.create_table(
        "concept_findings",
        sa.Column("id", key(), nullable=False),
        sa.Column("deployment_id", key(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_concept_findings_deployment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concept_findings")),
    )
    op.create_index(op.f("ix_concept_findings_deployment_id_at_us"), "concept_findings", ["deployment_id", "at_us"])
    op.create_table(
        "outcome_groups",
        sa.Column("id", key(), nullable=False),
        sa.Column("model_id", key(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_outcome_groups_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_groups")),
        sa.UniqueConstraint("model_id", "key", name=op.f("uq_outcome_groups_model_id_key")),
    )
    op.create_table(
        "label_inbox",
        sa.Column("id", key(), nullable=False),
        sa.Column("model_id", key(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("received_us", sa.BigInteger(), nullable=False),
        sa.Column("orphaned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_label_inbox_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_inbox")),
    )
    op.create_index(op.f("ix_label_inbox_model_id_orphaned"), "label_inbox", ["model_id", "orphaned"])
    op.create_table(
        "label_rows",
        sa.Column("id", key(), nullable=False),
        sa.Column("model_id", key(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_label_rows_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_rows")),
    )
    op.create_index(op.f("ix_label_rows_model_id"), "label_rows", ["model_id"])
    op.create_table(
        "label_catch_ups",
        sa.Column("model_id", key(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_label_catch_ups_model_id")),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_label_catch_ups")),
    )
    # actuals that were folded before there was a join are in the lake alone
    op.execute(
        "insert into label_catch_ups (model_id, before) select models.id, offsets.position from models, offsets "
        "where offsets.consumer = 'fold'"
    )
    op.create_table(
        "label_joins",
        sa.Column("model_id", key(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("joined_us", sa.BigInteger(), nullable=False),
        sa.Column("judging", sa.Text(), nullable=False),
        sa.Column("rebuilt_us", sa.BigInteger(), nullable=True),
        sa.Column("matched", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("corrected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("repeated", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expired", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_label_joins_model_id")),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_label_joins")),
    )


def downgrade() -> None:
    for table in (
        "label_joins",
        "label_catch_ups",
        "label_rows",
        "label_inbox",
        "outcome_groups",
        "concept_findings",
        "concept_states",
        "outcome_checks",
        "reference_outcomes",
        "outcomes",
    ):
        op.drop_table(table)
