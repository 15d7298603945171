"""`flask journal verify` finds the first altered, missing or re-ordered entry, and says which it is."""

import pytest
from sqlalchemy import text

from app.extensions import db
from app.models.organisation import Site
from app.queries.journal_proof import prove, prove_all
from app.work import work
from app.work.journal import GENESIS, chain_of, digest


@pytest.fixture
def chain(app, cast):
    """The chain of an organisation, with at least ten entries."""
    with app.app_context():
        for number in range(10):
            with work(cast.organisation.id, cast.administrator.id) as w:
                w.add(Site(name=f"Site {number}", country="DE", time_zone="UTC"))
        yield chain_of(cast.organisation.id)


def behind(*statements, **values):
    """A hand in the database that takes the triggers down first and puts them up again."""
    with db.engine.begin() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _sql in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement), values)
        if sqlite:
            for _name, sql in triggers:
                connection.exec_driver_sql(sql)


def proved(chain, head=None):
    with work(None, writes=False) as w:
        return prove(w.session, chain, head)


def test_what_was_written_is_whole(chain):
    proof = proved(chain)
    assert proof.is_whole, proof.fault
    assert proof.length >= 10
    with work(None, writes=False) as w:
        assert all(each.is_whole for each in prove_all(w.session))
        assert len(list(prove_all(w.session))) == 3


COLUMNS = {
    "at": "at = replace(at, '20', '21')",
    "actor_id": "actor_id = actor_id + 1",
    "nobody acted": "actor_id = NULL",
    "action": "action = 'Created'",
    "noun": "noun = 'Site'",
    "noun_id": "noun_id = '77'",
    "reference": "reference = 'SA-1'",
    "changes": "changes = replace(changes, 'Site', 'site')",
    "reason": "reason = '.'",
    "previous": "previous = replace(previous, substr(previous, 1, 1), 'g')",
    "hash": "hash = replace(hash, substr(hash, 1, 1), 'g')",
}


@pytest.mark.parametrize("change", COLUMNS.values(), ids=COLUMNS.keys())
def test_one_altered_byte_names_the_entry(chain, change):
    behind(f"UPDATE journal_entry SET {change} WHERE chain = :chain AND number = 12", chain=chain)
    proof = proved(chain)
    assert (proof.number, proof.is_whole) == (12, False)
    assert "entry 12" in str(proof)


def test_a_missing_entry_is_named(chain):
    behind("DELETE FROM journal_entry WHERE chain = :chain AND number = 4", chain=chain)
    assert str(proved(chain)) == f"{chain}: entry 4 is missing"


def test_entries_that_changed_places_are_named(chain):
    behind(
        "UPDATE journal_entry SET number = 1004 WHERE chain = :chain AND number = 4",
        "UPDATE journal_entry SET number = 4 WHERE chain = :chain AND number = 5",
        "UPDATE journal_entry SET number = 5 WHERE chain = :chain AND number = 1004",
        chain=chain,
    )
    assert proved(chain).number == 4


def test_an_entry_altered_with_a_hash_to_match_shows_in_the_next(chain):
    rows = entries(chain)
    forged = digest(**{**rows[4], "reason": "forged"})
    behind(
        "UPDATE journal_entry SET reason = 'forged', hash = :forged WHERE chain = :chain AND number = 5",
        chain=chain,
        forged=forged,
    )
    proof = proved(chain)
    assert proof.number == 6
    assert "does not follow entry 5" in proof.fault


def test_an_end_that_was_cut_off_is_named(chain):
    length = proved(chain).length
    behind("DELETE FROM journal_entry WHERE chain = :chain AND number > :kept", chain=chain, kept=length - 3)
    assert str(proved(chain)) == f"{chain}: entries {length - 2} to {length} are missing at the end"


