"""A limit keeps the day on which it was met: a decision meets some, and no audit is named then."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("met_on", sa.Date(), nullable=True))
    # What is kept is judged again at the next look, which fills in the day.
    op.execute("UPDATE certificate_verdict SET next_change_on = judged_on")


def downgrade() -> None:
    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.drop_column("met_on")
