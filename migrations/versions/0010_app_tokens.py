"""Keys of calendar apps.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "app_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_app_token_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_token")),
    )
    op.create_index("ix_app_token_hash", "app_token", ["hash"], unique=True)
    op.create_index("ix_app_token_person", "app_token", ["person_id", "id"], unique=False)
