"""External assessors at one audit: invited for days, they see it and nothing else, and nothing after the last day."""

import re
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import event, select
from werkzeug.datastructures import FileStorage

from app.domain.certification.facts import AuditKind, Grade
from app.domain.permission import Permission, Role
from app.domain.programme.team import TeamRole
from app.extensions import db
from app.models.audit import Audit, TeamMember
from app.models.audit_guest import AuditGuest
from app.models.journal import JournalEntry
from app.models.organisation import Invitation, Membership
from app.models.person import Person
from app.operations import attachments, audit_guests, audit_reports, erasure, members
from app.operations.attachments import Place
from app.queries.audits import audit_of
from app.web import gate
from app.work import work
from tests.audited import asked
from tests.cast import Member, add_person, post, sign_in
from tests.certified import audited, certified, raised
from tests.examples import arguments
from tests.findings import found, internal
from tests.house.test_access import routes
from tests.rows import fill
from tests.stage import certificate, on_stage, plan, site
from tests.web.mailbox import mails

TODAY = date(2026, 6, 1)
FIRST, LAST = date(2026, 6, 3), date(2026, 6, 20)
PASSWORD = "seven lanterns drift northwards"
EMAIL = "gita@hall.example"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-06-01 09:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}"


@pytest.fixture
def there(app, cast):
    """The audit that assessors are invited to, with all that hangs on it, and another beside it with as much."""
    held = {}
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        where = site(w)
        for word in ("open", "other"):
            row = certificate(w, f"C-27001-{word}")
            audit = internal(w, cast.auditor, certificate_id=row.id, sites=frozenset({where.id}))
            item = asked(w, audit.reference, 1)[0]
            finding = found(w, audit, clause="9.2")
            paper = FileStorage(BytesIO(b"what was seen\n"), f"{word}.txt")
            shown = FileStorage(BytesIO(b"a record\n"), f"{word}-record.txt")
            asset = FileStorage(BytesIO(b"an answer\n"), f"{word}-answer.txt")
            held[word] = {
                "audit": audit.reference,
                "finding": finding.reference,
                "files": [
                    attachments.attach(w, Place(audit_id=audit.id), paper).id,
                    attachments.attach(w, Place(finding_id=finding.id), shown).id,
                    attachments.attach(w, Place(item_id=item), asset).id,
                ],
            }
    return held


def invite(client, cast, home, reference, **changes):
    sign_in(client, cast.quality_manager)
    data = {"email": EMAIL, "name": "Gita Hall", "since": "", "until": LAST.isoformat(), **changes}
    return post(client, f"{home}/audits/{reference}/guests/invite", data)


