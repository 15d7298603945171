"""Implementations: the plan that leads to a stage 1, its tasks, and which of them wait for which."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "implementation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("standard", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("manuals_ended_on", sa.Date(), nullable=True),
        sa.Column("delivery_ended_on", sa.Date(), nullable=True),
        sa.Column("training_ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days >= 1", name=op.f("ck_implementation_days")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_implementation_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_implementation_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_implementation")),
        sa.UniqueConstraint("organisation_id", "reference", name=op.f("uq_implementation_organisation_id_reference")),
    )
    op.create_table(
        "implementation_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("implementation_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum("manuals", "delivery", "training", name="step", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("due_on >= starts_on", name=op.f("ck_implementation_task_order")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_implementation_task_done_by_id_person")),
        sa.ForeignKeyConstraint(
            ["implementation_id"],
            ["implementation.id"],
            name=op.f("fk_implementation_task_implementation_id_implementation"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_implementation_task_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_implementation_task_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_implementation_task")),
    )
    op.create_index(
        op.f("ix_implementation_task_organisation_id_implementation_id"),
        "implementation_task",
        ["organisation_id", "implementation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_implementation_task_organisation_id_owner_id_done_on"),
        "implementation_task",
        ["organisation_id", "owner_id", "done_on"],
        unique=False,
    )
    op.create_table(
        "task_dependency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("task_id <> after_id", name=op.f("ck_task_dependency_another")),
        sa.ForeignKeyConstraint(
            ["after_id"], ["implementation_task.id"], name=op.f("fk_task_dependency_after_id_implementation_task")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_task_dependency_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["implementation_task.id"], name=op.f("fk_task_dependency_task_id_implementation_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_dependency")),
        sa.UniqueConstraint("task_id", "after_id", name=op.f("uq_task_dependency_task_id_after_id")),
    )
    op.create_index(
        op.f("ix_task_dependency_organisation_id_task_id"),
        "task_dependency",
        ["organisation_id", "task_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_task_dependency_organisation_id_after_id"),
        "task_dependency",
        ["organisation_id", "after_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("task_dependency")
    op.drop_table("implementation_task")
    op.drop_table("implementation")
