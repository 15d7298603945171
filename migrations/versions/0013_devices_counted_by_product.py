"""How many devices have a product from which day on is kept, so that a position need not read every installation."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("devices", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_device_count_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_device_count_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_count")),
    )
    for column, by in (("counted_from", ""), ("counted_until", "-")):
        op.execute(
            "INSERT INTO device_count (organisation_id, product_id, day, devices) "  # noqa: S608 - constants only
            f"SELECT organisation_id, product_id, {column}, {by}count(*) FROM installation "
            f"WHERE {column} IS NOT NULL GROUP BY organisation_id, product_id, {column}"
        )
    with op.batch_alter_table("device_count", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_device_count_organisation_id_product_id_day_devices"),
            ["organisation_id", "product_id", "day", "devices"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("device_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_count_organisation_id_product_id_day_devices"))
    op.drop_table("device_count")
