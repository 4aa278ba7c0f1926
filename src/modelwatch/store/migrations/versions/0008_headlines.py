"""How good each deployment was in its newest window whose labels have come, where lists of models find it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deployments", sa.Column("headline", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("deployments", "headline")  # making the table anew would break what refers to its rows
