"""A print that is under way tells how many pages it has laid out."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_run", sa.Column("pages", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("report_run", "pages")
