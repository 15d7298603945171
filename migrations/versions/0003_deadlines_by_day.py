"""Deadlines are kept by day, so that lists and calendars can ask for a period."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "two-stage",
                "stage-interval",
                "stage-1-repeat",
                "stage-2-majors",
                "decision-preconditions",
                "first-surveillance",
                "calendar-year",
                "surveillance-count",
                "second-surveillance",
                "long-gap",
                "recertification",
                "restoration",
                "early-renewal",
                "suspension-limit",
                "transfer",
                "site-sample",
                "edition-deadline",
                "decision-year-gap",
                "not-on-record",
                "internal-plan",
                "impartiality",
                "internal-before-external",
                "coverage",
                name="rule",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column(
            "audit_kind",
            sa.Enum(
                "stage-1",
                "stage-2",
                "surveillance",
                "recertification",
                "special",
                "transition",
                "transfer-review",
                "internal",
                name="auditkind",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum("met", "planned", "open", "breached", name="standing", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("met_by", sa.String(length=40), nullable=True),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_deadline_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_deadline_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_deadline")),
        sa.UniqueConstraint("certificate_id", "key", name=op.f("uq_certificate_deadline_certificate_id_key")),
    )
    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_deadline_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_deadline_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_certificate_deadline_organisation_id_closes_on"),
            ["organisation_id", "closes_on"],
            unique=False,
        )

    with op.batch_alter_table("certificate_verdict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("began_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("certificate_verdict", schema=None) as batch_op:
        batch_op.drop_column("began_on")

    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_deadline_organisation_id_closes_on"))
        batch_op.drop_index(batch_op.f("ix_certificate_deadline_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_deadline_certificate_id"))

    op.drop_table("certificate_deadline")
