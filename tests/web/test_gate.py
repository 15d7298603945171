"""No view runs before the gate has asked: signed in? a member? permitted? And one commit follows a success alone."""

from datetime import timedelta

import pytest
from flask import Blueprint, abort, redirect
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.extensions import db
from app.models.organisation import Membership, Site
from app.models.person import Person, SignIn
from app.web import gate
from app.web.gate import Area
from app.work import now_utc, work
from tests.cast import post, sign_in


def probe_area():
    area = Area("probe", __name__, url_prefix="/probe")

    @area.get("/", needs=Permission.READ_JOURNAL)
    def show(work):
        return "seen"

    @area.get("/writes", needs=Permission.READ_JOURNAL)
    def writes(work):
        work.add(Site(name="by a link", country="DE", time_zone="UTC"))
        return "written"

    @area.get("/number/<int:number>", needs=Permission.READ_JOURNAL)
    def number(work, number):
        return str(number)

    @area.get("/past/<text>", needs=Permission.READ_JOURNAL)
    def past(work, text):
        return str(work.all(select(Site).where(Site.id == int(text))))

    @area.post("/<how>", needs=Permission.MANAGE_SETTINGS)
    def act(work, how):
        work.add(Site(name=how, country="DE", time_zone="UTC"))
        if how == "refused":
            return "refused", 422
        if how == "fails":
            raise ZeroDivisionError
        if how == "aborts":
            abort(409)
        if how == "rule":
            raise RefusedError("A rule says no.")
        if how == "outrun":
            row = work.organisation
            work.session.connection().exec_driver_sql("UPDATE organisation SET version = version + 1")
            row.name = "Alder & Sons"
        if how == "twice":
            work.session.add(Site(name=how, country="DE", time_zone="UTC"))
        return redirect("/", 303)

    return area


@pytest.fixture
def probe(make_app, cast):
    app = make_app()
    app.register_blueprint(probe_area())
    # Its pages are not in the navigation, and an error page still has to answer.
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


def sites(probe):
    with probe.application.app_context(), db.engine.connect() as connection:
        return sorted(connection.scalars(select(Site.__table__.c.name)))


@pytest.fixture
def url(cast):
    return f"/o/{cast.organisation.slug}/probe/"


def test_a_member_with_the_permission_comes_in(probe, cast, url):
    assert sign_in(probe, cast.quality_manager).get(url).text == "seen"


def test_a_member_without_it_is_told_so(probe, cast, url):
    assert sign_in(probe, cast.staff).get(url).status_code == 403


def test_a_stranger_cannot_tell_whether_the_organisation_is_there(probe, cast, url):
    sign_in(probe, cast.stranger)
    mine, nobodys = probe.get(url), probe.get("/o/no-such-organisation/probe/")
    assert (mine.status_code, nobodys.status_code) == (404, 404)
    assert mine.data.replace(cast.organisation.slug.encode(), b"") == nobodys.data.replace(b"no-such-organisation", b"")


def test_a_signed_out_visitor_is_sent_to_sign_in_and_back(probe, url):
    answer = probe.get(url + "?page=2")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=%2Fo%2F") or "next=/o/" in answer.headers["Location"]


