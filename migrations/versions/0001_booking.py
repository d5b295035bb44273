"""The tables of booking, and the guards with which the database has the last word.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# A claim that holds an exclusive atom hard excludes every other that does so at the same time.
# venue_id is in the constraint so that the tables can be distributed by venue one day.
POSTGRESQL_GUARDS = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE occupancy ADD CONSTRAINT occupancy_taken EXCLUDE USING gist
        (venue_id WITH =, atom_id WITH =, tstzrange(starts, ends) WITH &&)
        WHERE (exclusive AND force = 'hard' AND source = 'claim')
    """,
    # Counted stock: the highest sum at any moment of the new row stays within the capacity. The sum
    # can only be highest where the row begins or where another begins later within it. The lock on
    # the resource makes two writers take turns, whatever path they came by.
    """
    CREATE FUNCTION occupancy_stock() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        room integer;
        peak bigint;
    BEGIN
        SELECT capacity INTO room FROM resource
            WHERE venue_id = NEW.venue_id AND id = NEW.atom_id FOR NO KEY UPDATE;
        SELECT max(total) INTO peak FROM (
            SELECT (
                SELECT coalesce(sum(o.quantity), 0) FROM occupancy o
                WHERE o.atom_id = NEW.atom_id AND o.venue_id = NEW.venue_id AND o.id <> NEW.id
                    AND o.force = 'hard' AND o.source = 'claim' AND o.starts <= moment.at AND o.ends > moment.at
            ) AS total
            FROM (
                SELECT NEW.starts AS at
                UNION
                SELECT o.starts FROM occupancy o
                WHERE o.atom_id = NEW.atom_id AND o.venue_id = NEW.venue_id AND o.id <> NEW.id
                    AND o.force = 'hard' AND o.source = 'claim' AND o.starts > NEW.starts AND o.starts < NEW.ends
                    AND o.ends > NEW.starts
            ) AS moment
        ) AS totals;
        IF peak + NEW.quantity > room THEN
            RAISE EXCEPTION 'more than the stock of resource %', NEW.atom_id
                USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'occupancy_stock';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER occupancy_stock BEFORE INSERT OR UPDATE ON occupancy FOR EACH ROW
        WHEN (NOT NEW.exclusive AND NEW.force = 'hard' AND NEW.source = 'claim')
        EXECUTE FUNCTION occupancy_stock()
    """,
    """
    CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'events are never changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'event_append_only';
    END
    $$
    """,
    """
    CREATE TRIGGER event_append_only
        BEFORE DELETE OR UPDATE OF id, venue_id, booking_id, at, by_id, kind, old, new, why ON event
        FOR EACH ROW EXECUTE FUNCTION event_append_only()
    """,
)

# SQLite has neither ranges nor exclusion: the same sum guards rooms (capacity 1) and stock.
SQLITE_GUARD = """
CREATE TRIGGER occupancy_taken_{when} BEFORE {when} ON occupancy
WHEN NEW.force = 'hard' AND NEW.source = 'claim'
BEGIN
    SELECT RAISE(ABORT, 'occupancy_taken') WHERE NEW.quantity + (
        SELECT max(total) FROM (
            SELECT (
                SELECT coalesce(sum(o.quantity), 0) FROM occupancy o
                WHERE o.atom_id = NEW.atom_id AND o.id <> NEW.id AND o.force <> 'none'
                    AND o.force = 'hard' AND o.source = 'claim' AND o.starts <= moment.at AND o.ends > moment.at
            ) AS total
            FROM (
                SELECT NEW.starts AS at
                UNION
                SELECT o.starts FROM occupancy o
                WHERE o.atom_id = NEW.atom_id AND o.id <> NEW.id AND o.force <> 'none'
                    AND o.force = 'hard' AND o.source = 'claim' AND o.starts > NEW.starts AND o.starts < NEW.ends
                    AND o.ends > NEW.starts
            ) AS moment
        )
    ) > (SELECT capacity FROM resource WHERE id = NEW.atom_id AND venue_id = NEW.venue_id);
END
"""

SQLITE_EVENTS = """
CREATE TRIGGER event_append_only_{name} BEFORE {what} ON event
BEGIN
    SELECT RAISE(ABORT, 'event_append_only');
END
"""


