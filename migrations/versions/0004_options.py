"""The queue of options, challenges, closures with decisions, offered windows, kit, and the conflict desk.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# Options that were given before options had clocks: they get the usual fortnight from now, so that
# nothing lapses overnight; a pending one awaits its house, as it did.
CLOCKS = {
    "postgresql": "now() + interval '14 days'",
    "sqlite": "(CAST(strftime('%s', 'now') AS INTEGER) + 14 * 86400) * 1000000",
}


def upgrade() -> None:
    """New tables, new columns, and a clock for every option."""
    create_tables()
    later = CLOCKS[op.get_context().dialect.name]
    op.execute(
        f"UPDATE booking SET expires_at = {later}, due_at = {later}, due_kind = 'expiry'"
        " WHERE state = 'option' AND due_at IS NULL"
    )


def create_tables() -> None:
    """As the models have them."""
    op.create_table(
        "offered_window",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.CheckConstraint("starts < ends", name=op.f("ck_offered_window_span")),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_offered_window_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_offered_window")),
    )
    op.create_index("ix_offered_window_resource_ends", "offered_window", ["resource_id", "ends"], unique=False)
    op.create_table(
        "skipped",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("facts", DOCUMENT, nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["venue_id", "series_id"], ["series.venue_id", "series.id"], name=op.f("fk_skipped_venue_id_series")
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_skipped")),
        sa.UniqueConstraint("venue_id", "series_id", "starts", name=op.f("uq_skipped_venue_id_series_id_starts")),
    )
    op.create_table(
        "waiting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_waiting_quantity")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_waiting_span")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_waiting_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiting_person_id_person")),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_waiting_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_waiting")),
    )
    op.create_index("ix_waiting_person", "waiting", ["person_id"], unique=False)
    op.create_index("ix_waiting_resource_ends", "waiting", ["resource_id", "ends"], unique=False)
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("commit_due_at", INSTANT, nullable=True),
        sa.CheckConstraint("outcome IN ('won', 'lost', 'void')", name=op.f("ck_challenge_outcome")),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_challenge_settled")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_challenge_booking_id_booking"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_challenge")),
    )
    op.create_index("ix_challenge_booking", "challenge", ["booking_id"], unique=False)
    op.create_index(
        "uq_challenge_open",
        "challenge",
        ["booking_id"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
        sqlite_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "closure_decision",
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("closure_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("decision IN ('move', 'cancel', 'keep')", name=op.f("ck_closure_decision_decision")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_closure_decision_booking_id_booking"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_closure_decision_by_id_person")),
        sa.ForeignKeyConstraint(
            ["closure_id", "venue_id"],
            ["closure.id", "closure.venue_id"],
            name=op.f("fk_closure_decision_closure_id_closure"),
        ),
        sa.PrimaryKeyConstraint("venue_id", "closure_id", "booking_id", name=op.f("pk_closure_decision")),
    )
    op.create_table(
        "loss",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("setup_minutes", sa.Integer(), nullable=False),
        sa.Column("strike_minutes", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("crew", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("returned_at", INSTANT, nullable=True),
        sa.CheckConstraint("why IN ('released', 'lapsed', 'beaten')", name=op.f("ck_loss_why")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_loss_span")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"], ["booking.id", "booking.venue_id"], name=op.f("fk_loss_booking_id_booking")
        ),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_loss_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_loss")),
    )
    op.create_index("ix_loss_booking", "loss", ["booking_id"], unique=False)
    op.create_index("ix_loss_cause", "loss", ["cause_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("claims", DOCUMENT, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.CheckConstraint("answer IN ('accept', 'refuse', 'void')", name=op.f("ck_proposal_answer")),
        sa.CheckConstraint("kind IN ('counter', 'change')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint("side IN ('house', 'company')", name=op.f("ck_proposal_side")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_proposal_answered")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_proposal_booking_id_booking"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_proposal_by_id_person")),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_booking", "proposal", ["booking_id"], unique=False)
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["booking_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("to_venue_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("claims", DOCUMENT, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.CheckConstraint("answer IN ('accept', 'refuse')", name=op.f("ck_referral_answer")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_referral_answered")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_referral_booking_id_booking"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_by_id_person")),
        sa.ForeignKeyConstraint(["to_venue_id"], ["venue.id"], name=op.f("fk_referral_to_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_referral")),
    )
    op.create_index("ix_referral_booking", "referral", ["booking_id"], unique=False)
    op.create_index("ix_referral_to", "referral", ["to_id"], unique=False)
    op.create_table(
        "reinstatement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("offered_at", INSTANT, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.CheckConstraint("answer IN ('accept', 'refuse', 'lapsed')", name=op.f("ck_reinstatement_answer")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_reinstatement_answered")),
        sa.CheckConstraint("(offered_at IS NULL) = (due_at IS NULL)", name=op.f("ck_reinstatement_offered")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_reinstatement_booking_id_booking"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_reinstatement")),
    )
    op.create_index("ix_reinstatement_booking", "reinstatement", ["booking_id"], unique=False)
    op.create_index(
        "ix_reinstatement_open",
        "reinstatement",
        ["venue_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL"),
    )
    op.create_table(
        "challenge_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "answer IN ('commit', 'release', 'lapsed', 'gone')", name=op.f("ck_challenge_day_answer")
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_challenge_day_answered")),
        sa.ForeignKeyConstraint(
            ["challenge_id", "venue_id"],
            ["challenge.id", "challenge.venue_id"],
            name=op.f("fk_challenge_day_challenge_id_challenge"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_challenge_day_holder_id_booking"),
        ),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_challenge_day_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_challenge_day")),
    )
    op.create_index("ix_challenge_day_challenge", "challenge_day", ["challenge_id"], unique=False)
    op.create_index("ix_challenge_day_holder", "challenge_day", ["holder_id"], unique=False)
    op.create_table(
        "conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("days", DOCUMENT, nullable=False),
        sa.Column("facts", DOCUMENT, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.CheckConstraint("starts < ends", name=op.f("ck_conflict_span")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_conflict_booking_id_booking"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "venue_id"], ["claim.id", "claim.venue_id"], name=op.f("fk_conflict_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(["resolved_by"], ["person.id"], name=op.f("fk_conflict_resolved_by_person")),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_conflict_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_conflict")),
    )
    op.create_index("ix_conflict_booking", "conflict", ["booking_id"], unique=False)
    op.create_index(
        "ix_conflict_open",
        "conflict",
        ["venue_id", "id"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
        sqlite_where=sa.text("resolved_at IS NULL"),
    )
    op.create_table(
        "movement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("damage", DOCUMENT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('out', 'in')", name=op.f("ck_movement_kind")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_movement_quantity")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_movement_by_id_person")),
        sa.ForeignKeyConstraint(
            ["claim_id", "venue_id"], ["claim.id", "claim.venue_id"], name=op.f("fk_movement_claim_id_claim")
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_movement")),
    )
    op.create_index("ix_movement_claim", "movement", ["claim_id"], unique=False)
    op.add_column("booking", sa.Column("expires_at", INSTANT, nullable=True))
    op.add_column("booking", sa.Column("extensions", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("booking", sa.Column("overrides", DOCUMENT, nullable=True))
    op.create_index(
        "ix_booking_due",
        "booking",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL AND due_kind <> 'answer'"),
        sqlite_where=sa.text("due_at IS NOT NULL AND due_kind <> 'answer'"),
    )
    op.create_index("ix_booking_series", "booking", ["series_id"], unique=False)
    op.add_column("closure", sa.Column("quantity", sa.Integer(), nullable=True))
    op.add_column("series", sa.Column("besides", DOCUMENT, server_default=sa.text("'[]'"), nullable=False))
    op.add_column(
        "series", sa.Column("on_conflict", sa.String(), server_default=sa.text("'refuse'"), nullable=False)
    )
    op.add_column("series", sa.Column("terms", DOCUMENT, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("venue", sa.Column("settings", DOCUMENT, server_default=sa.text("'{}'"), nullable=False))
