"""Seats of the subscription: pools, who has a seat, who waits for one, and the seats that an invitation offers."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KIND = sa.Enum("audit-manager", "lms", name="seatkind", native_enum=False, length=40)
SOURCE = sa.Enum("bought", "included", name="poolsource", native_enum=False, length=40)
MOMENT = sa.DateTime(timezone=True)


def _table(name: str, people: tuple[str, ...], *columns: sa.Column | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *(sa.ForeignKeyConstraint([each], ["person.id"], name=op.f(f"fk_{name}_{each}_person")) for each in people),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f(f"fk_{name}_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _table(
        "seat_pool",
        (),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("source", SOURCE, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_seat_pool_quantity")),
    )
    op.create_index(op.f("ix_seat_pool_organisation_id_kind"), "seat_pool", ["organisation_id", "kind"])
    _table(
        "seat_assignment",
        ("person_id", "assigned_by_id"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", MOMENT, nullable=False),
        sa.Column("told_suspended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("released_on IS NULL OR released_on >= from_on", name=op.f("ck_seat_assignment_order")),
    )
    op.create_index(
        op.f("ix_seat_assignment_organisation_id_kind_released_on"),
        "seat_assignment",
        ["organisation_id", "kind", "released_on"],
    )
    op.create_index(
        op.f("ix_seat_assignment_organisation_id_person_id"), "seat_assignment", ["organisation_id", "person_id"]
    )
    _table(
        "seat_waiting",
        ("person_id",),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    op.create_index(
        op.f("ix_seat_waiting_organisation_id_kind_ended_at"), "seat_waiting", ["organisation_id", "kind", "ended_at"]
    )
    for name in ("audit_manager_seat", "lms_seat"):
        op.add_column("invitation", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    for name in ("lms_seat", "audit_manager_seat"):
        op.drop_column("invitation", name)
    for name in ("seat_waiting", "seat_assignment", "seat_pool"):
        op.drop_table(name)
