"""A newer file of a calendar that was sent waits until somebody has looked at what it changes.

Revision ID: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table that begins empty."""
    op.create_table(
        "external_offer",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["external_calendar.id"],
            name=op.f("fk_external_offer_calendar_id_external_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("calendar_id", name=op.f("pk_external_offer")),
    )


def downgrade() -> None:
    """What waits is forgotten."""
    op.drop_table("external_offer")
