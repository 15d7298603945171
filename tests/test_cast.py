"""The cast of the tests stands as the tests believe it stands."""

from flask import Flask
from flask.testing import FlaskClient

from app.web.identity import load_visitor
from tests.cast import Cast, begin_sign_in, csrf_token, sign_in


def test_each_of_the_cast_can_be_signed_in(app: Flask, cast: Cast) -> None:
    for member in (cast.quality_manager, cast.auditor, cast.administrator, cast.stranger):
        token = begin_sign_in(app, member)
        with app.app_context():
            visitor = load_visitor(token)
            assert visitor is not None
            assert (visitor.id, visitor.name) == (member.id, member.name)


def test_a_signed_in_client_keeps_its_csrf_token(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.staff)
    assert csrf_token(client) != ""
    with client.session_transaction() as session:
        assert session["csrf_token"]
        assert session["_user_id"]
