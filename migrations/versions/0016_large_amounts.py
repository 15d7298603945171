"""Amounts of money are kept beyond 2^31 minor units."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AMOUNTS = (("asset", "cost_minor"), ("licence_pool", "unit_price_minor"), ("entitlement", "cost_minor"))
MOST_BEFORE = 2**31 - 1


def upgrade() -> None:
    # SQLite keeps 64 bits in a column of whole numbers as it is.
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column in AMOUNTS:
        op.alter_column(table, column, existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=True)


def downgrade() -> None:
    for table, column in AMOUNTS:
        # What the code of before could not read back is forgotten; the journal still has it.
        amounts = sa.table(table, sa.column(column, sa.BigInteger()))
        too_large = ~amounts.c[column].between(-MOST_BEFORE, MOST_BEFORE)
        op.execute(sa.update(amounts).where(too_large).values({column: None}))
        if op.get_bind().dialect.name != "sqlite":
            op.alter_column(table, column, existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=True)
