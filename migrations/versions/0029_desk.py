"""The desk as its planner wants it: sets of rooms in an order of their own, and whether letters of the keyboard act.

Revision ID: 0029
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """One table; everybody who is there already has the keys."""
    op.add_column("person", sa.Column("shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table(
        "plan_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rooms", DOCUMENT, nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_set_person_id_person")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_plan_set_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_set")),
        sa.UniqueConstraint("person_id", "venue_id", "name", name=op.f("uq_plan_set_person_id_venue_id_name")),
    )


def downgrade() -> None:
    """Both go."""
    op.drop_table("plan_set")
    op.drop_column("person", "shortcuts")
