"""Segments: which are watched, what they are compared with, and which days are still to be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("refs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roles", sa.Text(), server_default="{}", nullable=False))
    op.create_table(
        "segmentations",
        sa.Column("model_id", KEY, nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("applied", sa.Text(), server_default="", nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_segmentations_model_id")),
        sa.PrimaryKeyConstraint("model_id", name=op.f("pk_segmentations")),
    )
    op.create_table(
        "segments",
        sa.Column("model_id", KEY, nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("building", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_segments_model_id")),
        sa.PrimaryKeyConstraint("model_id", "segment", name=op.f("pk_segments")),
    )
    with op.batch_alter_table("segments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segments_building"), ["building"], unique=False)
    op.create_table(
        "segment_others",
        sa.Column("model_id", KEY, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["models.id"], name=op.f("fk_segment_others_model_id")),
        sa.PrimaryKeyConstraint("model_id", "role", "name", "value_hash", name=op.f("pk_segment_others")),
    )
    op.create_table(
        "segment_days",
        sa.Column("deployment_id", KEY, nullable=False),
        sa.Column("day_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_segment_days_deployment_id")),
        sa.PrimaryKeyConstraint("deployment_id", "day_us", name=op.f("pk_segment_days")),
    )
    op.create_table(
        "segment_refs",
        sa.Column("reference_id", KEY, nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("rows", sa.Float(), nullable=False),
        sa.Column("binning", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["reference_id"], ["refs.id"], name=op.f("fk_segment_refs_reference_id")),
        sa.PrimaryKeyConstraint("reference_id", "segment", name=op.f("pk_segment_refs")),
    )


def downgrade() -> None:
    for table in ("segment_refs", "segment_days", "segment_others", "segments", "segmentations"):
        op.drop_table(table)
    with op.batch_alter_table("refs", schema=None) as batch_op:
        batch_op.drop_column("roles")
