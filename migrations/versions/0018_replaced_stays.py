"""Which parts of a chain were asked anew, in their own house or in another.

Revision ID: 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """A list with the chain; of the chains that there are nothing is known, and their houses say it."""
    op.add_column("trajectory", sa.Column("replaced", DOCUMENT, nullable=True))
