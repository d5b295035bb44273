"""Inventories that people read in: shown first, then applied by the worker.

Revision ID: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """One table."""
    op.create_table(
        "inventory_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("plan", DOCUMENT, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'shown', 'approved', 'done', 'outdated', 'refused')",
            name=op.f("ck_inventory_import_state"),
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_inventory_import_venue_id_venue")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_inventory_import_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_import")),
    )
    op.create_index("ix_inventory_import_venue", "inventory_import", ["venue_id"])
    op.create_index(
        "ix_inventory_import_waiting",
        "inventory_import",
        ["id"],
        postgresql_where=sa.text("state IN ('waiting', 'approved')"),
        sqlite_where=sa.text("state IN ('waiting', 'approved')"),
    )
