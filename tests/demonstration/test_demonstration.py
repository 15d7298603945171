"""The demonstration tells the same story on whatever day it is loaded."""

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app import demonstration
from app.domain.certification.facts import AuditKind, State
from app.domain.certification.risk import Risk
from app.models.audit import Audit, AuditProgress
from app.models.certificate import Certificate, CertificateVerdict
from app.models.organisation import Organisation, Site
from app.models.person import Person
from app.queries.facts import facts_of
from app.work import Work, work

DAYS = ("2026-11-23", "2026-12-31", "2027-01-01", "2028-02-29", "2029-08-31", "2031-06-15")
"""Ordinary days, and the days on which date arithmetic likes to trip."""


def told(w: Work) -> dict[str, tuple[State, Risk]]:
    rows = w.execute(
        select(Certificate.reference, CertificateVerdict.state, CertificateVerdict.risk).join(
            CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id
        )
    )
    return {reference: (state, Risk(risk)) for reference, state, risk in rows}


@pytest.mark.parametrize("day", DAYS)
def test_it_tells_the_same_story_on_any_day(app: Flask, day: str) -> None:
    with time_machine.travel(f"{day}T10:00:00+00:00"), app.app_context():
        with work(None) as w:
            demonstration.load(w)
            ids = {row.slug: row.id for row in w.all(select(Organisation))}
        with work(ids["northwind"]) as w:
            northwind = told(w)
            countries = set(w.all(select(Site.country)))
            held = w.all(select(Audit).where(Audit.progress == AuditProgress.CLOSED))
            open_ = w.all(select(Audit).where(Audit.progress.in_([AuditProgress.PLANNED, AuditProgress.CONFIRMED])))
            editions = {facts.standard for facts in facts_of(w).values()}
            today = w.today
        with work(ids["fjordlicht"]) as w:
            fjordlicht = told(w)
        with work(ids["harbour"]) as w:
            harbour = told(w)
    assert northwind["C-20000-1"] == (State.ACTIVE, Risk.AT_RISK)
    assert northwind["C-27001-1"][0] is State.ACTIVE
    assert northwind["C-27001-1"][1] in (Risk.SAFE, Risk.ATTENTION)
    assert northwind["C-19770-1"][0] is State.APPLICANT
    assert fjordlicht["C-27001-1"][0] is State.APPLICANT
    assert harbour["C-9001-1"] == (State.EXPIRED_RESTORABLE, Risk.BROKEN)
    assert "ISO/IEC 27001:2013" in editions
    assert countries == {"DE", "NL"}
    assert all(audit.ends_on <= today for audit in held)
    assert all(audit.starts_on >= today for audit in open_)
    assert all(audit.starts_on.weekday() < 5 and audit.ends_on.weekday() < 5 for audit in held + open_)


def test_the_transition_of_2025_lies_between_two_surveillances(app: Flask) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00"), app.app_context():
        with work(None) as w:
            demonstration.load(w)
            northwind = w.session.scalars(select(Organisation.id).where(Organisation.slug == "northwind")).one()
        with work(northwind) as w:
            row = w.session.scalars(select(Certificate).where(Certificate.reference == "C-27001-1")).one()
            assert (row.first_edition, row.edition) == ("2013", "2022")
            transition = w.session.scalars(select(Audit).where(Audit.kind == AuditKind.TRANSITION)).one()
            assert transition.starts_on.year == 2025


def test_everybody_who_is_named_can_sign_in(app: Flask) -> None:
    with app.app_context(), work(None) as w:
        demonstration.load(w)
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


def test_the_sign_ins_are_printed_where_the_demonstration_is_loaded_alone(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["demo", "sign-ins"]).output == ""
    runner.invoke(args=["demo", "load"])
    printed = runner.invoke(args=["demo", "sign-ins"]).output
    assert demonstration.PASSWORD in printed
    assert "ingrid@northwind.example" in printed
