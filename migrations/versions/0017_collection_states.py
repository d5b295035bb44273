"""What collections told apps, state by state: so an app is told what changed since, by every process.

Revision ID: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables that begin empty: apps that know an older state are told everything once."""
    op.create_table(
        "collection_state",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("oldest", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint("oldest <= number", name=op.f("ck_collection_state_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_collection_state_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "collection", name=op.f("pk_collection_state")),
    )
    op.create_table(
        "collection_item",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id", "collection"],
            ["collection_state.person_id", "collection_state.collection"],
            name=op.f("fk_collection_item_person_id_collection_state"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "collection", "name", name=op.f("pk_collection_item")),
    )


def downgrade() -> None:
    """Apps begin anew."""
    op.drop_table("collection_item")
    op.drop_table("collection_state")
