"""Who took over from somebody who left a team, who wrote it down, and what it was.

Revision ID: 0033
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PEOPLE = ("successor_id", "by_id")


def upgrade() -> None:
    """Of those who left before nobody knows. In plain SQL: SQLite takes a reference only with its column."""
    kind = sa.Uuid().compile(dialect=op.get_bind().dialect)
    for name in PEOPLE:
        reference = f"CONSTRAINT fk_leaver_{name}_person REFERENCES person (id)"
        op.execute(f"ALTER TABLE leaver ADD COLUMN {name} {kind} {reference}")
    op.add_column("leaver", sa.Column("had", DOCUMENT, server_default=sa.text("'{}'"), nullable=False))


def downgrade() -> None:
    """All three go."""
    for name in ("had", *PEOPLE):
        op.drop_column("leaver", name)
