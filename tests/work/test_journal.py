"""Every change of a journalled row is an entry of one unbroken chain, and no entry is ever changed again."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import selectinload

from app.domain.certification.facts import AuditKind
from app.domain.itam.usage import UsageMetric
from app.extensions import db
from app.models.audit import Audit, TeamMember, TeamRole
from app.models.capacity import UsageRecord
from app.models.certificate import Certificate
from app.models.journal import JournalChain, JournalEntry
from app.models.organisation import Organisation, Site
from app.models.person import Person
from app.models.software import Product, Publisher
from app.operations.organisations import found
from app.work import work
from app.work.journal import GENESIS, chain_of, digest
from tests.cast import add_person, organisation_row


@pytest.fixture
def home(app, cast):
    with app.app_context():
        yield cast.organisation.id


def entries(organisation_id, *, after=0):
    chain = chain_of(organisation_id)
    rows = db.session.scalars(
        select(JournalEntry)
        .where(JournalEntry.chain == chain, JournalEntry.number > after)
        .order_by(JournalEntry.number)
    ).all()
    db.session.rollback()
    return rows


def length(organisation_id):
    found = db.session.scalar(select(JournalChain.length).where(JournalChain.name == chain_of(organisation_id)))
    db.session.rollback()
    return found


def audit(w, reference="SA-2027-01", **columns):
    values = {
        "reference": reference,
        "kind": AuditKind.SURVEILLANCE,
        "starts_on": date(2027, 3, 3),
        "ends_on": date(2027, 3, 4),
        "time_zone": "Europe/Berlin",
        "uid": f"{reference}@tests",
        "changed_at": w.now,
        "created_at": w.now,
        **columns,
    }
    return w.add(Audit(**values))


def test_created_changed_and_deleted_rows_are_entries_with_old_and_new_values(home, cast):
    before = length(home)
    with work(home, cast.administrator.id) as w:
        site = w.add(Site(name="Harbour", country="DE", time_zone="Europe/Berlin"))
    with work(home, cast.administrator.id) as w:
        w.one_or_none(select(Site)).name = "Old harbour"
        w.reason = "The new one opened."
    with work(home) as w:
        w.session.delete(w.one_or_none(select(Site)))
    created, changed, deleted = entries(home, after=before)
    assert (created.action, created.noun, created.noun_id) == ("created", "site", str(site.id))
    assert created.actor_id == cast.administrator.id
    assert json.loads(created.changes)["name"] == [None, "Harbour"]
    assert json.loads(changed.changes) == {"name": ["Harbour", "Old harbour"]}
    assert (changed.reason, created.reason) == ("The new one opened.", "")
    assert json.loads(deleted.changes)["name"] == ["Old harbour", None]
    assert deleted.actor_id is None


def test_each_entry_carries_the_hash_of_the_one_before(home):
    with work(home) as w:
        for number in range(3):
            w.add(Site(name=f"Site {number}", country="DE", time_zone="UTC"))
    head = GENESIS
    for number, entry in enumerate(entries(home), start=1):
        assert (entry.number, entry.previous) == (number, head)
        named = ("chain", "number", "at", "actor_id", "action", "noun", "noun_id", "reference", "changes", "reason")
        head = digest(previous=head, **{name: getattr(entry, name) for name in named})
        assert entry.hash == head
    assert db.session.scalar(select(JournalChain.head).where(JournalChain.name == chain_of(home))) == head


def test_a_work_that_fails_leaves_neither_row_nor_entry(home):
    before = length(home)
    with pytest.raises(ZeroDivisionError), work(home) as w:
        w.add(Site(name="never", country="DE", time_zone="UTC"))
        raise ZeroDivisionError
    assert length(home) == before
    with work(home, writes=False) as w:
        assert w.all(select(Site)) == []


def test_entries_of_a_refused_flush_are_not_written_by_what_comes_after(home):
    before = length(home)
    with work(home) as w:
        w.add(Site(name="one", country="DE", time_zone="UTC"))
        try:
            w.add(Site(name="one", country="DE", time_zone="UTC"))
        except IntegrityError:
            # What a view must not do: undo, and go on.
            w.session.rollback()
        w.add(Site(name="two", country="DE", time_zone="UTC"))
    assert [json.loads(entry.changes)["name"][1] for entry in entries(home, after=before)] == ["two"]


def test_after_a_refused_flush_the_next_work_is_whole(home):
    with work(home) as w:
        w.add(Site(name="one", country="DE", time_zone="UTC"))
    with pytest.raises(IntegrityError), work(home) as w:
        w.add(Site(name="one", country="DE", time_zone="UTC"))
    with work(home) as w:
        w.add(Site(name="two", country="DE", time_zone="UTC"))
    with work(home, writes=False) as w:
        assert len(w.all(select(Site))) == 2


def test_a_child_taken_out_of_its_collection_and_a_cascade_are_entries(home):
    with work(home) as w:
        row = audit(w)
        for name in ("Ida Holm", "Jo Reed"):
            w.add(TeamMember(audit_id=row.id, role=TeamRole.AUDITOR, outside_name=name))
    before = length(home)
    with work(home) as w:
        whole = selectinload(Audit.team), selectinload(Audit.audit_sites), selectinload(Audit.audit_certificates)
        row = w.one_or_none(select(Audit).options(*whole))
        row.team.pop()
    (orphan,) = entries(home, after=before)
    assert (orphan.action, orphan.noun) == ("deleted", "team_member")
    with work(home) as w:
        w.session.delete(w.one_or_none(select(Audit).options(*whole)))
    assert sorted((e.action, e.noun) for e in entries(home, after=before + 1)) == [
        ("deleted", "audit"),
        ("deleted", "team_member"),
    ]


def test_names_and_mails_never_stand_in_the_journal(home):
    with work(None) as w:
        person = add_person(w, "Wanda Vogel")
    with work(None) as w:
        known = w.one_or_none(select(Person).where(Person.id == person.id))
        known.name, known.email = "Wanda Falk", "wanda@falk.example"
    with work(home) as w:
        row = audit(w)
        w.add(
            TeamMember(
                audit_id=row.id, role=TeamRole.LEAD, outside_name="Hugo Brandt", outside_email="h@brandt.example"
            )
        )
    for chain in (None, home):
        for entry in entries(chain):
            for word in ("Wanda", "Vogel", "Falk", "Hugo", "Brandt", "argon2"):
                assert word not in entry.changes
    assert json.loads(entries(None)[-1].changes) == {"email": ["…", "…"], "name": ["…", "…"]}


def test_the_old_value_is_known_even_of_a_row_whose_columns_were_let_go(home):
    with work(home) as w:
        w.add(Site(name="Harbour", country="DE", time_zone="UTC"))
    before = length(home)
    with work(home) as w:
        site = w.one_or_none(select(Site))
        w.session.expire(site)
        site.name = "Quay"
    assert json.loads(entries(home, after=before)[0].changes) == {"name": ["Harbour", "Quay"]}


def test_what_did_not_change_is_no_entry(home):
    with work(home) as w:
        w.add(Site(name="Harbour", country="DE", time_zone="UTC"))
    before = length(home)
    with work(home) as w:
        site = w.one_or_none(select(Site))
        site.name = "Quay"
        site.name = "Harbour"
    assert length(home) == before


def test_rows_inserted_in_bulk_are_entries(home):
    before = length(home)
    with work(home) as w:
        ids = w.insert_many(
            Site,
            [
                {"name": f"Site {n}", "address": "", "country": "DE", "time_zone": "UTC", "is_central": False}
                for n in range(5)
            ],
        )
    assert [(entry.noun, entry.noun_id) for entry in entries(home, after=before)] == [("site", str(n)) for n in ids]


@pytest.mark.parametrize("value", ["3", "3.0000", "0.0004", "120000"])
def test_a_number_is_written_one_way_however_many_zeros_the_database_keeps(home, value):
    with work(home) as w:
        publisher = w.add(Publisher(name="Quillworks"))
        product = w.add(Product(publisher_id=publisher.id, name="Quill", created_at=w.now))
        measured = {"product_id": product.id, "metric": UsageMetric.PEAK_SESSIONS, "value": Decimal(value)}
        w.insert_many(UsageRecord, [{**measured, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 31)}])
    said = json.loads(entries(home)[-1].changes)["value"]
    assert said == [None, f"{Decimal(value).normalize():f}"]
    assert Decimal(said[1]) == Decimal(value)


def test_a_decision_that_no_row_shows_is_recorded_with_its_reason(home, cast):
    before = length(home)
    with work(home, cast.quality_manager.id) as w:
        w.record("overridden", "audit", 7, {"slack": [9, -3]}, reference="SA-2027-01", reason="The auditor is ill.")
    (entry,) = entries(home, after=before)
    assert (entry.action, entry.reference, entry.reason) == ("overridden", "SA-2027-01", "The auditor is ill.")


def test_a_reason_said_within_another_organisation_stays_with_its_entries(home, cast):
    before, over_there = length(home), length(cast.elsewhere.id)
    with work(home) as w:
        w.add(Site(name="Harbour", country="DE", time_zone="UTC"))
        with w.within(cast.elsewhere.id) as inside:
            inside.reason = "Because they asked."
            inside.add(Site(name="Harbour", country="DE", time_zone="UTC"))
    assert [entry.reason for entry in entries(home, after=before)] == [""]
    assert [entry.reason for entry in entries(cast.elsewhere.id, after=over_there)] == ["Because they asked."]


def test_a_new_organisation_begins_its_own_chain(home):
    with work(None) as w:
        new = found(w, name="Cedar", country="DE", time_zone="UTC")
    first = entries(new.id)[0]
    assert (first.noun, first.number, first.previous) == ("organisation", 1, GENESIS)


def test_the_version_of_a_row_is_no_news(home, cast):
    before = length(home)
    with work(home) as w:
        organisation_row(w, cast.organisation).name = "Alder & Sons"
    assert json.loads(entries(home, after=before)[0].changes) == {"name": ["Alder Works", "Alder & Sons"]}


def test_a_savepoint_is_refused(home):
    with pytest.raises(RuntimeError, match="savepoint"), work(home) as w:
        w.session.begin_nested()
    with work(home) as w:
        w.add(Site(name="after", country="DE", time_zone="UTC"))


def test_nothing_journalled_is_written_without_a_work(home):
    db.session.add(Person(name="Nobody", created_at=None))
    with pytest.raises(RuntimeError):
        db.session.flush()
    db.session.rollback()


BEHIND = {
    "update": "UPDATE journal_entry SET reason = 'x' WHERE number = 1",
    "delete": "DELETE FROM journal_entry WHERE number = 1",
    "delete the chain": "DELETE FROM journal_chain",
    "shorten the chain": "UPDATE journal_chain SET length = length - 1",
    "rename the chain": "UPDATE journal_chain SET name = 'other' WHERE name = 'installation'",
    "truncate": "TRUNCATE journal_entry",
    "truncate all": "TRUNCATE journal_chain CASCADE",
    "replace an entry": "INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry WHERE number = 1",
    "replace an entry under a new number": "INSERT OR REPLACE INTO journal_entry (id, chain, number, at, action, noun, "
    "noun_id, reference, changes, reason, previous, hash) "
    "SELECT id, chain, 999, at, action, noun, noun_id, reference, changes, reason, previous, hash FROM journal_entry",
    "replace a chain": "INSERT OR REPLACE INTO journal_chain SELECT name, organisation_id, 0, head FROM journal_chain",
    "update or replace": "UPDATE OR REPLACE journal_entry SET number = 1",
    "upsert": "INSERT INTO journal_entry SELECT * FROM journal_entry WHERE true "
    "ON CONFLICT (chain, number) DO UPDATE SET reason = 'x'",
}


@pytest.mark.parametrize("statement", BEHIND.values(), ids=BEHIND.keys())
def test_the_database_itself_refuses_to_change_the_journal(home, statement):
    before = entries(home)
    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text(statement))
    assert [entry.hash for entry in entries(home)] == [entry.hash for entry in before]


WRITER = """
import sys
from app import create_app
from app.models.organisation import Site
from app.work import work
app, writer, home, other = create_app(), *map(int, sys.argv[1:])
with app.app_context():
    for turn in range(10):
        # Two chains in one transaction, in both orders: whoever locks in the order of the work would stand still.
        first, second = (home, other) if writer % 2 else (other, home)
        with work(first) as w:
            w.add(Site(name=f"{writer}.{turn}", country="DE", time_zone="UTC"))
            with w.within(second) as inside:
                inside.add(Site(name=f"{writer}.{turn}", country="DE", time_zone="UTC"))
        try:
            with work(first) as w:
                w.add(Site(name=f"undone {writer}.{turn}", country="DE", time_zone="UTC"))
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
"""


def test_eight_writers_at_once_make_one_unbroken_chain(home, cast, environment):
    before = length(home)
    db.session.remove()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number), str(home), str(cast.elsewhere.id)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    for writer in writers:
        _, said = writer.communicate(timeout=120)
        assert writer.returncode == 0, said
    for chain in (home, cast.elsewhere.id):
        rows = entries(chain)
        assert [row.number for row in rows] == list(range(1, len(rows) + 1))
        assert [row.previous for row in rows] == [GENESIS, *(row.hash for row in rows[:-1])]
    names = [json.loads(row.changes)["name"][1] for row in entries(home, after=before)]
    assert sorted(names) == sorted(f"{writer}.{turn}" for writer in range(8) for turn in range(10))


def test_an_organisation_writes_its_own_row_to_its_own_chain(home, cast):
    before, installation = length(home), length(None)
    with work(home) as w:
        organisation_row(w, cast.organisation).name = "Alder"
    assert (length(home), length(None)) == (before + 1, installation)
    assert isinstance(entries(home)[-1].noun_id, str)
    assert Organisation.__tablename__ == entries(home)[-1].noun
    assert Certificate.journalled
