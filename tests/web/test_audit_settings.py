"""What is chosen about audits and nonconformities: days, waiting time, impartiality, and who owns the system."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.findings.choices import CHOICES
from app.domain.permission import Role
from app.models.organisation import Membership
from app.operations import organisations
from app.queries.members import system_owners
from tests.cases import acting, opened
from tests.cast import Cast, organisation_row, post, sign_in

DEFAULTS = {choice.name: str(choice.default) for choice in CHOICES}


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/settings/audits"


@pytest.fixture
def admin(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.administrator)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def seen(client: FlaskClient, url: str) -> str:
    return text(client.get(url)).split('name="seen"')[1].split('value="')[1].split('"')[0]


def test_each_choice_says_what_it_does_why_it_is_open_and_its_default(admin: FlaskClient, url: str) -> None:
    page = text(admin.get(url))
    for choice in CHOICES:
        for words in (choice.label, choice.effect, choice.open.says, f"By default: {choice.default} {choice.unit}."):
            assert words in page
    assert "Nobody is named yet" in page
    assert "Every clause is audited once within" in text(admin.get("/help/"))


def test_a_new_nonconformity_has_the_days_that_were_chosen_and_an_old_one_keeps_its_own(
    app: Flask, cast: Cast, admin: FlaskClient, url: str
) -> None:
    raised_on = date(2026, 5, 18)
    with acting(app, cast.organisation, cast.auditor) as w:
        before = opened(w, raised_on=raised_on)
        assert (before.answer_due_on, before.action_due_on) == (date(2026, 6, 17), date(2026, 7, 17))
    said = {**DEFAULTS, "major_answer_days": "10", "major_action_days": "20", "seen": seen(admin, url)}
    assert post(admin, url, said).status_code == 303
    with acting(app, cast.organisation, cast.auditor) as w:
        after = opened(w, raised_on=raised_on)
        assert (after.answer_due_on, after.action_due_on) == (date(2026, 5, 28), date(2026, 6, 7))
    assert "plan within 10 days, actions within 20" in text(admin.get(url.removesuffix("audits")))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"major_answer_days": "0"}, "From 1 to 730 days."),
        ({"major_answer_days": "731"}, "From 1 to 730 days."),
        ({"major_answer_days": "soon"}, "is no whole number"),
        ({"major_answer_days": ""}, "This is needed."),
        ({"coverage_months": "61"}, "From 1 to 60 months."),
        ({"minor_action_days": "29"}, "Actions cannot be due before their plan, which has 30 days."),
        ({"effectiveness_days": "-1"}, "From 0 to 730 days."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    admin: FlaskClient, url: str, typed: dict[str, str], words: str
) -> None:
    answer = post(admin, url, {**DEFAULTS, "seen": seen(admin, url), **typed})
    assert answer.status_code == 422
    assert words in text(answer)


def test_without_a_waiting_time_effectiveness_is_judged_at_once(admin: FlaskClient, url: str) -> None:
    assert post(admin, url, {**DEFAULTS, "effectiveness_days": "0", "seen": seen(admin, url)}).status_code == 303


def test_the_second_of_two_sees_both(app: Flask, cast: Cast, admin: FlaskClient, url: str) -> None:
    version = seen(admin, url)
    with acting(app, cast.organisation, cast.administrator) as w:
        organisations.choose_audits(
            w, None, {choice.name: choice.default for choice in CHOICES} | {"coverage_months": 24}
        )
    answer = post(admin, url, {**DEFAULTS, "impartiality_months": "12", "seen": version})
    assert answer.status_code == 422
    assert "Put mine over theirs" in text(answer)
    with acting(app, cast.organisation, cast.administrator) as w:
        assert organisation_row(w, cast.organisation).coverage_months == 24


def test_only_who_manages_settings_chooses(client: FlaskClient, cast: Cast, url: str) -> None:
    for role in Role:
        expected = 200 if role is Role.ADMINISTRATOR else 403
        assert sign_in(client, cast.of(role)).get(url).status_code == expected
    assert sign_in(client, cast.stranger).get(url).status_code == 404


def test_who_owns_the_system_is_named_among_the_members(app: Flask, cast: Cast, admin: FlaskClient, url: str) -> None:
    members = f"/o/{cast.organisation.slug}/settings/members"
    with acting(app, cast.organisation, cast.administrator) as w:
        ids = {
            who: w.all(select(Membership.id).where(Membership.person_id == person.id))[0]
            for who, person in (("manager", cast.quality_manager), ("assessor", cast.assessor))
        }
    manager = {"roles": ["quality-manager"], "owns_system": "y"}
    assert post(admin, f"{members}/{ids['manager']}", manager).status_code == 303
    assert "owns the management system" in text(admin.get(members))
    assert "Quentin Marsh. They sign the reports" in text(admin.get(url))
    with acting(app, cast.organisation, cast.administrator) as w:
        assert system_owners(w) == ["Quentin Marsh"]
    outsider = {"roles": ["assessor"], "access_until": "2099-01-01", "owns_system": "y"}
    refused = post(admin, f"{members}/{ids['assessor']}", outsider)
    assert refused.status_code == 422
    assert "owns no part of the system" in text(refused)
    assert post(admin, f"{members}/{ids['manager']}", {"roles": ["quality-manager"]}).status_code == 303
    with acting(app, cast.organisation, cast.administrator) as w:
        assert system_owners(w) == []
