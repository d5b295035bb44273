"""Deputies: who decides for a house in a colleague's place, from when to when.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "deputy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("given_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("starts < ends", name=op.f("ck_deputy_span")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_deputy_venue_id_venue")),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name=op.f("fk_deputy_for_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deputy_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index(
        "ix_deputy_running",
        "deputy",
        ["venue_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
