"""SQLite lets INSERT OR REPLACE delete a row without asking the triggers of DELETE: refuse it at the insert."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(
        "CREATE TRIGGER journal_entry_no_replace BEFORE INSERT ON journal_entry "
        "WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id) "
        "OR EXISTS (SELECT 1 FROM journal_entry WHERE chain = NEW.chain AND number = NEW.number) "
        "BEGIN SELECT RAISE(ABORT, 'an entry of the journal is never replaced'); END"
    )
    op.execute(
        "CREATE TRIGGER journal_chain_no_replace BEFORE INSERT ON journal_chain "
        "WHEN EXISTS (SELECT 1 FROM journal_chain WHERE name = NEW.name OR organisation_id = NEW.organisation_id) "
        "BEGIN SELECT RAISE(ABORT, 'a chain of the journal is never replaced'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER journal_entry_no_replace")
        op.execute("DROP TRIGGER journal_chain_no_replace")
