"""Support people with their hours and absences, the sessions that clients book, and what is done after them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "support_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_support_person_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_support_person_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_person")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_support_person_organisation_id_person_id")),
    )
    op.create_table(
        "support_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("support_person_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_support_absence_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_support_absence_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["support_person_id"],
            ["support_person.id"],
            name=op.f("fk_support_absence_support_person_id_support_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_absence")),
    )
    op.create_index(
        op.f("ix_support_absence_organisation_id_support_person_id"),
        "support_absence",
        ["organisation_id", "support_person_id"],
        unique=False,
    )
    op.create_table(
        "support_booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("support_person_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.Integer(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_support_booking_order")),
        sa.ForeignKeyConstraint(["booked_by_id"], ["person.id"], name=op.f("fk_support_booking_booked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["person.id"], name=op.f("fk_support_booking_cancelled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["organisation.id"], name=op.f("fk_support_booking_client_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_support_booking_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["support_person_id"],
            ["support_person.id"],
            name=op.f("fk_support_booking_support_person_id_support_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_booking")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_support_booking_organisation_id_reference")),
        sa.UniqueConstraint("organisation_id", "uid", name=op.f("uq_support_booking_organisation_id_uid")),
    )
    op.create_index(
        op.f("ix_support_booking_client_id_starts_at"), "support_booking", ["client_id", "starts_at"], unique=False
    )
    op.create_index(
        op.f("ix_support_booking_organisation_id_client_id_starts_at"),
        "support_booking",
        ["organisation_id", "client_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_support_booking_organisation_id_support_person_id_starts_at"),
        "support_booking",
        ["organisation_id", "support_person_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "support_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("support_person_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("weekday >= 0 AND weekday <= 6", name=op.f("ck_support_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_support_hours_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["support_person_id"], ["support_person.id"], name=op.f("fk_support_hours_support_person_id_support_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_hours")),
    )
    op.create_index(
        op.f("ix_support_hours_organisation_id_support_person_id"),
        "support_hours",
        ["organisation_id", "support_person_id"],
        unique=False,
    )
    op.create_table(
        "support_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["support_booking.id"], name=op.f("fk_support_action_booking_id_support_booking")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_support_action_done_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_support_action_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_support_action_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_action")),
    )
    op.create_index(
        op.f("ix_support_action_organisation_id_booking_id"),
        "support_action",
        ["organisation_id", "booking_id"],
        unique=False,
    )
    op.create_index(op.f("ix_support_action_owner_id_done_on"), "support_action", ["owner_id", "done_on"], unique=False)


def downgrade() -> None:
    op.drop_table("support_action")
    op.drop_table("support_booking")
    op.drop_table("support_absence")
    op.drop_table("support_hours")
    op.drop_table("support_person")
