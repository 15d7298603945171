"""An assessor who is invited to an audit may see it from a day on."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_guest", sa.Column("since", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_guest", "since")
