"""A name holds no sign that nobody sees: none that turns the direction of writing, none without a width."""

from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.writing import without_unseen
from app.models.asset import Asset
from app.models.organisation import Organisation, Site
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage

TURNED = "Anna\u202egreB"
SAYS = "It held signs that nobody sees"
HERE = {"country": "DE", "time_zone": "Europe/Berlin"}
FORMS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("administrator", "settings/members/invite", "name", {"email": "new@example.org", "roles": ["auditor"]}),
    ("administrator", "settings/organisation", "name", HERE),
    ("administrator", "settings/sites/new", "name", HERE),
    ("asset_manager", "assets/new", "name", {"tag": "NW-9", "kind": "hardware", "status": "deployed",
                                             "criticality": "low", "in_scope": "y"}),
    ("asset_manager", "employees/new", "name", {"number": "P-9"}),
    ("quality_manager", "audits/new", "team-0-name", {"team-0-email": "b@example.org"}),
]  # fmt: skip


@pytest.mark.parametrize(("role", "path", "field", "said"), FORMS)
def test_a_sign_that_nobody_sees_is_refused_at_the_field(
    app: Flask, cast: Cast, client: FlaskClient, role: str, path: str, field: str, said: dict[str, Any]
) -> None:
    sign_in(client, getattr(cast, role))
    answer = post(client, f"/o/{cast.organisation.slug}/{path}", {**said, field: TURNED})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert SAYS in page
    assert 'value="AnnagreB"' in page
    with on_stage(app, cast.organisation) as w:
        for column in (Site.name, Asset.name, Organisation.name):
            assert [name for name in w.session.scalars(select(column)) if "gre" in name] == []


def test_ones_own_name_holds_none(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    answer = post(client, "/account/", {"name": TURNED})
    assert answer.status_code == 422
    assert SAYS in answer.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u202eb\u202cc", "abc"),
        ("a\u2066b\u2069c", "abc"),
        ("\u200eאב\u200f", "אב"),
        ("a\u200bb\ufeffc\x07", "abc"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("👩\u200d🔧", "👩\u200d🔧"),
    ],
)
def test_what_nobody_sees_goes_and_what_joins_letters_stays(typed: str, kept: str) -> None:
    assert without_unseen(typed) == kept
