"""The sites that a term allows are chosen, no longer written.

What was written becomes a choice where every line of it is the name of a site, whole; other words stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TERM = sa.table(
    "entitlement_term",
    sa.column("id", sa.Integer),
    sa.column("organisation_id", sa.Integer),
    sa.column("term", sa.String),
    sa.column("answer", sa.String),
    sa.column("says", sa.Text),
    sa.column("site_ids", sa.JSON),
)
SITE = sa.table(
    "site", sa.column("id", sa.Integer), sa.column("organisation_id", sa.Integer), sa.column("name", sa.String)
)


def upgrade() -> None:
    with op.batch_alter_table("entitlement_term", schema=None) as batch_op:
        batch_op.add_column(sa.Column("site_ids", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("entitlement_term", schema=None) as batch_op:
        batch_op.alter_column("site_ids", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    connection = op.get_bind()
    sites = {
        (row.organisation_id, _folded(row.name)): row.id
        for row in connection.execute(sa.select(SITE.c.id, SITE.c.organisation_id, SITE.c.name))
    }
    written = sa.select(TERM.c.id, TERM.c.organisation_id, TERM.c.says).where(
        TERM.c.term == "allowed-sites", TERM.c.answer != "no", TERM.c.says != ""
    )
    for row in connection.execute(written).all():
        named = [sites.get((row.organisation_id, name)) for line in row.says.splitlines() if (name := _folded(line))]
        if named and None not in named:
            chosen = sorted({each for each in named if each is not None})
            connection.execute(TERM.update().where(TERM.c.id == row.id).values(site_ids=chosen, says=""))


def downgrade() -> None:
    connection = op.get_bind()
    names = {row.id: row.name for row in connection.execute(sa.select(SITE.c.id, SITE.c.name))}
    for row in connection.execute(sa.select(TERM.c.id, TERM.c.says, TERM.c.site_ids)).all():
        if row.site_ids:
            lines = [names[each] for each in row.site_ids if each in names]
            says = "\n".join([*lines, *([row.says] if row.says else [])])
            connection.execute(TERM.update().where(TERM.c.id == row.id).values(says=says))
    with op.batch_alter_table("entitlement_term", schema=None) as batch_op:
        batch_op.drop_column("site_ids")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
