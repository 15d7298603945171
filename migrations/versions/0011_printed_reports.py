"""Reports of many rows are printed in the background."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(length=60), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "printed", "failed", name="printstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_report_run_asked_by_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_run_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_run")),
    )
    with op.batch_alter_table("report_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_run_organisation_id_asked_by_id_asked_at"),
            ["organisation_id", "asked_by_id", "asked_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_report_run_organisation_id_sha256"), ["organisation_id", "sha256"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_report_run_state_due_at"), ["state", "due_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("report_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_run_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_report_run_organisation_id_sha256"))
        batch_op.drop_index(batch_op.f("ix_report_run_organisation_id_asked_by_id_asked_at"))
    op.drop_table("report_run")
