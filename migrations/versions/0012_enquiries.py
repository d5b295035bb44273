"""Enquiries: to which houses they were sent, and what those answered.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """The anchor of enquiries grows into a table that is used; houses and answers are new."""
    for column in (
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=True),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
    ):
        op.add_column("enquiry", column)
    op.create_index("ix_enquiry_organisation", "enquiry", ["organisation_id", "id"], unique=False)
    op.create_index("ix_booking_enquiry", "booking", ["enquiry_id"], unique=False)
    op.create_table(
        "enquiry_house",
        sa.Column("enquiry_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_house_enquiry_id_enquiry")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_enquiry_house_venue_id_venue")),
        sa.PrimaryKeyConstraint("enquiry_id", "venue_id", name=op.f("pk_enquiry_house")),
    )
    op.create_index("ix_enquiry_house_venue", "enquiry_house", ["venue_id", "enquiry_id"], unique=False)
    op.create_table(
        "enquiry_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enquiry_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("periods", DOCUMENT, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('offer', 'counter', 'decline')", name=op.f("ck_enquiry_answer_kind")),
        sa.CheckConstraint("(kind = 'offer') = (booking_id IS NOT NULL)", name=op.f("ck_enquiry_answer_offer")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_enquiry_answer_booking_id_booking"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_enquiry_answer_by_id_person")),
        sa.ForeignKeyConstraint(
            ["enquiry_id", "venue_id"],
            ["enquiry_house.enquiry_id", "enquiry_house.venue_id"],
            name=op.f("fk_enquiry_answer_enquiry_id_enquiry_house"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_answer")),
    )
    op.create_index("ix_enquiry_answer_enquiry", "enquiry_answer", ["enquiry_id"], unique=False)
