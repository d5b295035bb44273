"""The addresses under which calendar apps read bookings.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("resource_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("trajectory_id", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "scope IN ('resource', 'venue', 'organisation', 'trajectory', 'me', 'expiring', 'crew')",
            name=op.f("ck_feed_scope"),
        ),
        sa.CheckConstraint(
            "(scope <> 'resource' OR resource_id IS NOT NULL)"
            " AND (scope <> 'venue' OR venue_id IS NOT NULL)"
            " AND (scope <> 'organisation' OR organisation_id IS NOT NULL)"
            " AND (scope <> 'trajectory' OR trajectory_id IS NOT NULL)"
            " AND (resource_id IS NULL OR venue_id IS NOT NULL)",
            name=op.f("ck_feed_fits_scope"),
        ),
        sa.CheckConstraint("detail IN ('busy', 'titles', 'full')", name=op.f("ck_feed_detail")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_person_id_person")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_feed_venue_id_venue")),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_feed_venue_id_resource"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_feed_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"], ["trajectory.id"], name=op.f("fk_feed_trajectory_id_trajectory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_index("ix_feed_token_hash", "feed", ["token_hash"], unique=True)
    op.create_index("ix_feed_person", "feed", ["person_id", "id"], unique=False)
