"""When somebody left a team: no link that was made before lets them in again.

Revision ID: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "leaver",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("(venue_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_leaver_team")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leaver_person_id_person")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_leaver_venue_id_venue")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_leaver_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaver")),
    )
    op.create_index("ix_leaver_person", "leaver", ["person_id"])


def downgrade() -> None:
    """It goes."""
    op.drop_table("leaver")
