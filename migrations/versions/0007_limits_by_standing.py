"""Limits are found by their standing too: which were missed."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_deadline_organisation_id_standing_closes_on"),
            ["organisation_id", "standing", "closes_on"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_deadline_organisation_id_standing_closes_on"))