def test_a_part_of_a_page_of_a_signed_out_visitor_moves_the_whole_page(probe, url):
    answer = probe.get(url, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (401, "")
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


@pytest.mark.parametrize("column", ["ended_at", "expires_at"])
def test_a_sign_in_that_ended_or_ran_out_is_none(probe, app, cast, url, column):
    sign_in(probe, cast.quality_manager)
    with app.app_context(), work(None) as w:
        w.one_or_none(select(SignIn))
        for row in w.all(select(SignIn)):
            setattr(row, column, now_utc() - timedelta(seconds=1))
    assert probe.get(url).status_code == 303


def test_a_membership_that_ended_is_none(probe, app, cast, url):
    sign_in(probe, cast.quality_manager)
    with app.app_context(), work(cast.organisation.id) as w:
        row = w.one_or_none(select(Membership).where(Membership.person_id == cast.quality_manager.id))
        row.ended_at = w.now
    assert probe.get(url).status_code == 404


@pytest.mark.parametrize(("days", "status"), [(0, 200), (-1, 404)])
def test_a_membership_with_a_last_day_holds_through_that_day(probe, app, cast, url, days, status):
    sign_in(probe, cast.quality_manager)
    with app.app_context(), work(cast.organisation.id) as w:
        row = w.one_or_none(select(Membership).where(Membership.person_id == cast.quality_manager.id))
        row.access_until = w.today + timedelta(days=days)
    assert probe.get(url).status_code == status


def test_an_organisation_that_asks_for_a_second_factor_lets_nobody_in_without(probe, app, cast, url):
    sign_in(probe, cast.quality_manager)
    with app.app_context(), work(cast.organisation.id) as w:
        w.organisation.requires_second_factor = True
    answer = probe.get(url)
    assert answer.status_code == 303
    assert "second-factor" in answer.headers["Location"]
    with app.app_context(), work(None) as w:
        w.one_or_none(select(Person).where(Person.id == cast.quality_manager.id)).totp_confirmed_at = w.now
    assert probe.get(url).status_code == 200


def test_a_success_is_committed(probe, cast, url):
    sign_in(probe, cast.administrator)
    assert post(probe, url + "kept").status_code == 303
    assert sites(probe) == ["kept"]


@pytest.mark.parametrize(
    ("how", "status"),
    [("refused", 422), ("fails", 500), ("aborts", 409), ("rule", 422), ("twice", 409), ("outrun", 409)],
)
def test_what_is_not_a_success_leaves_nothing(probe, cast, url, how, status):
    sign_in(probe, cast.administrator)
    assert post(probe, url + how).status_code == status
    assert sites(probe) == []
    assert post(probe, url + "kept").status_code == 303
    assert sites(probe) == ["kept"]


def test_what_no_database_keeps_alike_is_refused_at_the_door(probe, cast, url):
    sign_in(probe, cast.administrator)
    assert probe.get(url + "number/7").status_code == 200
    assert probe.get(url + "number/9999999999999999999999").status_code == 404
    assert probe.get(url + "?text=a%00b").status_code == 400
    assert post(probe, url + "kept", {"name": "a\x00b"}).status_code == 400
    assert probe.get(url + "past/9999999999999999999999").status_code in (200, 400)
    assert sites(probe) == []


def test_a_form_from_elsewhere_is_refused(probe, cast, url):
    sign_in(probe, cast.administrator)
    assert probe.post(url + "kept").status_code == 400
    assert sites(probe) == []


def test_a_page_that_writes_is_a_fault_and_not_a_silence(probe, cast, url):
    sign_in(probe, cast.administrator)
    assert probe.get(url + "writes").status_code == 500
    assert sites(probe) == []


def test_what_a_member_sees_stays_in_no_cache(probe, cast, url):
    answer = sign_in(probe, cast.quality_manager).get(url)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.one_database
def test_a_route_that_forgets_what_it_needs_does_not_import():
    area = Area("forgetful", __name__)
    with pytest.raises(TypeError, match="needs"):
        area.get("/")(lambda work: "")
    with pytest.raises(TypeError, match="needs"):
        area.route("/")(lambda work: "")


@pytest.mark.one_database
def test_a_page_of_an_organisation_is_never_open_to_all():
    for needs in (Permission.PUBLIC, Permission.SIGNED_IN):
        with pytest.raises(ValueError, match="more than"):
            Area("a", __name__).get("/", needs=needs)
    with pytest.raises(ValueError, match="no organisation"):
        Area("a", __name__, of_organisation=False).get("/", needs=Permission.SEE_PROGRAMME)


@pytest.mark.one_database
def test_the_application_does_not_start_with_an_unguarded_endpoint(make_app):
    app = make_app()
    blueprint = Blueprint("loose", __name__)
    blueprint.add_url_rule("/loose", "page", lambda: "")
    app.register_blueprint(blueprint)
    with pytest.raises(RuntimeError, match=r"loose\.page"):
        gate.refuse_unguarded(app)


def test_what_was_not_kept_is_not_said_to_be_done(app, client, cast, monkeypatch):
    sign_in(client, cast.quality_manager)

    def full(*_arguments, **_options):
        raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr("app.work.journal._append", full)
        refused = post(client, "/account/", {"name": "Somebody New"})
    assert refused.status_code == 503
    assert "Your name was changed" not in refused.text
    assert "Your name was changed" not in client.get("/account/").text
