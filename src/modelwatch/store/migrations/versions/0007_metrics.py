"""Windows of custom metrics: one row per window with all metrics of a model inside."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "metric_checks",
        sa.Column("deployment_id", key(), nullable=False),
        sa.Column("length_us", sa.BigInteger(), nullable=False),
        sa.Column("end_us", sa.BigInteger(), nullable=False),
        sa.Column("checked_us", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_metric_checks_deployment_id")),
        sa.PrimaryKeyConstraint("deployment_id", "length_us", "end_us", name=op.f("pk_metric_checks")),
    )


def downgrade() -> None:
    op.drop_table("metric_checks")
