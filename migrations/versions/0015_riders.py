"""What the rooms of a booking have to be.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """A rider with the booking; none is written down yet."""
    op.add_column("booking", sa.Column("rider", DOCUMENT, nullable=True))