def upgrade() -> None:
    """Create everything; the guards are written by hand since no tool derives them."""
    create_tables()
    if op.get_context().dialect.name == "postgresql":
        for guard in POSTGRESQL_GUARDS:
            op.execute(guard)
        return
    for when in ("INSERT", "UPDATE"):
        op.execute(SQLITE_GUARD.format(when=when))
    op.execute(SQLITE_EVENTS.format(name="delete", what="DELETE"))
    columns = "UPDATE OF id, venue_id, booking_id, at, by_id, kind, old, new, why"
    op.execute(SQLITE_EVENTS.format(name="update", what=columns))


def create_tables() -> None:
    """The tables, as the models have them."""
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("legal_form", sa.String(), nullable=False),
        sa.Column("non_profit", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("vat", sa.String(), nullable=True),
        sa.Column("enterprise_number", sa.String(), nullable=True),
        sa.Column("size", sa.String(), nullable=False),
        sa.Column("programme_company", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("languages", DOCUMENT, nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("public_holidays", sa.String(), nullable=False),
        sa.Column("school_holidays", DOCUMENT, nullable=False),
        sa.Column("day_line", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("code", name=op.f("uq_venue_code")),
    )
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("terms", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_enquiry_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("old", DOCUMENT, nullable=False),
        sa.Column("new", DOCUMENT, nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("handled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_event_by_id_person")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_event_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_booking", "event", ["booking_id"], unique=False)
    op.create_index(
        "ix_event_unhandled",
        "event",
        ["id"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
        sqlite_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "hat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(role = 'member' AND organisation_id IS NOT NULL AND venue_id IS NULL) OR (role IN ('manager', 'technician') AND venue_id IS NOT NULL AND organisation_id IS NULL) OR (role IN ('coordinator', 'admin') AND venue_id IS NULL AND organisation_id IS NULL)",
            name=op.f("ck_hat_fits_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_hat_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hat_person_id_person")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_hat_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hat")),
        sa.UniqueConstraint(
            "person_id",
            "role",
            "venue_id",
            "organisation_id",
            name=op.f("uq_hat_person_id_role_venue_id_organisation_id"),
        ),
    )
    op.create_index(op.f("ix_hat_organisation_id"), "hat", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_hat_person_id"), "hat", ["person_id"], unique=False)
    op.create_index(op.f("ix_hat_venue_id"), "hat", ["venue_id"], unique=False)
    op.create_table(
        "kept_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("body", DOCUMENT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kept_answer_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_kept_answer_person_id_key")),
    )
    op.create_index(op.f("ix_kept_answer_at"), "kept_answer", ["at"], unique=False)
    op.create_table(
        "resource",
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", DOCUMENT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("day_rate_cents", sa.Integer(), nullable=False),
        sa.Column("technical_sheet", DOCUMENT, nullable=False),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("rules", DOCUMENT, nullable=False),
        sa.Column("in_programme_area", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("NOT exclusive OR capacity = 1", name=op.f("ck_resource_exclusive")),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_resource_capacity")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_resource_venue_id_venue")),
        sa.PrimaryKeyConstraint("venue_id", "id", name=op.f("pk_resource")),
        sa.UniqueConstraint("code", name=op.f("uq_resource_code")),
    )
    op.create_index("ix_resource_id", "resource", ["id"], unique=False)
    op.create_table(
        "series",
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_series_venue_id_venue")),
        sa.PrimaryKeyConstraint("venue_id", "id", name=op.f("pk_series")),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_token_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
    )
    op.create_index("ix_token_hash", "token", ["hash"], unique=True)
    op.create_index("ix_token_person", "token", ["person_id"], unique=False)
    op.create_table(
        "trajectory",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("deadline", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_trajectory_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trajectory")),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("trajectory_id", sa.Uuid(), nullable=True),
        sa.Column("enquiry_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("occurrence_start", INSTANT, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("moments", DOCUMENT, nullable=False),
        sa.Column("refer_consent", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("modified_at", INSTANT, nullable=False),
        sa.Column("granted_at", INSTANT, nullable=True),
        sa.Column("manual_order", sa.BigInteger(), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("due_kind", sa.String(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'option', 'pending', 'confirmed', 'completed', 'suspended', 'declined', 'withdrawn', 'released', 'lapsed', 'beaten', 'cancelled')",
            name=op.f("ck_booking_state"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_booking_asked_by_person")),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_booking_enquiry_id_enquiry")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_booking_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["trajectory_id"], ["trajectory.id"], name=op.f("fk_booking_trajectory_id_trajectory")
        ),
        sa.ForeignKeyConstraint(
            ["venue_id", "series_id"], ["series.venue_id", "series.id"], name=op.f("fk_booking_venue_id_series")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_booking_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_booking")),
        sa.UniqueConstraint(
            "venue_id",
            "series_id",
            "occurrence_start",
            name=op.f("uq_booking_venue_id_series_id_occurrence_start"),
        ),
    )
    op.create_index("ix_booking_organisation", "booking", ["organisation_id", "id"], unique=False)
    op.create_index("ix_booking_venue_state", "booking", ["venue_id", "state"], unique=False)
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("modified_at", INSTANT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("starts < ends", name=op.f("ck_closure_span")),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_closure_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_resource_ends", "closure", ["resource_id", "ends"], unique=False)
    op.create_table(
        "noise_pair",
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_noise_pair_order")),
        sa.ForeignKeyConstraint(
            ["venue_id", "first_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_noise_pair_venue_id_resource"),
        ),
        sa.ForeignKeyConstraint(
            ["venue_id", "second_id"], ["resource.venue_id", "resource.id"], name="fk_noise_pair_second"
        ),
        sa.PrimaryKeyConstraint("venue_id", "first_id", "second_id", name=op.f("pk_noise_pair")),
    )
    op.create_table(
        "resource_atom",
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("atom_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["venue_id", "atom_id"], ["resource.venue_id", "resource.id"], name="fk_resource_atom_atom"
        ),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_resource_atom_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("resource_id", "atom_id", "venue_id", name=op.f("pk_resource_atom")),
    )
    op.create_index("ix_resource_atom_atom", "resource_atom", ["atom_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("setup_minutes", sa.Integer(), nullable=False),
        sa.Column("strike_minutes", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("crew", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("(start_date IS NULL) = (end_date IS NULL)", name=op.f("ck_claim_whole_days")),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_claim_quantity")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_claim_span")),
        sa.ForeignKeyConstraint(
            ["booking_id", "venue_id"],
            ["booking.id", "booking.venue_id"],
            name=op.f("fk_claim_booking_id_booking"),
        ),
        sa.ForeignKeyConstraint(
            ["venue_id", "resource_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_claim_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_booking", "claim", ["booking_id"], unique=False)
    op.create_index("ix_claim_resource_ends", "claim", ["resource_id", "ends"], unique=False)
    op.create_table(
        "occupancy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("atom_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("closure_id", sa.Uuid(), nullable=True),
        sa.Column("external_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("starts", INSTANT, nullable=False),
        sa.Column("ends", INSTANT, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(source = 'claim' AND claim_id IS NOT NULL AND closure_id IS NULL AND external_id IS NULL) OR (source = 'closure' AND closure_id IS NOT NULL AND claim_id IS NULL AND external_id IS NULL) OR (source = 'external' AND external_id IS NOT NULL AND claim_id IS NULL AND closure_id IS NULL)",
            name=op.f("ck_occupancy_source"),
        ),
        sa.CheckConstraint("force IN ('soft', 'hard', 'none')", name=op.f("ck_occupancy_force")),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_occupancy_quantity")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_occupancy_span")),
        sa.ForeignKeyConstraint(
            ["claim_id", "venue_id"], ["claim.id", "claim.venue_id"], name=op.f("fk_occupancy_claim_id_claim")
        ),
        sa.ForeignKeyConstraint(
            ["closure_id", "venue_id"],
            ["closure.id", "closure.venue_id"],
            name=op.f("fk_occupancy_closure_id_closure"),
        ),
        sa.ForeignKeyConstraint(
            ["venue_id", "atom_id"],
            ["resource.venue_id", "resource.id"],
            name=op.f("fk_occupancy_venue_id_resource"),
        ),
        sa.PrimaryKeyConstraint("id", "venue_id", name=op.f("pk_occupancy")),
    )
    op.create_index(
        "ix_occupancy_atom_ends",
        "occupancy",
        ["atom_id", "ends"],
        unique=False,
        postgresql_where=sa.text("force <> 'none'"),
        sqlite_where=sa.text("force <> 'none'"),
    )
    op.create_index("ix_occupancy_claim", "occupancy", ["claim_id"], unique=False)
    op.create_index("ix_occupancy_closure", "occupancy", ["closure_id"], unique=False)