def test_an_end_that_was_cut_off_with_its_head_needs_the_hash_kept_elsewhere(chain):
    before = proved(chain)
    kept = entries(chain)[before.length - 4]["hash"]
    behind(
        "DELETE FROM journal_entry WHERE chain = :chain AND number > :kept",
        "UPDATE journal_chain SET length = :kept, head = :head WHERE name = :chain",
        chain=chain,
        kept=before.length - 3,
        head=kept,
    )
    assert proved(chain).is_whole
    assert not proved(chain, before.head).has_kept_head
    assert proved(chain, kept).has_kept_head


def test_an_entry_behind_the_head_is_named(chain):
    length = proved(chain).length
    behind(
        "UPDATE journal_chain SET length = length - 1, "
        "head = (SELECT previous FROM journal_entry WHERE chain = :chain AND number = :length) WHERE name = :chain",
        chain=chain,
        length=length,
    )
    assert str(proved(chain)) == f"{chain}: entry {length} stands behind the head of the chain"


def test_a_head_that_is_of_no_entry_is_named(chain):
    behind("UPDATE journal_chain SET head = :head WHERE name = :chain", chain=chain, head=GENESIS)
    assert "head of the chain" in proved(chain).fault


@pytest.mark.one_database
def test_a_chain_that_is_gone_is_named(chain, runner):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("its foreign keys are not so easily put to sleep")
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("DROP TRIGGER journal_chain_no_delete")
        connection.exec_driver_sql(f"DELETE FROM journal_chain WHERE name = '{chain}'")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("BEGIN")
    db.session.remove()
    answer = runner.invoke(args=["journal", "verify"])
    assert answer.exit_code == 1
    assert f"{chain}: the chain itself is missing" in answer.output


def entries(chain):
    names = "previous chain number at actor_id action noun noun_id reference changes reason"
    with db.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT * FROM journal_entry WHERE chain = :chain ORDER BY number"), {"chain": chain}
        ).mappings()
        return [_Row({name: row[name] for name in names.split()}, row["hash"]) for row in rows]


class _Row(dict):
    """The arguments of `digest`; the hash that was kept stands beside them."""

    def __init__(self, values, hash_):
        super().__init__(values)
        self._hash = hash_

    def __getitem__(self, name):
        return self._hash if name == "hash" else super().__getitem__(name)


def test_the_command_is_silent_on_standard_error_where_all_is_whole(chain, runner):
    db.session.remove()
    answer = runner.invoke(args=["journal", "verify"])
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert f"{chain}: whole, " in answer.stdout
    assert "installation: whole, " in answer.stdout


def test_the_command_names_the_fault_and_exits_1(chain, runner):
    behind("UPDATE journal_entry SET reason = 'x' WHERE chain = :chain AND number = 6", chain=chain)
    db.session.remove()
    answer = runner.invoke(args=["journal", "verify"])
    assert answer.exit_code == 1
    assert answer.stderr.startswith(f"{chain}: entry 6 was altered")
    assert runner.invoke(args=["journal", "verify", "--chain", "installation"]).exit_code == 0
    assert runner.invoke(args=["journal", "verify", "--chain", chain]).exit_code == 1
    assert runner.invoke(args=["journal", "verify", "--chain", "organisation-999"]).exit_code == 1


def test_the_head_that_is_printed_is_the_head_that_is_asked_for_later(chain, runner, cast):
    db.session.remove()
    printed = {
        line.split()[0]: line.split()[1:] for line in runner.invoke(args=["journal", "head"]).stdout.splitlines()
    }
    length, head = printed[chain]
    assert int(length) >= 10
    with work(cast.organisation.id) as w:
        w.add(Site(name="later", country="DE", time_zone="UTC"))
    db.session.remove()
    assert runner.invoke(args=["journal", "verify", "--chain", chain, "--head", head]).exit_code == 0
    assert runner.invoke(args=["journal", "verify", "--head", head]).exit_code == 0
    lost = runner.invoke(args=["journal", "verify", "--head", "a" * 64])
    assert lost.exit_code == 1
    assert "not of any entry" in lost.stderr
    assert runner.invoke(args=["journal", "verify", "--head", "a"]).exit_code == 2