def join(app, client):
    """Accept the last invitation as a new person; gives them."""
    path = mails(app, EMAIL)[-1].path
    answer = post(client, path, {"name": "Gita Hall", "password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 303, answer.text
    with app.app_context(), work(None, writes=False) as w:
        return Member(*w.execute(select(Person.id, Person.name, Person.email).where(Person.email == EMAIL)).one())


@pytest.fixture
def guest(app, cast, home, there):
    """Somebody who was invited to the one audit until its last day, and joined."""
    assert invite(app.test_client(), cast, home, there["open"]["audit"]).status_code == 303
    return join(app, app.test_client())


def pages_of(home, held):
    audit = f"{home}/audits/{held['audit']}"
    return [
        *(audit, f"{audit}/plan", f"{audit}/checklist", f"{audit}/checklist/state", f"{audit}/findings"),
        f"{home}/findings/{held['finding']}",
        *(f"{home}/attachments/{each}" for each in held["files"]),
    ]


def test_a_guest_reads_the_audit_with_its_files_and_no_other(app, home, there, guest):
    client = sign_in(app.test_client(), guest)
    for url in pages_of(home, there["open"]):
        answer = client.get(url)
        assert answer.status_code == 200, url
        for theirs in (there["other"]["audit"], there["other"]["finding"], "C-27001-other"):
            assert theirs not in answer.text, f"{url} tells of {theirs}"
    for url in pages_of(home, there["other"]):
        assert client.get(url).status_code in (403, 404), url
        assert client.get(url).status_code == 404 or "/attachments/" in url
    page = client.get(f"{home}/my-work").text
    assert there["open"]["audit"] in page
    assert there["other"]["audit"] not in page
    assert "C-27001-open" in client.get(f"{home}/audits/{there['open']['audit']}").text


def test_a_guest_at_an_audit_of_the_body_sees_what_that_audit_raised_and_nothing_else(app, cast, home):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = certified(w)
        shown = audited(w, row, "SA-2026-01", AuditKind.SURVEILLANCE, date(2026, 3, 6))
        audited(w, row, "SA-2026-02", AuditKind.SURVEILLANCE, date(2026, 3, 9))
        theirs = [
            raised(w, f"SA-2026-0{number}/{row.reference}", Grade.MAJOR, date(2026, 3, 10), body_reference=called)
            for number, called in ((1, "NCR 11"), (1, "NCR 12"), (2, "NCR 21"))
        ]
        reference, references = shown.reference, [each.reference for each in theirs]
    assert invite(app.test_client(), cast, home, reference).status_code == 303
    client = sign_in(app.test_client(), join(app, app.test_client()))
    page = client.get(f"{home}/audits/{reference}").text
    assert re.findall(r"NCR \d+", page) == ["NCR 11", "NCR 12"]
    assert references[1] in page
    assert references[2] not in page
    assert "/nonconformities/" not in page
    assert client.get(f"{home}/audits/SA-2026-02").status_code == 404
    for each in references:
        assert client.get(f"{home}/nonconformities/{each}").status_code == 403


def test_the_last_day_ends_where_the_organisation_is(app, cast, home, there, guest, today):
    with on_stage(app, cast.organisation) as w:
        w.organisation.time_zone = "America/Los_Angeles"
    page = f"{home}/audits/{there['open']['audit']}"
    for moment, opens in (("2026-06-21 06:59", True), ("2026-06-21 07:01", False)):
        today.move_to(f"{moment}:00+00:00")
        assert (sign_in(app.test_client(), guest).get(page).status_code == 200) is opens, moment


def test_a_guest_has_no_journal_no_people_no_search_and_writes_nothing(app, home, there, guest):
    client = sign_in(app.test_client(), guest)
    reference = there["open"]["audit"]
    closed = ["/journal/", "/settings/members", "/search?q=27001", "/audits", "/certificates", "/assets", "/findings"]
    closed += ["/programme/timeline", "/nonconformities", "/employees", f"/audits/{reference}/guests"]
    for path in closed:
        assert client.get(home + path).status_code in (403, 404), path
    for path in ("/edit", "/plan/edit", "/findings/new", "/guests/invite", "/checklist/add", "/move"):
        assert client.get(f"{home}/audits/{reference}{path}").status_code == 403, path
    assert client.get(f"{home}/attachments/add/audit/{reference}").status_code == 403
    file_id = there["open"]["files"][0]
    assert post(client, f"{home}/attachments/{file_id}/remove").status_code == 403


@pytest.mark.one_database
def test_every_route_refuses_a_guest_but_the_reading_of_the_audit(app, cast, home, there, guest, monkeypatch):
    """What a guest may open is the audit that they are invited to: every other address of every route is tried."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr("app.operations.throttle.spend", lambda limit, subject: None)
    with app.app_context(), work(cast.organisation.id) as w:
        # A whole house beside the audit, of which nothing is theirs.
        rows = fill(w, add_person(w, "Sam Example").id)
    client = sign_in(app.test_client(), guest)
    allowed = set()
    for rule, method in routes(app):
        if "slug" not in rule.arguments:
            continue
        given = {"slug": cast.organisation.slug} | arguments(rule.endpoint, rule.arguments - {"slug"}, rows)
        with app.test_request_context():
            url = app.url_map.bind("localhost").build(rule.endpoint, given, method=method)
        answer = client.open(url, method=method, data={})
        if gate.needed(app, rule.endpoint) is not Permission.SEE_OWN_WORK:
            assert answer.status_code == 403, f"{method} {url}: {answer.status}"
        elif answer.status_code < 400:
            allowed.add(rule.endpoint)
    assert allowed == {"dashboard.show", "my_work.show", "actions.index", "actions.export"}


@pytest.mark.parametrize(
    ("day", "opens"),
    [(date(2026, 6, 2), False), (FIRST, True), (LAST, True), (LAST + timedelta(days=1), False)],
)
def test_it_is_open_from_the_first_day_to_the_last_and_ends_by_itself(app, cast, home, there, today, day, opens):
    assert invite(app.test_client(), cast, home, there["open"]["audit"], since=FIRST.isoformat()).status_code == 303
    guest = join(app, app.test_client())
    # A day of the organisation: in Berlin it is late in the evening.
    today.move_to(f"{day} 21:30:00+00:00")
    client = sign_in(app.test_client(), guest)
    for url in pages_of(home, there["open"]):
        answer = client.get(url)
        assert (answer.status_code == 200) is opens, url
        assert opens or answer.status_code in (403, 404), url
    today.move_to(f"{day} 22:30:00+00:00")
    later = day + timedelta(days=1)
    with_next_day = FIRST <= later <= LAST
    assert (client.get(f"{home}/audits/{there['open']['audit']}").status_code == 200) is with_next_day


def test_after_the_last_day_nothing_of_the_organisation_is_there(app, home, guest, today):
    today.move_to("2026-06-21 09:00:00+00:00")
    client = sign_in(app.test_client(), guest)
    assert client.get(f"{home}/my-work").status_code == 404


def test_a_second_audit_opens_beside_the_first_for_its_own_days(app, cast, home, there, guest, today):
    until = LAST + timedelta(days=10)
    answer = invite(app.test_client(), cast, home, there["other"]["audit"], until=until.isoformat())
    assert answer.status_code == 303
    told = mails(app, EMAIL)[-1]
    assert there["other"]["audit"] in told.subject
    assert told.path.endswith(f"/audits/{there['other']['audit']}")
    client = sign_in(app.test_client(), guest)
    both = [f"{home}/audits/{there[word]['audit']}" for word in ("open", "other")]
    assert [client.get(url).status_code for url in both] == [200, 200]
    today.move_to("2026-06-21 09:00:00+00:00")
    client = sign_in(app.test_client(), guest)
    assert [client.get(url).status_code for url in both] == [404, 200]


def test_the_days_of_a_guest_bind_them_as_one_of_the_team_too(app, cast, home, there, today):
    assert invite(app.test_client(), cast, home, there["open"]["audit"], since=FIRST.isoformat()).status_code == 303
    guest = join(app, app.test_client())
    until = LAST + timedelta(days=10)
    assert invite(app.test_client(), cast, home, there["other"]["audit"], until=until.isoformat()).status_code == 303
    with on_stage(app, cast.organisation) as w:
        for row in w.all(select(Audit).where(Audit.reference == there["open"]["audit"])):
            w.add(TeamMember(audit_id=row.id, person_id=guest.id, role=TeamRole.OBSERVER))
    for day, code in ((FIRST - timedelta(days=1), 404), (FIRST, 200), (LAST, 200), (LAST + timedelta(days=1), 404)):
        today.move_to(f"{day} 09:00:00+00:00")
        client = sign_in(app.test_client(), guest)
        for url in pages_of(home, there["open"]):
            assert client.get(url).status_code == code, (url, day)
        listed = client.get(f"{home}/my-work").text
        assert (there["open"]["audit"] in listed) is (code == 200), day


def test_a_guest_prints_no_draft(app, cast, home, there, guest):
    report = f"{home}/audits/{there['open']['audit']}/report"
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit_reports.begin(w, audit_of(w, there["open"]["audit"], lock=True), "")
    client = sign_in(app.test_client(), guest)
    assert "Print the draft" not in client.get(report).text
    assert post(client, f"{report}/draft", {"entry_key": "k-1"}).status_code == 403


def test_withdrawn_it_is_closed_at_once_and_may_be_opened_anew(app, client, cast, home, there, guest):
    looking = sign_in(app.test_client(), guest)
    url = f"{home}/audits/{there['open']['audit']}"
    assert looking.get(url).status_code == 200
    sign_in(client, cast.quality_manager)
    number = row_ids(app, cast)[0]
    assert "Gita Hall" in client.get(f"{url}/guests/{number}/withdraw").text
    assert post(client, f"{url}/guests/{number}/withdraw").status_code == 303
    assert looking.get(url).status_code == 404
    assert looking.get(f"{home}/my-work").status_code == 404
    assert "Withdrawn" in client.get(f"{url}/guests").text
    assert invite(client, cast, home, there["open"]["audit"]).status_code == 303
    again = sign_in(app.test_client(), guest)
    assert post(again, mails(app, EMAIL)[-1].path).status_code == 303
    assert again.get(url).status_code == 200
    assert row_ids(app, cast) == [number]


def test_who_has_another_audit_left_stays(app, cast, home, there, guest):
    assert invite(app.test_client(), cast, home, there["other"]["audit"]).status_code == 303
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        first = w.all(select(AuditGuest).order_by(AuditGuest.id))[0]
        audit_guests.withdraw(w, first)
    client = sign_in(app.test_client(), guest)
    assert client.get(f"{home}/audits/{there['open']['audit']}").status_code == 404
    assert client.get(f"{home}/audits/{there['other']['audit']}").status_code == 200


def test_an_invitation_that_waits_is_taken_back_with_its_audit(app, client, cast, home, there):
    assert invite(client, cast, home, there["open"]["audit"]).status_code == 303
    path = mails(app, EMAIL)[-1].path
    assert there["open"]["audit"] in mails(app, EMAIL)[-1].body
    number = row_ids(app, cast)[0]
    assert post(client, f"{home}/audits/{there['open']['audit']}/guests/{number}/withdraw").status_code == 303
    assert app.test_client().get(path).status_code == 410


def test_one_invitation_serves_two_audits_and_its_mail_says_so(app, client, cast, home, there):
    for word in ("open", "other"):
        assert invite(client, cast, home, there[word]["audit"]).status_code == 303
    first, second = mails(app, EMAIL)
    assert app.test_client().get(first.path).status_code == 410
    assert all(there[word]["audit"] in second.body for word in ("open", "other"))
    guest = sign_in(app.test_client(), join(app, app.test_client()))
    assert all(guest.get(f"{home}/audits/{there[word]['audit']}").status_code == 200 for word in ("open", "other"))


def test_sent_again_the_old_address_no_longer_works(app, client, cast, home, there):
    invite(client, cast, home, there["open"]["audit"])
    number = row_ids(app, cast)[0]
    assert post(client, f"{home}/audits/{there['open']['audit']}/guests/{number}/send-again").status_code == 303
    first, second = mails(app, EMAIL)
    assert app.test_client().get(first.path).status_code == 410
    assert app.test_client().get(second.path).status_code == 200


def test_days_are_changed_longer_and_shorter(app, client, cast, home, there, guest, today):
    sign_in(client, cast.quality_manager)
    number = row_ids(app, cast)[0]
    url = f"{home}/audits/{there['open']['audit']}"
    answer = post(client, f"{url}/guests/{number}/days", {"since": "", "until": "2026-07-05"})
    assert answer.status_code == 303
    today.move_to("2026-07-05 09:00:00+00:00")
    assert sign_in(app.test_client(), guest).get(url).status_code == 200
    sign_in(client, cast.quality_manager)
    assert (
        post(client, f"{url}/guests/{number}/days", {"since": "2026-07-06", "until": "2026-07-08"}).status_code == 303
    )
    assert sign_in(app.test_client(), guest).get(url).status_code == 404


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"until": "2026-05-31"}, "This day has passed already."),
        ({"until": ""}, "This is needed."),
        ({"since": "2026-06-21"}, "The first day is after the last."),
        ({"email": "no address"}, "email"),
        ({"email": "quentin@marsh.example"}, "belongs to the organisation"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_the_form_comes_back(client, cast, home, there, changes, says):
    answer = invite(client, cast, home, there["open"]["audit"], **changes)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Gita Hall" in answer.text


def test_the_last_day_is_proposed_two_weeks_after_the_audit_or_from_today(client, cast, home, there, today):
    sign_in(client, cast.quality_manager)
    page = f"{home}/audits/{there['open']['audit']}/guests/invite"
    assert 'value="2026-06-15"' in client.get(page).text
    today.move_to("2026-05-01 09:00:00+00:00")
    sign_in(client, cast.quality_manager)
    assert 'value="2026-06-11"' in client.get(page).text


def test_twice_to_one_audit_is_refused(app, client, cast, home, there):
    assert invite(client, cast, home, there["open"]["audit"]).status_code == 303
    assert invite(client, cast, home, there["open"]["audit"]).status_code == 422
    join(app, app.test_client())
    assert "invited to this audit already" in invite(client, cast, home, there["open"]["audit"]).text


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.QUALITY_MANAGER])
def test_inviting_is_the_quality_managers_matter(client, cast, home, there, role):
    sign_in(client, cast.of(role))
    assert post(client, f"{home}/audits/{there['open']['audit']}/guests/invite").status_code == 403


def test_strangers_find_nothing(app, client, cast, home, there, guest):
    sign_in(client, cast.stranger)
    url, number = f"{home}/audits/{there['open']['audit']}/guests", row_ids(app, cast)[0]
    assert client.get(url).status_code == 404
    for path in ("/invite", f"/{number}/days", f"/{number}/withdraw", f"/{number}/send-again"):
        assert post(client, url + path).status_code == 404
    elsewhere = f"/o/{cast.elsewhere.slug}/audits"
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        theirs = plan(w, None, date(2026, 7, 1), kind=AuditKind.INTERNAL).reference
    assert post(client, f"{elsewhere}/{theirs}/guests/{number}/withdraw").status_code == 404
    # The assessor of one audit is not found under another of the same organisation either.
    sign_in(client, cast.quality_manager)
    other = f"{home}/audits/{there['other']['audit']}/guests/{number}"
    assert post(client, f"{other}/withdraw").status_code == 404


def test_a_membership_that_was_ended_shows_as_over(app, client, cast, home, there, guest):
    with on_stage(app, cast.organisation, cast.administrator) as w:
        members.end(w, w.all(select(Membership.id).where(Membership.person_id == guest.id))[0])
    page = sign_in(client, cast.quality_manager).get(f"{home}/audits/{there['open']['audit']}/guests").text
    assert "Over" in page
    assert sign_in(app.test_client(), guest).get(f"{home}/audits/{there['open']['audit']}").status_code == 404


def test_an_erased_assessor_is_a_number_on_the_list_and_their_access_has_ended(app, client, cast, home, there, guest):
    with on_stage(app, cast.organisation, cast.administrator) as w:
        erasure.erase(w, guest.id)
    page = sign_in(client, cast.quality_manager).get(f"{home}/audits/{there['open']['audit']}/guests").text
    assert "Gita" not in page
    assert f"Erased person {guest.id}" in page
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(AuditGuest.ended_at))[0] is not None
        assert w.all(select(Invitation.email)) == [""]


def test_the_journal_keeps_who_was_let_in_and_until_when(app, client, cast, home, there, guest):
    with on_stage(app, cast.organisation) as w:
        kept = w.all(select(JournalEntry).where(JournalEntry.noun == "audit_guest").order_by(JournalEntry.number))
    assert len(kept) == 2
    page = sign_in(client, cast.quality_manager).get(f"{home}/journal/?noun=audit_guest")
    assert page.status_code == 200
    assert there["open"]["audit"] in page.text


def test_the_list_makes_the_same_number_of_queries_however_long_it_is(app, client, cast, home, there):
    sign_in(client, cast.quality_manager)
    url = f"{home}/audits/{there['open']['audit']}/guests"

    def queries():
        with counted(app) as said:
            assert client.get(url).status_code == 200
        return len(said)

    invite(client, cast, home, there["open"]["audit"], email="one@example.org")
    queries()
    few = queries()
    for number in range(5):
        invite(client, cast, home, there["open"]["audit"], email=f"two{number}@example.org")
    assert queries() == few
    assert client.get(url).text.count("@example.org") == 6


@contextmanager
def counted(app):
    said = []
    with app.app_context():
        engine = db.engine

    def listen(*given):
        said.append(given[2])

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def row_ids(app, cast):
    with on_stage(app, cast.organisation) as w:
        return w.all(select(AuditGuest.id).order_by(AuditGuest.id))
