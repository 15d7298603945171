"""The demonstration is loaded into an empty database alone, and says how to sign in to it."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app import demonstration
from app.models.organisation import Organisation
from app.models.person import Person
from app.work import work


def test_everybody_who_is_named_can_sign_in(app: Flask, demonstrate: Callable[[], None]) -> None:
    demonstrate()
    with app.app_context(), work(None, writes=False) as w:
        mails = set(w.all(select(Person.email)))
    assert {mail for mail, _role in demonstration.SIGN_INS} <= mails


def test_a_database_that_holds_anything_is_refused_and_left_alone(app: Flask, runner: FlaskCliRunner) -> None:
    with app.app_context(), work(None) as w:
        w.add(Person(email="first@person.example", name="First Person", created_at=w.now))
    refused = runner.invoke(args=["demo", "load"])
    assert refused.exit_code == 1
    assert "already holds" in refused.output
    assert runner.invoke(args=["demo", "load", "--if-empty"]).exit_code == 0
    with app.app_context(), work(None) as w:
        assert w.all(select(Person.email)) == ["first@person.example"]
        assert w.all(select(Organisation)) == []


def test_the_sign_ins_are_printed_where_the_demonstration_is_loaded_alone(
    app: Flask, demonstrate: Callable[[], None], runner: FlaskCliRunner
) -> None:
    assert runner.invoke(args=["demo", "sign-ins"]).output == ""
    demonstrate()
    printed = runner.invoke(args=["demo", "sign-ins"]).output
    assert demonstration.PASSWORD in printed
    assert "ingrid@northwind.example" in printed
    # Everybody has it, as the sign-in page says: one hash, made once.
    with app.app_context(), work(None, writes=False) as w:
        assert len(w.all(select(Person.password_hash).distinct())) == 1
