"""Calls in several languages, withdrawn with a reason, reminded of; applications that change; proposals as long work.

Revision ID: 0028
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """What calls that there are did not say stays unsaid."""
    for column in (
        sa.Column("texts", DOCUMENT, nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_why", sa.String(), nullable=True),
        sa.Column("reminded_of", INSTANT, nullable=True),
    ):
        op.add_column("call", column)
    op.add_column("application", sa.Column("changed_at", INSTANT, nullable=True))
    op.create_table(
        "seating_work",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.CheckConstraint("outcome IN ('proved', 'hurried', 'outdated')", name=op.f("ck_seating_work_outcome")),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_seating_work_done")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_seating_work_asked_by_person")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_seating_work_call_id_call")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_seating_work")),
    )
