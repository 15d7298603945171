"""Members: inviting, joining, roles, leaving and coming back."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.permission import Role
from app.models.organisation import Invitation, Membership
from app.models.person import Person
from app.operations import throttle
from app.operations.throttle import Limit
from app.work import now_utc, work
from tests.cast import Cast, Member, post, sign_in
from tests.web.mailbox import mails

MEMBERS = "/o/alder-works/settings/members"
NEW = {"email": "New.Comer@Example.org", "name": "Newton Comer", "roles": ["auditor", "quality-manager"]}
PASSWORD = "seven lanterns drift northwards"


def membership(app: Flask, cast: Cast, person: Member) -> tuple[int, frozenset[Role], bool]:
    """The number of a membership in the organisation of the cast, its roles, and whether it is open."""
    columns = select(Membership.id, Membership.roles, Membership.ended_at).where(Membership.person_id == person.id)
    with app.app_context(), work(cast.organisation.id, writes=False) as w:
        row = w.execute(columns).one()
    return row[0], row[1], row[2] is None


def person_with(app: Flask, email: str) -> Member | None:
    columns = select(Person.id, Person.name, Person.email).where(Person.email == email)
    with app.app_context(), work(None, writes=False) as w:
        row = w.execute(columns).one_or_none()
    return Member(*row) if row else None


def invitation_id(app: Flask, cast: Cast) -> int:
    with app.app_context(), work(cast.organisation.id, writes=False) as w:
        return w.all(select(Invitation.id).order_by(Invitation.id.desc()))[0]


def invite(app: Flask, client: FlaskClient, cast: Cast, **changes) -> str:
    """Invite somebody, and give the address in the mail."""
    sign_in(client, cast.administrator)
    answer = post(client, f"{MEMBERS}/invite", {**NEW, **changes})
    assert answer.status_code == 303, answer.text
    return mails(app)[-1].path


def test_the_list_names_everybody_with_their_roles(client: FlaskClient, cast: Cast) -> None:
    page = sign_in(client, cast.administrator).get(MEMBERS).text
    for role in Role:
        assert cast.of(role).name in page
        assert role.label in page
    assert cast.stranger.name not in page
    assert "7 people belong to Alder Works." in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_members_are_the_administrators_matter(client: FlaskClient, cast: Cast, role: Role) -> None:
    sign_in(client, cast.of(role))
    assert client.get(MEMBERS).status_code == 403
    assert post(client, f"{MEMBERS}/invite", NEW).status_code == 403


def test_a_stranger_sees_nothing(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.stranger)
    assert client.get(MEMBERS).status_code == 404
    assert post(client, f"{MEMBERS}/1/end").status_code == 404


def test_a_member_of_another_organisation_is_not_found_by_number(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context(), work(cast.elsewhere.id, writes=False) as w:
        theirs = w.all(select(Membership.id))[0]
    sign_in(client, cast.administrator)
    for path in (f"/{theirs}", f"/{theirs}/end", f"/{theirs}/erase"):
        assert client.get(MEMBERS + path).status_code == 404
        assert post(client, MEMBERS + path, {"roles": ["staff"]}).status_code == 404
    assert post(client, f"{MEMBERS}/{theirs}/bring-back").status_code == 404
    assert post(client, f"{MEMBERS}/invitations/999/withdraw").status_code == 404


def test_somebody_new_accepts_and_is_signed_in(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = invite(app, client, cast)
    mail = mails(app)[-1]
    assert mail.to == "new.comer@example.org"
    assert "Ada Minton invites you to Alder Works" in mail.body
    guest = app.test_client()
    page = guest.get(path)
    assert page.status_code == 200
    assert 'value="Newton Comer"' in page.text
    weak = post(guest, path, {"name": "Newton Comer", "password": "newton.comer1"})
    assert weak.status_code == 422
    assert person_with(app, "new.comer@example.org") is None
    assert post(guest, path, {"name": "Newton C. Comer", "password": PASSWORD}).status_code == 303
    assert guest.get("/account/").status_code == 200
    person = person_with(app, "new.comer@example.org")
    assert person is not None
    assert person.name == "Newton C. Comer"
    assert membership(app, cast, person)[1:] == (frozenset({Role.AUDITOR, Role.QUALITY_MANAGER}), True)


def test_somebody_with_an_account_signs_in_and_joins(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = invite(app, client, cast, email=cast.stranger.email.upper(), name="Somebody")
    guest = app.test_client()
    page = guest.get(path).text
    assert "There is an account with this email address already" in page
    assert post(guest, path, {"name": "Impostor", "password": PASSWORD}).status_code == 403
    sign_in(guest, cast.stranger)
    assert "Join Alder Works" in guest.get(path).text
    assert post(guest, path).status_code == 303
    assert membership(app, cast, cast.stranger)[2]
    assert guest.get("/").status_code == 200


def test_an_invitation_is_for_the_person_it_names(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = invite(app, client, cast, email=cast.stranger.email)
    other = sign_in(app.test_client(), cast.staff)
    assert "this invitation is for another email address" in other.get(path).text
    assert post(other, path).status_code == 403
    unknown = invite(app, client, cast)
    assert post(other, unknown, {"name": "X", "password": PASSWORD}).status_code == 403


def test_an_invitation_is_accepted_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = invite(app, client, cast)
    post(app.test_client(), path, {"name": "Newton Comer", "password": PASSWORD})
    again = app.test_client()
    assert again.get(path).status_code == 410
    assert post(again, path, {"name": "Newton Comer", "password": PASSWORD}).status_code == 410


def test_of_two_who_accept_at_once_one_joins(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = invite(app, client, cast)
    answers: list[int] = []

    def go() -> None:
        answers.append(post(app.test_client(), path, {"name": "Newton", "password": PASSWORD}).status_code)

    threads = [threading.Thread(target=go) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [303, 410, 410]


def test_a_withdrawn_invitation_no_longer_works(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = invite(app, client, cast)
    number = invitation_id(app, cast)
    assert post(client, f"{MEMBERS}/invitations/{number}/withdraw").status_code == 303
    assert app.test_client().get(path).status_code == 410
    assert post(app.test_client(), path, {"name": "N", "password": PASSWORD}).status_code == 410
    assert post(client, f"{MEMBERS}/invitations/{number}/send-again").status_code == 422
    assert "Newton Comer" not in client.get(MEMBERS).text.partition("<main")[2].partition("<table")[2]


def test_an_invitation_sent_again_has_a_new_address(app: Flask, client: FlaskClient, cast: Cast) -> None:
    old = invite(app, client, cast)
    assert post(client, f"{MEMBERS}/invitations/{invitation_id(app, cast)}/send-again").status_code == 303
    new = mails(app)[-1].path
    assert new != old
    assert app.test_client().get(old).status_code == 410
    assert app.test_client().get(new).status_code == 200


def test_an_invitation_runs_out_after_two_weeks(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = invite(app, client, cast)
    with time_machine.travel(now_utc() + timedelta(days=15), tick=False):
        assert app.test_client().get(path).status_code == 410
        assert "has run out" in sign_in(client, cast.administrator).get(MEMBERS).text
        assert invite(app, client, cast) != path


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"email": "stella@farrow.example"}, "is a member already"),
        ({"email": "nonsense"}, "not an email address"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["king"]}, "not a valid choice"),
        ({"roles": ["assessor"]}, "invited until a day"),
        ({"roles": ["assessor"], "access_until": "2001-01-01"}, "passed already"),
        ({"roles": ["assessor", "auditor"], "access_until": "2999-01-01"}, "no other role"),
        ({"roles": ["auditor"], "access_until": "2999-01-01"}, "Only the access of an external assessor"),
        ({"roles": ["assessor"], "access_until": "2026-02-30"}, "Not a valid date"),
        ({"name": ""}, "needed"),
    ],
)
def test_what_cannot_be_offered_is_refused_at_its_field(
    app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, object], says: str
) -> None:
    sign_in(client, cast.administrator)
    answer = post(client, f"{MEMBERS}/invite", {**NEW, **changes})
    assert answer.status_code == 422
    assert says in answer.text
    assert mails(app) == []


def test_nobody_is_invited_twice_at_a_time(app: Flask, client: FlaskClient, cast: Cast) -> None:
    invite(app, client, cast)
    answer = post(client, f"{MEMBERS}/invite", {**NEW, "email": "NEW.comer@example.org"})
    assert answer.status_code == 422
    assert "invited already" in answer.text


def test_invitations_are_counted(app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "INVITE", Limit("invite", 1, timedelta(hours=1)))
    invite(app, client, cast)
    answer = post(client, f"{MEMBERS}/invite", {**NEW, "email": "another@example.org"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_an_assessors_access_ends_by_itself(app: Flask, client: FlaskClient, cast: Cast) -> None:
    until = (now_utc() + timedelta(days=9)).date()
    path = invite(app, client, cast, roles=["assessor"], access_until=until.isoformat())
    guest = app.test_client()
    post(guest, path, {"name": "Newton Comer", "password": PASSWORD})
    person = person_with(app, "new.comer@example.org")
    assert person is not None
    assert "Alder Works" in guest.get("/account/").text
    with time_machine.travel(now_utc() + timedelta(days=11), tick=False):
        late = sign_in(app.test_client(), person)
        assert "Alder Works" not in late.get("/account/").text
        assert late.get("/o/alder-works/").status_code == 404


def test_roles_are_changed(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.administrator)
    number = membership(app, cast, cast.staff)[0]
    assert post(client, f"{MEMBERS}/{number}", {"roles": ["auditor", "staff"]}).status_code == 303
    assert membership(app, cast, cast.staff)[1] == frozenset({Role.AUDITOR, Role.STAFF})
    assert "Choose at least one role" in post(client, f"{MEMBERS}/{number}", {"roles": []}).text


def test_the_last_administrator_is_neither_stripped_nor_ended(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.administrator)
    number = membership(app, cast, cast.administrator)[0]
    for path, data in ((f"{MEMBERS}/{number}", {"roles": ["staff"]}), (f"{MEMBERS}/{number}/end", {})):
        answer = post(client, path, data)
        assert answer.status_code == 422
        assert "this is the last one" in answer.text
    assert membership(app, cast, cast.administrator)[1:] == (frozenset({Role.ADMINISTRATOR}), True)
    other = membership(app, cast, cast.staff)[0]
    post(client, f"{MEMBERS}/{other}", {"roles": ["administrator"]})
    assert post(client, f"{MEMBERS}/{number}", {"roles": ["staff"]}).status_code == 303


def test_two_administrators_cannot_end_each_other_at_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.administrator)
    mine, theirs = membership(app, cast, cast.administrator)[0], membership(app, cast, cast.staff)[0]
    post(client, f"{MEMBERS}/{theirs}", {"roles": ["administrator"]})
    answers: list[int] = []

    def end(who: Member, number: int) -> None:
        answers.append(post(sign_in(app.test_client(), who), f"{MEMBERS}/{number}/end").status_code)

    threads = [
        threading.Thread(target=end, args=(cast.administrator, theirs)),
        threading.Thread(target=end, args=(cast.staff, mine)),
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers.count(303) == 1
    assert membership(app, cast, cast.administrator)[2] != membership(app, cast, cast.staff)[2]


def test_a_membership_ends_and_comes_back(app: Flask, client: FlaskClient, cast: Cast) -> None:
    staff = sign_in(app.test_client(), cast.staff)
    sign_in(client, cast.administrator)
    number = membership(app, cast, cast.staff)[0]
    assert "End the membership of Stella Farrow?" in client.get(f"{MEMBERS}/{number}/end").text
    assert post(client, f"{MEMBERS}/{number}/end").status_code == 303
    assert "Alder Works" not in staff.get("/account/").text
    assert staff.get("/o/alder-works/").status_code == 404
    assert "ended" in client.get(MEMBERS).text
    assert post(client, f"{MEMBERS}/{number}").status_code == 422
    assert post(client, f"{MEMBERS}/{number}/bring-back").status_code == 303
    assert staff.get("/o/alder-works/").status_code != 404


def test_somebody_who_left_is_invited_back(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.administrator)
    number = membership(app, cast, cast.staff)[0]
    post(client, f"{MEMBERS}/{number}/end")
    path = invite(app, client, cast, email=cast.staff.email, roles=["auditor"])
    assert post(sign_in(app.test_client(), cast.staff), path).status_code == 303
    assert membership(app, cast, cast.staff) == (number, frozenset({Role.AUDITOR}), True)


def test_of_two_who_change_the_same_roles_the_second_is_shown_both(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.administrator)
    path = f"{MEMBERS}/{membership(app, cast, cast.staff)[0]}"
    seen = client.get(path).text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert post(client, path, {"roles": ["auditor"], "seen": seen}).status_code == 303
    late = post(client, path, {"roles": ["asset-manager"], "seen": seen})
    assert late.status_code == 422
    assert "changed by somebody else" in late.text
    assert "Now saved: Auditor." in late.text
    assert membership(app, cast, cast.staff)[1] == frozenset({Role.AUDITOR})
    seen = late.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert post(client, path, {"roles": ["asset-manager"], "seen": seen}).status_code == 303
