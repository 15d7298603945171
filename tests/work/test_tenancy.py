"""Nothing of one organisation is ever read or written from the work of another, however the query is put."""

import pytest
from sqlalchemy import (
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError, MissingGreenlet, SQLAlchemyError
from sqlalchemy.orm import aliased, joinedload, selectinload, subqueryload

from app.extensions import db
from app.models.certificate import Certificate, CertificateSite, CertificateVerdict, Decision
from app.models.organisation import Organisation, Site
from app.work import ACROSS, work
from app.work.tenancy import TenancyError, unnarrowed
from tests.cast import add_person, organisation_row
from tests.rows import fill, models

HERE, THERE = aliased(Certificate), aliased(Certificate)


@pytest.fixture
def two(app, cast):
    """A row of every table in each of two organisations; gives the ids of rows by organisation and table."""
    with app.app_context():
        made = {}
        for house in (cast.organisation, cast.elsewhere):
            with work(None) as w:
                newcomer = add_person(w, f"New Comer{house.id}")
            with work(house.id) as w:
                rows = fill(w, newcomer.id)
                made[house.id] = {name: getattr(row, "id", None) for name, row in rows.items()}
        db.session.remove()
        yield made


@pytest.mark.parametrize("model", models(owned=True), ids=lambda model: model.__tablename__)
def test_a_select_gives_the_rows_of_the_organisation_alone(two, model):
    # Alternately and twice: what was compiled for one organisation must not be answered to the other.
    for home in (*two, *two):
        with work(home, writes=False) as w:
            assert {row.organisation_id for row in w.all(select(model))} == {home}
            own = next(iter(model.__table__.primary_key))
            assert len(w.all(select(getattr(model, own.key)))) == w.session.scalar(
                select(func.count()).select_from(model)
            )


NARROWED = {
    "a column": select(Certificate.organisation_id),
    "an aggregate": select(func.max(Certificate.organisation_id)),
    "an alias": select(HERE.organisation_id),
    "a join of aliases": select(THERE.organisation_id).join(HERE, HERE.id != -THERE.id),
    "a cartesian product": select(THERE.organisation_id, HERE.id).where(HERE.id != -THERE.id),
    "named in the condition alone": select(Organisation.id).where(Certificate.organisation_id == Organisation.id),
    "in a subquery": select(Organisation.id).where(Organisation.id.in_(select(Certificate.organisation_id))),
    "a correlated exists": select(Organisation.id).where(exists().where(Site.organisation_id == Organisation.id)),
    "exists of a select": select(Organisation.id).where(
        select(Certificate.id).where(Certificate.organisation_id == Organisation.id).exists()
    ),
    "from a subquery": select(select(Certificate.organisation_id).subquery().c.organisation_id),
    "a common table expression": select(select(Certificate.organisation_id).cte().c.organisation_id),
    "an entity of a subquery": select(aliased(Certificate, select(Certificate).subquery()).organisation_id),
    "a union": union_all(select(Certificate.organisation_id), select(Site.organisation_id)),
    "any": select(Certificate.organisation_id).where(Certificate.certificate_sites.any()),
    "has": select(CertificateSite.organisation_id).where(CertificateSite.site.has()),
    "ordered by another": select(Certificate.organisation_id).join(Certificate.decisions).order_by(Decision.id),
}


@pytest.mark.parametrize("query", NARROWED.values(), ids=NARROWED.keys())
def test_every_way_to_put_a_query_is_narrowed(two, query):
    for home in (*two, *two):
        with work(home, writes=False) as w:
            assert {row[0] for row in w.execute(query)} == {home}


REFUSED = {
    "a bare table": select(Certificate.__table__),
    "a count of a bare table": select(func.count()).select_from(Certificate.__table__),
    "a bare table in a subquery": select(Organisation.id).where(
        Organisation.id.in_(select(Certificate.__table__.c.organisation_id))
    ),
    "a bare table behind a name": select(Certificate.__table__.alias("c")),
    "a bare table joined": select(Organisation.id).join(
        Certificate.__table__, Certificate.__table__.c.organisation_id == Organisation.id
    ),
    "a bare table once more beside a narrowed one": select(Certificate.id).where(
        Certificate.id.in_(select(Certificate.__table__.c.id).correlate(None))
    ),
    "text": text("SELECT id FROM certificate"),
    "text into rows": select(Certificate).from_statement(text("SELECT * FROM certificate")),
    "a literal source": select(literal_column("1")).select_from(text("certificate")),
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED.keys())
def test_a_query_that_cannot_be_narrowed_is_refused(two, query):
    for home in two:
        with pytest.raises(RuntimeError), work(home, writes=False) as w:
            w.execute(query).all()


def test_whether_something_exists_is_asked_of_the_own_organisation(two):
    home, other = two
    with work(home, writes=False) as w:
        assert not w.session.scalar(select(exists().where(Certificate.id == two[other]["certificate"])))
        assert w.session.scalar(select(exists().where(Certificate.id == two[home]["certificate"])))


def test_a_query_across_organisations_says_so_by_name(two):
    with work(next(iter(two)), writes=False) as w:
        found = w.session.scalars(select(Certificate.organisation_id), execution_options={ACROSS: "a test"})
        assert set(found) == set(two)


@pytest.mark.parametrize("load", [joinedload, selectinload, subqueryload])
def test_what_is_loaded_along_is_narrowed_too(two, load):
    home, other = two
    with work(other) as w:
        site = w.add(Site(name="borrowed", country="DE", time_zone="UTC"))
    # Behind the back of the work, as a fault or a hand in the database would do it.
    with db.engine.begin() as connection:
        connection.execute(
            update(CertificateSite.__table__)
            .where(CertificateSite.__table__.c.organisation_id == home)
            .values(site_id=site.id)
        )
    with work(home, writes=False) as w:
        (row,) = w.all(select(CertificateSite).options(load(CertificateSite.site)))
        assert row.site is None


def test_a_relationship_that_was_not_asked_for_does_not_load_itself(two):
    with work(next(iter(two)), writes=False) as w:
        (certificate,) = w.all(select(Certificate))
        with pytest.raises((SQLAlchemyError, MissingGreenlet)):
            _ = certificate.decisions


def test_no_query_of_an_organisations_rows_without_a_work(two):
    with pytest.raises(TenancyError):
        db.session.scalars(select(Certificate)).all()


def test_a_work_of_the_installation_sees_no_organisations_rows(two):
    with pytest.raises(TenancyError), work(None) as w:
        w.all(select(Certificate))


def test_a_work_over_several_sees_these_and_writes_nothing(two):
    home, other = two
    with work(None, over={home, other}) as w:
        assert set(w.all(select(Certificate.organisation_id))) == {home, other}
    with work(None, over={home}) as w:
        assert set(w.all(select(Certificate.organisation_id))) == {home}
    with work(None, over=set()) as w:
        assert w.all(select(Certificate.organisation_id)) == []
    with work(None, over={home}) as w:
        w.all(select(Certificate))[0].scope = "more"
        with pytest.raises(TenancyError):
            w.flush()
        w.session.rollback()


def test_a_row_is_written_to_the_organisation_of_the_work(two):
    home, other = two
    with work(home) as w:
        assert w.add(Site(name="new", country="DE", time_zone="UTC")).organisation_id == home
    with pytest.raises(TenancyError), work(home) as w:
        w.add(Site(name="new too", country="DE", time_zone="UTC", organisation_id=other))
    with pytest.raises(TenancyError), work(None) as w:
        w.add(Site(name="of nobody", country="DE", time_zone="UTC", organisation_id=home))


def test_a_row_of_another_organisation_is_neither_changed_nor_taken_nor_deleted(two):
    home, other = two
    named = {ACROSS: "a test"}

    def theirs(w):
        return w.session.scalars(select(Site).where(Site.organisation_id == other), execution_options=named).first()

    with pytest.raises(TenancyError), work(home) as w:
        theirs(w).name = "ours"
    with pytest.raises(TenancyError), work(home) as w:
        theirs(w).organisation_id = home
    with pytest.raises(TenancyError), work(home) as w:
        w.session.delete(theirs(w))
    with pytest.raises(TenancyError), work(home) as w:
        w.one_or_none(select(Site).where(Site.id == two[home]["site"])).organisation_id = other
    with pytest.raises((TenancyError, IntegrityError)), work(home) as w:
        w.session.merge(Site(id=two[other]["site"], name="merged", country="DE", time_zone="UTC"))


def test_a_row_does_not_point_at_a_row_of_another_organisation(two):
    home, other = two
    with pytest.raises(TenancyError, match="Site"), work(home) as w:
        w.add(CertificateSite(certificate_id=two[home]["certificate"], site_id=two[other]["site"]))
    with pytest.raises(TenancyError, match="Certificate"), work(home) as w:
        w.one_or_none(select(CertificateSite)).certificate_id = two[other]["certificate"]
    with pytest.raises(TenancyError, match="Site"), work(home) as w:
        w.insert_many(CertificateSite, [{"certificate_id": two[home]["certificate"], "site_id": two[other]["site"]}])


def test_bulk_writes_pass_neither_tenancy_nor_journal(two):
    home, other = two
    for statement in (
        update(Certificate).values(scope="z"),
        update(Certificate.__table__).values(scope="z"),
        delete(Site),
        delete(Site.__table__),
        insert(Site).values(name="x", country="DE", time_zone="UTC", organisation_id=other, is_central=False),
        delete(CertificateVerdict.__table__),
        text("DELETE FROM site"),
    ):
        with pytest.raises(RuntimeError), work(home) as w:
            w.session.execute(statement)
    with work(home) as w:
        w.session.execute(delete(CertificateVerdict))
    with work(other, writes=False) as w:
        assert w.all(select(CertificateVerdict.certificate_id))
    with pytest.raises(PermissionError), work(home) as w:
        w.insert_many(Site, [{"name": "x", "country": "DE", "time_zone": "UTC", "organisation_id": other}])


def test_within_writes_to_the_other_organisation_and_comes_back(two, cast):
    home, other = two
    with work(home) as w:
        with w.within(other) as inside:
            inside.add(Site(name="over there", country="GB", time_zone="UTC"))
            assert set(inside.all(select(Site.organisation_id))) == {other}
        assert set(w.all(select(Site.organisation_id))) == {home}
        assert organisation_row(w, cast.organisation).id == home


@pytest.mark.one_database
def test_the_second_net_reads_sql_as_the_databases_are_sent_it(app):
    assert unnarrowed("SELECT certificate.id \nFROM certificate \nWHERE certificate.organisation_id = ?") is None
    assert unnarrowed("SELECT certificate.id \nFROM certificate") == "certificate"
    assert unnarrowed("SELECT a.id FROM certificate AS a WHERE a.organisation_id IN (%(x_1)s, %(x_2)s)") is None
    assert unnarrowed("SELECT a.id FROM certificate AS a WHERE certificate.organisation_id = ?") == "a"
    assert unnarrowed("SELECT certificate_site.id FROM certificate_site, site WHERE site.organisation_id = ?") == (
        "certificate_site"
    )
    # Joined by the organisation is not narrowed to one.
    joined = "FROM organisation JOIN site ON site.organisation_id = organisation.id"
    assert unnarrowed(f"SELECT site.id {joined}") == "site"
    assert unnarrowed(f"SELECT site.id {joined} AND site.organisation_id = %(home)s::INTEGER") is None
    assert unnarrowed("DELETE FROM site WHERE site.id = ?") is None
    assert unnarrowed("DELETE FROM journal_entry WHERE id IN (SELECT id FROM site)") == "site"
    assert unnarrowed("INSERT INTO site (name) SELECT name FROM site") == "site"
    assert unnarrowed("SELECT organisation.id FROM organisation") is None
