"""An audit names the assets that it looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_audit_asset_asset_id_asset")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_asset_audit_id_audit")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_audit_asset_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_asset")),
        sa.UniqueConstraint("audit_id", "asset_id", name=op.f("uq_audit_asset_audit_id_asset_id")),
    )
    with op.batch_alter_table("audit_asset", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_asset_organisation_id_asset_id"), ["organisation_id", "asset_id"], unique=False
        )
    # Notices came to the verdicts: what is kept is judged again at the next look.
    op.execute("UPDATE certificate_verdict SET next_change_on = judged_on")


def downgrade() -> None:
    with op.batch_alter_table("audit_asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_asset_organisation_id_asset_id"))
    op.drop_table("audit_asset")
