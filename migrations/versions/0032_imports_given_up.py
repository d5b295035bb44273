"""An inventory that breaks the worker each time is tried again with a pause, and then given up.

Revision ID: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")


def upgrade() -> None:
    """What waits is tried for the first time."""
    op.add_column("inventory_import", sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("inventory_import", sa.Column("again_at", INSTANT, nullable=True))


def downgrade() -> None:
    """Both go."""
    op.drop_column("inventory_import", "again_at")
    op.drop_column("inventory_import", "tries")
