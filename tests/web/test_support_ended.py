"""Support after somebody left, or after the agreement ended: nobody is told any more who does not belong to it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.implementation.plan import Step
from app.models.agreement import Agreement
from app.models.organisation import Membership
from app.operations import agreements, implementation_mail, implementations, members, support
from app.queries.implementations import implementation_by
from tests.cast import Cast, House, Member, post, sign_in
from tests.provided import agree, gives_support
from tests.stage import on_stage
from tests.web.mailbox import mails
from tests.web.test_support import MONDAY, MORNINGS, booked, hidden_in, page_of, rows, slot, stepped, text

NEW_LINK = {"link": "https://meet.example/secret", "notes": "They begin with the register."}


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture
def giver(app: Flask, cast: Cast) -> int:
    """The stranger's organisation is the provider, and staff of the client has booked a session."""
    agree(app, cast.elsewhere, cast.organisation, cast.stranger)
    given = gives_support(app, cast.elsewhere, cast.stranger, MORNINGS)
    url = f"{page_of(cast.organisation)}/{slot(given, '2026-06-03T09:00Z')}"
    assert booked(sign_in(app.test_client(), cast.staff), url).status_code == 303
    return given


def leaves(app: Flask, house: House, by: Member, who: Member) -> None:
    with on_stage(app, house, by) as w:
        members.end(w, w.all(select(Membership.id).where(Membership.person_id == who.id))[0])


def ended(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        (key,) = w.all(select(Agreement.id))
        agreements.end(w, key, as_client=False)


def link_of(app: Flask, cast: Cast) -> str:
    (row,) = rows(app, cast.elsewhere)
    return row.link


def test_who_left_is_told_neither_of_a_session_nor_of_its_link(app: Flask, cast: Cast, giver: int) -> None:
    leaves(app, cast.organisation, cast.administrator, cast.staff)
    before = len(mails(app, cast.staff.email))
    stranger, diary = sign_in(app.test_client(), cast.stranger), f"{page_of(cast.elsewhere)}/diary/S-2026-001"
    assert stepped(stranger, f"{diary}/notes", **NEW_LINK).status_code == 303
    action = {"says": "Send the register.", "owner": str(cast.staff.id), "due_on": "2026-06-08"}
    assert stepped(stranger, f"{diary}/actions/new", **action).status_code == 303
    assert stepped(stranger, f"{diary}/cancel", reason="Ill").status_code == 303
    assert len(mails(app, cast.staff.email)) == before
    assert "secret" in mails(app, cast.stranger.email)[-2].body
    assert "cancelled" in mails(app, cast.stranger.email)[-1].subject


def test_who_left_is_told_of_no_task_of_an_implementation(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        reference = implementations.lay_out(w, implementations.Wish("ISO 9001:2015", w.today, 60)).reference
        details = implementations.TaskDetails(Step.DELIVERY, "Print", w.today, w.today, cast.staff.id)
        task = implementations.add_task(w, reference, details)
    assert len(mails(app, cast.staff.email)) == 1
    leaves(app, cast.organisation, cast.administrator, cast.staff)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = implementation_by(w, reference)
        assert row is not None
        kept = next(each for each in row.tasks if each.id == task.id)
        implementation_mail.tell_owner(w, row, kept)
    assert len(mails(app, cast.staff.email)) == 1


def test_after_the_agreement_no_new_link_is_told_and_notes_are_kept(app: Flask, cast: Cast, giver: int) -> None:
    ended(app, cast)
    before, link = len(mails(app, cast.staff.email)), link_of(app, cast)
    stranger, diary = sign_in(app.test_client(), cast.stranger), f"{page_of(cast.elsewhere)}/diary/S-2026-001"
    refused = stepped(stranger, f"{diary}/notes", **NEW_LINK)
    assert refused.status_code == 422
    assert f"The agreement with {cast.organisation.name} has ended" in text(refused)
    action = {"says": "Come back.", "owner": str(cast.staff.id), "due_on": "2026-06-08"}
    assert "has ended" in text(stepped(stranger, f"{diary}/actions/new", **action))
    assert link_of(app, cast) == link
    assert stepped(stranger, f"{diary}/notes", **{**NEW_LINK, "link": link}).status_code == 303
    assert len(mails(app, cast.staff.email)) == before
    own = {**action, "owner": str(cast.stranger.id)}
    assert stepped(stranger, f"{diary}/actions/new", **own).status_code == 303
    assert stepped(stranger, f"{diary}/cancel", reason="It is over.").status_code == 303
    assert "cancelled" in mails(app, cast.staff.email)[-1].subject


def test_after_the_agreement_nothing_is_booked_or_moved(app: Flask, cast: Cast, giver: int) -> None:
    staff, home = sign_in(app.test_client(), cast.staff), page_of(cast.organisation)
    (row,) = rows(app, cast.elsewhere)
    urls = [f"{home}/{slot(giver, '2026-06-04T09:00Z')}", f"{home}/{row.id}/move?person={giver}&at=2026-06-04T09:00Z"]
    opened = [(url, hidden_in(staff.get(url), "seen"), hidden_in(staff.get(url), "entry_key")) for url in urls]
    ended(app, cast)
    for url, seen, key in opened:
        answers: list[Any] = [
            post(staff, url, {"seen": seen, "entry_key": key, "agenda": "More"}, follow_redirects=True),
            staff.get(url, follow_redirects=True),
        ]
        for answer in answers:
            assert f"The agreement with {cast.elsewhere.name} has ended" in text(answer)
    assert [each.starts_at for each in rows(app, cast.elsewhere)] == [row.starts_at]
    with on_stage(app, cast.organisation, cast.staff) as w:
        wanted = support.Wanted(giver, row.starts_at.replace(day=4))
        for act in (lambda: support.book(w, wanted, "More"), lambda: support.move(w, row.id, None, wanted, "More")):
            with pytest.raises(RefusedError, match="has ended"):
                act()
    never = sign_in(app.test_client(), cast.stranger)
    assert never.get(f"{page_of(cast.elsewhere)}/{slot(giver, '2026-06-04T09:00Z')}").status_code == 404
