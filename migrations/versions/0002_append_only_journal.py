"""The journal is append-only: the database itself refuses to update or delete an entry."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSALS = (
    ("journal_entry", "UPDATE", "an entry of the journal is never changed"),
    ("journal_entry", "DELETE", "an entry of the journal is never deleted"),
    ("journal_chain", "DELETE", "a chain of the journal is never deleted"),
)


def upgrade() -> None:
    op.execute(
        "INSERT INTO journal_chain (name, organisation_id, length, head) "  # noqa: S608 - constants only
        f"SELECT 'installation', NULL, 0, '{'0' * 64}' "
        # A chain that an undone migration left behind goes on.
        "WHERE NOT EXISTS (SELECT 1 FROM journal_chain WHERE name = 'installation')"
    )
    if op.get_bind().dialect.name == "sqlite":
        for table, verb, says in REFUSALS:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
        op.execute(
            "CREATE TRIGGER journal_chain_only_grows BEFORE UPDATE ON journal_chain WHEN NEW.length < OLD.length "
            "OR NEW.name <> OLD.name BEGIN SELECT RAISE(ABORT, 'a chain of the journal only grows'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END $$"
    )
    for table, verb, _says in (*REFUSALS, ("journal_entry", "TRUNCATE", ""), ("journal_chain", "TRUNCATE", "")):
        each = "STATEMENT" if verb == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION journal_refuses()"
        )
    op.execute(
        "CREATE TRIGGER journal_chain_only_grows BEFORE UPDATE ON journal_chain FOR EACH ROW "
        "WHEN (NEW.length < OLD.length OR NEW.name <> OLD.name) EXECUTE FUNCTION journal_refuses()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, verb, _says in REFUSALS:
            op.execute(f"DROP TRIGGER {table}_no_{verb.lower()}")
        op.execute("DROP TRIGGER journal_chain_only_grows")
        return
    for table, verb, _says in (*REFUSALS, ("journal_entry", "TRUNCATE", ""), ("journal_chain", "TRUNCATE", "")):
        op.execute(f"DROP TRIGGER {table}_no_{verb.lower()} ON {table}")
    op.execute("DROP TRIGGER journal_chain_only_grows ON journal_chain")
    op.execute("DROP FUNCTION journal_refuses()")
