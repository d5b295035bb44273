"""Resources that people add: numbers that two at once cannot share, notes in several languages, rates, retiring.

Revision ID: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """A counter, and columns; what was noted in one language was English, as pages said of it."""
    op.create_table(
        "resource_number",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_resource_number_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_number")),
    )
    op.execute("INSERT INTO resource_number (id, last) SELECT 1, coalesce(max(id), 0) FROM resource")
    op.drop_index("ix_resource_id", table_name="resource")
    op.create_index("ix_resource_id", "resource", ["id"], unique=True)
    op.add_column("resource", sa.Column("slot_rate_cents", sa.Integer(), nullable=True))
    op.add_column("resource", sa.Column("half_day_rate_cents", sa.Integer(), nullable=True))
    op.add_column("resource", sa.Column("week_rate_cents", sa.Integer(), nullable=True))
    op.add_column("resource", sa.Column("retired_at", INSTANT, nullable=True))
    op.execute("ALTER TABLE resource RENAME COLUMN notes TO english_notes")
    op.add_column("resource", sa.Column("notes", DOCUMENT, server_default=sa.text("'{}'"), nullable=False))
    made = "jsonb_build_object" if op.get_bind().dialect.name == "postgresql" else "json_object"
    op.execute(f"UPDATE resource SET notes = {made}('en', english_notes) WHERE english_notes IS NOT NULL")
    op.drop_column("resource", "english_notes")
    op.create_index(
        "ix_event_of_house",
        "event",
        ["venue_id", "id"],
        postgresql_where=sa.text("booking_id IS NULL"),
        sqlite_where=sa.text("booking_id IS NULL"),
    )
