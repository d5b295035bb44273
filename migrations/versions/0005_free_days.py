"""Free days of every atom and year, worked out of what holds it.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table that may be emptied at any time: the worker fills it again."""
    op.create_table(
        "free_days",
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_free_days_venue_id_resource"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("venue_id", "resource_id", "year", name=op.f("pk_free_days")),
    )
