"""Chains of bookings: the yes of each house, the deadline that holds it, and the transport between houses.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """The anchor of trajectories grows into a table that is used; legs are new."""
    for column in (
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("broken_at", INSTANT, nullable=True),
        sa.Column("broken_why", sa.String(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=True),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
    ):
        op.add_column("trajectory", column)
    op.create_index("ix_trajectory_organisation", "trajectory", ["organisation_id", "id"], unique=False)
    op.create_index(
        "ix_trajectory_broken",
        "trajectory",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'broken'"),
        sqlite_where=sa.text("state = 'broken'"),
    )
    op.add_column("booking", sa.Column("agreed_at", INSTANT, nullable=True))
    op.create_index(
        "ix_booking_trajectory",
        "booking",
        ["trajectory_id"],
        unique=False,
        postgresql_where=sa.text("trajectory_id IS NOT NULL"),
        sqlite_where=sa.text("trajectory_id IS NOT NULL"),
    )
    op.create_table(
        "leg",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("trajectory_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("destination_id", sa.Integer(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("starts < ends", name=op.f("ck_leg_span")),
        sa.CheckConstraint("origin_id <> destination_id", name=op.f("ck_leg_somewhere")),
        sa.CheckConstraint("(booking_id IS NULL) = (venue_id IS NULL)", name=op.f("ck_leg_van")),
        sa.ForeignKeyConstraint(
            ["trajectory_id"], ["trajectory.id"], name=op.f("fk_leg_trajectory_id_trajectory")
        ),
        sa.ForeignKeyConstraint(["origin_id"], ["venue.id"], name=op.f("fk_leg_origin_id_venue")),
        sa.ForeignKeyConstraint(["destination_id"], ["venue.id"], name=op.f("fk_leg_destination_id_venue")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"], ["booking.id", "booking.venue_id"], name=op.f("fk_leg_booking_id_booking")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leg")),
    )
    op.create_index("ix_leg_trajectory", "leg", ["trajectory_id"], unique=False)
