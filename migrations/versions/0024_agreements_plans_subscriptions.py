"""Agreements of provider and client, plans as data, subscriptions; a pool of seats says with which it came."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("addressed_to", sa.String(length=60), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum("proposed", "live", "declined", "ended", name="standing", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("shares", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("proposed_by_client", sa.Boolean(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_agreement_answered_by_id_person")),
        sa.ForeignKeyConstraint(["client_id"], ["organisation.id"], name=op.f("fk_agreement_client_id_organisation")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_agreement_ended_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_agreement_proposed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_client_id"), "agreement", ["client_id"], unique=False)
    op.create_index(
        op.f("ix_agreement_organisation_id_client_id"), "agreement", ["organisation_id", "client_id"], unique=False
    )

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tax_rate", sa.Integer(), nullable=False),
        sa.Column("audit_manager_seats", sa.Integer(), nullable=False),
        sa.Column("lms_seats", sa.Integer(), nullable=False),
        sa.Column("registration_audits", sa.Integer(), nullable=False),
        sa.Column("surveillance_audits", sa.Integer(), nullable=False),
        sa.Column("internal_audits", sa.Integer(), nullable=False),
        sa.Column("implementation_days", sa.Integer(), nullable=True),
        sa.Column("support_sessions", sa.Integer(), nullable=True),
        sa.Column("audit_manager_seat_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lms_seat_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_minor >= 0 AND months >= 1", name=op.f("ck_plan_price")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_plan_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_plan_organisation_id_name")),
    )
    op.create_index(op.f("ix_plan_organisation_id_retired_on"), "plan", ["organisation_id", "retired_on"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("renews_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("deposit_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tax_rate", sa.Integer(), nullable=False),
        sa.Column("audit_manager_seats", sa.Integer(), nullable=False),
        sa.Column("lms_seats", sa.Integer(), nullable=False),
        sa.Column("registration_audits", sa.Integer(), nullable=False),
        sa.Column("surveillance_audits", sa.Integer(), nullable=False),
        sa.Column("internal_audits", sa.Integer(), nullable=False),
        sa.Column("implementation_days", sa.Integer(), nullable=True),
        sa.Column("support_sessions", sa.Integer(), nullable=True),
        sa.Column("audit_manager_seat_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lms_seat_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_minor >= 0 AND months >= 1", name=op.f("ck_subscription_price")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["person.id"], name=op.f("fk_subscription_accepted_by_id_person")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["organisation.id"], name=op.f("fk_subscription_client_id_organisation")
        ),
        sa.ForeignKeyConstraint(["offered_by_id"], ["person.id"], name=op.f("fk_subscription_offered_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_subscription_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_subscription_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["subscription.id"], name=op.f("fk_subscription_renews_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index(op.f("ix_subscription_client_id"), "subscription", ["client_id"], unique=False)
    op.create_index(
        op.f("ix_subscription_organisation_id_client_id"),
        "subscription",
        ["organisation_id", "client_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_subscription_organisation_id_reference"), "subscription", ["organisation_id", "reference"], unique=True
    )

    op.create_table(
        "subscription_addition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "audit-manager-seats",
                "lms-seats",
                "registration",
                "surveillance",
                "internal",
                "implementation",
                "support",
                name="allowance",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("monthly_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("once_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_subscription_addition_quantity")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_subscription_addition_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_subscription_addition_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_addition")),
    )
    op.create_index(
        op.f("ix_subscription_addition_organisation_id_subscription_id"),
        "subscription_addition",
        ["organisation_id", "subscription_id"],
        unique=False,
    )

    op.create_table(
        "subscription_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_subscription_pause_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_subscription_pause_subscription_id_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_pause")),
    )
    op.create_index(
        op.f("ix_subscription_pause_organisation_id_subscription_id"),
        "subscription_pause",
        ["organisation_id", "subscription_id"],
        unique=False,
    )

    op.add_column("seat_pool", sa.Column("subscription_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("seat_pool", "subscription_id")

    op.drop_table("subscription_pause")
    op.drop_table("subscription_addition")
    op.drop_table("subscription")
    op.drop_table("plan")
    op.drop_table("agreement")
