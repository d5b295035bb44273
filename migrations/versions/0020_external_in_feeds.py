"""What others' calendars say stands in feeds too: when, since which change, and what of it is over.

Events that are kept already are read once more out of the kept copy: their calendars are due to be expanded.

Revision ID: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """Columns of events, an index by house, and the choice of each feed."""
    for column in (
        sa.Column("stretches", sa.LargeBinary(), nullable=True),
        sa.Column("over", sa.LargeBinary(), nullable=True),
        sa.Column("days", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("repeats", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("modified_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
    ):
        op.add_column("external_event", column)
    op.create_index("ix_external_event_venue", "external_event", ["venue_id"], unique=False)
    op.execute("UPDATE external_event SET digest = '', modified_at = created_at")
    op.execute("UPDATE external_calendar SET until = NULL")
    op.add_column("feed", sa.Column("imported", sa.Boolean(), server_default=sa.true(), nullable=False))
