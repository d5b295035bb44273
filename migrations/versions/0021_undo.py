"""What was done just now and may be taken back: deeds, and events that wait before anybody is told.

Revision ID: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """One table and one column."""
    op.add_column("event", sa.Column("not_before", INSTANT, nullable=True))
    op.create_table(
        "undo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("was", DOCUMENT, nullable=False),
        sa.Column("events", DOCUMENT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.CheckConstraint("at < until", name=op.f("ck_undo_span")),
        sa.CheckConstraint("deed IN ('answer', 'refer', 'move', 'resolve')", name=op.f("ck_undo_deed")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_undo_person_id_person")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_undo_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undo")),
    )
    op.create_index("ix_undo_group", "undo", ["group_id"])
    op.create_index(op.f("ix_undo_at"), "undo", ["at"])
