"""What is typed of a subscription and of the day of a document, and cannot be: told at its field, never a fault."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.models.subscription import Subscription
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage

TYPED = {"name": "Own", "months": "12", "price": "100", "currency": "EUR", "starts_on": "2026-09-10"}
AMOUNTS = ("1e999999", "1e-999999", "NaN", "Infinity", "-1e999999")


@pytest.mark.parametrize(
    ("field", "said", "words"),
    [
        *(
            (field, said, "is no amount of money in EUR")
            for field in ("price", "audit_manager_seat", "lms_seat", "deposit")
            for said in AMOUNTS
        ),
        *(("tax_rate", said, "rate") for said in ("1e999999", "1e-999999", "NaN", "Infinity")),
        ("currency", "ZZZ", "There is no currency ZZZ"),
        ("starts_on", "0001-01-01", "between 1980 and 2999"),
        ("starts_on", "9999-12-31", "between 1980 and 2999"),
        ("first_due_on", "0001-01-01", "between 1980 and 2999"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    client: FlaskClient, app: Flask, cast: Cast, field: str, said: str, words: str
) -> None:
    manager = sign_in(client, cast.quality_manager)
    answer = post(manager, f"/o/{cast.organisation.slug}/plan/new", {**TYPED, field: said})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{said}"' in answer.text
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(Subscription)) == []
