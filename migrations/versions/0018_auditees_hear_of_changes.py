"""What auditees were told of an agenda is kept, so that changes are told too; a plan goes along with a mail."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(254), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("time_zone", sa.String(60), nullable=False),
        sa.Column("said", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stale_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_agenda_invitation_audit_id_audit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agenda_invitation_person_id_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agenda_invitation_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_invitation")),
        sa.UniqueConstraint(
            "organisation_id", "item_id", "whom", name=op.f("uq_agenda_invitation_organisation_id_item_id_whom")
        ),
    )
    for columns in (["organisation_id", "audit_id"], ["organisation_id", "person_id"], ["stale_since"]):
        op.create_index(op.f(f"ix_agenda_invitation_{'_'.join(columns)}"), "agenda_invitation", columns)
    op.add_column("outbox_mail", sa.Column("plan_of", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("outbox_mail", "plan_of")
    op.drop_table("agenda_invitation")
