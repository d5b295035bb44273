"""Calls of the programme: applications by need, scores, and who goes where.

Revision ID: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Four tables."""
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("venues", DOCUMENT, nullable=False),
        sa.Column("criteria", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_call_period")),
        sa.CheckConstraint("state IN ('open', 'granted')", name=op.f("ck_call_state")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_call_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("need", DOCUMENT, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=False),
        sa.Column("periods", DOCUMENT, nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("days >= 1", name=op.f("ck_application_days")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_application_asked_by_person")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id_call")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("call_id", "organisation_id", name=op.f("uq_application_call_id_organisation_id")),
    )
    op.create_table(
        "score",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 10", name=op.f("ck_score_points")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_score_application_id_application")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_score_person_id_person")),
        sa.PrimaryKeyConstraint("application_id", "person_id", "criterion", name=op.f("pk_score")),
    )
    op.create_table(
        "seating",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("wish", sa.Integer(), nullable=True),
        sa.Column("claims", DOCUMENT, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "why IN ('placed', 'by-hand', 'nothing-fits', 'others-first')", name=op.f("ck_seating_why")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_seating_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_seating_booking_id_booking"),
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_seating")),
    )
