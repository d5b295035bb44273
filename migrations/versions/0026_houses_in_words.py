"""What a house says of itself: its address, its public text, and what is practical to know.

Revision ID: 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Three columns."""
    op.add_column("venue", sa.Column("address", sa.String(), nullable=True))
    op.add_column("venue", sa.Column("about", DOCUMENT, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("venue", sa.Column("practical", DOCUMENT, server_default=sa.text("'{}'"), nullable=False))
