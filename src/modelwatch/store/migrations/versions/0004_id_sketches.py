"""Which prediction ids occur more than once."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "id_sketches",
        sa.Column("deployment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("span_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_id_sketches_deployment_id")),
        sa.PrimaryKeyConstraint("deployment_id", "start_us", "span_us", name=op.f("pk_id_sketches")),
    )


def downgrade() -> None:
    op.drop_table("id_sketches")
