"""One work is one transaction: all of it or nothing, on the organisation's own day."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm.exc import StaleDataError

from app.extensions import db
from app.models.certificate import Certificate, CertificateVerdict
from app.models.organisation import Site
from app.models.person import Attempt
from app.work import today_in, work
from app.work.tenancy import TenancyError


@pytest.fixture
def home(app, cast):
    with app.app_context():
        yield cast.organisation.id


def names():
    with work(1, writes=False) as w:
        return sorted(w.all(select(Site.name)))


def test_the_day_is_the_organisations_own(home, cast):
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    with work(home, now=late, writes=False) as w:
        assert w.today == date(2027, 1, 1)
    with work(cast.elsewhere.id, now=late, writes=False) as w:
        assert w.today == date(2026, 12, 31)
    with work(home, now=late) as w, w.within(cast.elsewhere.id) as inside:
        assert (w.today, inside.today) == (date(2027, 1, 1), date(2026, 12, 31))
    assert today_in("Pacific/Auckland", late) == date(2027, 1, 1)


def test_an_organisation_that_is_not_there_is_named(home):
    with pytest.raises(LookupError, match="999"), work(999):
        pass


def test_a_work_that_only_reads_refuses_to_write(home):
    with pytest.raises(TenancyError, match="only reads"), work(home, writes=False) as w:
        w.add(Site(name="no", country="DE", time_zone="UTC"))
    with pytest.raises(TenancyError, match="only reads"), work(home, writes=False) as w:
        w.insert_many(Site, [{"name": "no"}])
    assert names() == []


def test_a_work_that_only_reads_writes_nothing_to_the_journal(home):
    with pytest.raises(TenancyError, match="only reads"), work(home, writes=False) as w:
        w.record("noted", "site", 1)
    with pytest.raises(TenancyError, match="only reads"), work(home) as w, w.across([home]) as reading:
        reading.record("noted", "site", 1)


@pytest.mark.parametrize("begin", [insert, update, delete])
def test_a_work_that_only_reads_writes_nothing_in_bulk(home, begin):
    for model in (CertificateVerdict, Attempt):
        with pytest.raises(TenancyError, match="only reads"), work(home, writes=False) as w:
            w.execute(begin(model))
        with pytest.raises(TenancyError, match="only reads"), work(home) as w, w.across([home]) as reading:
            reading.execute(begin(model))


@pytest.mark.parametrize("begin", [insert, update, delete])
def test_a_work_that_only_reads_sends_no_write_behind_the_models_either(home, begin):
    with pytest.raises(TenancyError, match="only reads"), work(home, writes=False) as w:
        w.session.connection().execute(begin(Site.__table__))
    with pytest.raises(TenancyError, match="only reads"), work(home, writes=False) as w:
        w.session.connection().execute(text("WITH gone AS (SELECT 1) DELETE FROM site"))


def test_a_second_work_does_not_undo_the_first_behind_its_back(home):
    with work(home) as w:
        w.add(Site(name="kept", country="DE", time_zone="UTC"))
        with pytest.raises(RuntimeError, match="open already"), work(home):
            pass
    assert names() == ["kept"]


def test_a_work_that_reads_lets_another_write_aside_and_then_reads_it(home):
    with work(home, writes=False) as w:
        assert w.all(select(Site)) == []
        with w.aside(home) as judging:
            judging.add(Site(name="aside", country="DE", time_zone="UTC"))
        assert w.all(select(Site.name)) == ["aside"]
        with pytest.raises(ZeroDivisionError), w.aside(home) as judging:
            judging.add(Site(name="undone", country="DE", time_zone="UTC"))
            raise ZeroDivisionError
        assert w.all(select(Site.name)) == ["aside"]
    with pytest.raises(RuntimeError, match="transaction already"), work(home) as w, w.aside(home):
        pass


def test_a_change_in_a_work_that_reads_comes_to_light_at_its_end(home):
    with work(home) as w:
        w.add(Site(name="as it is", country="DE", time_zone="UTC"))
    with pytest.raises(TenancyError, match="only reads"), work(home, writes=False) as w:
        w.one_or_none(select(Site)).name = "silently"
    assert names() == ["as it is"]


def test_a_work_sees_what_others_committed_since_the_last_one(home):
    with work(home) as w:
        site = w.add(Site(name="first", country="DE", time_zone="UTC"))
    with db.engine.begin() as connection:
        connection.execute(Site.__table__.update().values(name="second"))
    with work(home) as w:
        again = w.one_or_none(select(Site))
        assert again.name == "second"
    assert site.name == "first"


def test_effects_go_out_after_the_commit_and_only_then(home):
    heard = []
    with work(home) as w:
        w.after_commit.append(lambda: heard.append(w.session.in_transaction()))
        assert heard == []
    assert heard == [False]
    with pytest.raises(ZeroDivisionError), work(home) as w:
        w.after_commit.append(lambda: heard.append("never"))
        raise ZeroDivisionError
    assert heard == [False]


def test_an_effect_that_fails_keeps_the_work_and_the_other_effects(home, caplog):
    heard = []
    with work(home) as w:
        w.add(Site(name="kept", country="DE", time_zone="UTC"))
        w.after_commit += [lambda: 1 / 0, lambda: heard.append("heard")]
    assert heard == ["heard"]
    assert "an effect failed" in caplog.text
    assert names() == ["kept"]


def test_two_who_change_the_same_row_are_not_both_right(home):
    with work(home) as w:
        w.add(
            Certificate(
                reference="C-1", standard="ISO 9001", first_edition="2015", edition="2015", created_at=w.now, version=1
            )
        )
    with pytest.raises(StaleDataError), work(home) as w:
        mine = w.one_or_none(select(Certificate))
        w.session.connection().exec_driver_sql("UPDATE certificate SET version = version + 1")
        mine.scope = "mine"


def test_after_a_failure_the_session_is_free(home):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), work(home):
            raise ZeroDivisionError
    with work(home) as w:
        w.add(Site(name="whole", country="DE", time_zone="UTC"))
    assert names() == ["whole"]


def test_an_installations_work_has_no_home(home):
    with work(None) as w, pytest.raises(LookupError):
        _ = w.home
