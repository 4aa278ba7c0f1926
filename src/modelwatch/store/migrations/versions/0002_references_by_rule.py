"""References by rule, and the design effects of a reference's rows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("refs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rule", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("dependence", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM refs WHERE rule != ''")
    with op.batch_alter_table("refs", schema=None) as batch_op:
        batch_op.drop_column("dependence")
        batch_op.drop_column("rule")
