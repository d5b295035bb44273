"""Who waits for something: behind what, and found quickly when something frees.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, two indexes."""
    op.add_column("waiting", sa.Column("behind", sa.String(), server_default=sa.text("'hard'"), nullable=False))
    op.create_index("ix_waiting_organisation", "waiting", ["organisation_id"], unique=False)
    op.create_index(
        "ix_waiting_untold",
        "waiting",
        ["venue_id", "ends"],
        unique=False,
        postgresql_where=sa.text("told_at IS NULL"),
        sqlite_where=sa.text("told_at IS NULL"),
    )
