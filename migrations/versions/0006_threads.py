"""Conversations with their files, common answers, and who comes.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")

ONE_SUBJECT = (
    "(CASE WHEN booking_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN enquiry_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN trajectory_id IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade() -> None:
    """Five tables."""
    _talked("message", sa.Column("text", sa.String(), nullable=False))
    _talked(
        "file",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_size")),
    )
    op.create_table(
        "file_content",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_file_content_file_id_file"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_file_content")),
    )
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("language IN ('nl', 'fr', 'en')", name=op.f("ck_answer_template_language")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_answer_template_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
    )
    op.create_index("ix_answer_template_venue", "answer_template", ["venue_id"], unique=False)
    op.create_table(
        "arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("arrives", sa.Date(), nullable=True),
        sa.Column("leaves", sa.Date(), nullable=True),
        sa.Column("access", sa.String(), nullable=True),
        sa.Column("diet", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_arrival_booking_id_booking"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
    )
    op.create_index("ix_arrival_booking", "arrival", ["booking_id"], unique=False)


def _talked(name: str, *own: sa.schema.SchemaItem) -> None:
    """A table of what belongs to exactly one booking, enquiry or trajectory."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("enquiry_id", sa.Uuid(), nullable=True),
        sa.Column("trajectory_id", sa.Uuid(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *own,
        sa.CheckConstraint(ONE_SUBJECT, name=op.f(f"ck_{name}_one_subject")),
        sa.CheckConstraint("side IN ('house', 'company')", name=op.f(f"ck_{name}_side")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f(f"fk_{name}_booking_id_booking"),
        ),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f(f"fk_{name}_enquiry_id_enquiry")),
        sa.ForeignKeyConstraint(
            ["trajectory_id"], ["trajectory.id"], name=op.f(f"fk_{name}_trajectory_id_trajectory")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f(f"fk_{name}_venue_id_venue")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f(f"fk_{name}_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for subject in ("booking", "enquiry", "trajectory"):
        op.create_index(f"ix_{name}_{subject}", name, [f"{subject}_id"], unique=False)
