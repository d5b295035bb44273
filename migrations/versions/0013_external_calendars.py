"""The calendars of others: what is known of each, its last good copy, its events, and which are the same as ours.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Four tables, and an index by which what an event takes is found."""
    op.create_table(
        "external_calendar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("blocks", DOCUMENT, nullable=False),
        sa.Column("split", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("believes", sa.Boolean(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("last_modified", sa.String(), nullable=False),
        sa.Column("counts", DOCUMENT, nullable=False),
        sa.Column("notes", DOCUMENT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'fine', 'failing')", name=op.f("ck_external_calendar_state")),
        sa.CheckConstraint(
            "(state = 'failing') = (problem IS NOT NULL)", name=op.f("ck_external_calendar_problem")
        ),
        sa.CheckConstraint("url IS NOT NULL OR due_at IS NULL", name=op.f("ck_external_calendar_due")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_external_calendar_venue_id_venue")),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_external_calendar_venue_id_resource"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_external_calendar_created_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_calendar")),
        sa.UniqueConstraint("venue_id", "id", name=op.f("uq_external_calendar_venue_id_id")),
    )
    op.create_index("ix_external_calendar_due", "external_calendar", ["due_at"], unique=False)
    op.create_table(
        "external_copy",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["external_calendar.id"],
            name=op.f("fk_external_copy_calendar_id_external_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("calendar_id", name=op.f("pk_external_copy")),
    )
    op.create_table(
        "external_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("targets", DOCUMENT, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("starts", INSTANT, nullable=True),
        sa.Column("ends", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("block IN ('hard', 'option', 'ignore')", name=op.f("ck_external_event_block")),
        sa.ForeignKeyConstraint(
            ["venue_id", "calendar_id"],
            ["external_calendar.venue_id", "external_calendar.id"],
            name=op.f("fk_external_event_venue_id_external_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_event")),
        sa.UniqueConstraint("calendar_id", "key", name=op.f("uq_external_event_calendar_id_key")),
    )
    op.create_table(
        "external_same",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["external_calendar.id"],
            name=op.f("fk_external_same_calendar_id_external_calendar"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_external_same_booking_id_booking"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_external_same_by_id_person")),
        sa.PrimaryKeyConstraint("calendar_id", "uid", name=op.f("pk_external_same")),
    )
    op.create_index(
        "ix_occupancy_external",
        "occupancy",
        ["external_id"],
        unique=False,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )
