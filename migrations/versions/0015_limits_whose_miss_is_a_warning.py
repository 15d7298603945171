"""A limit keeps whether missing it is a breach: that of the second surveillance and of a justified year is a warning."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hard", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.alter_column("hard", server_default=None)
    # What is kept is judged again at the next look; until then nothing that is a warning may be called a breach.
    op.execute("UPDATE certificate_verdict SET next_change_on = judged_on")
    op.execute(
        "UPDATE certificate_deadline SET hard = false WHERE rule = 'second-surveillance' AND organisation_id IN "
        "(SELECT id FROM organisation WHERE second_surveillance <> 'hard')"
    )
    op.execute(
        "UPDATE certificate_deadline SET hard = false WHERE EXISTS "
        "(SELECT 1 FROM deviation WHERE deviation.certificate_id = certificate_deadline.certificate_id "
        "AND deviation.rule = certificate_deadline.rule AND (deviation.rule = 'stage-2-majors' "
        "OR (deviation.rule = 'calendar-year' AND deviation.year = certificate_deadline.year)))"
    )


def downgrade() -> None:
    with op.batch_alter_table("certificate_deadline", schema=None) as batch_op:
        batch_op.drop_column("hard")
