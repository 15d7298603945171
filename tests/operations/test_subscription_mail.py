"""The other side of a subscription hears of each act by mail, once a person; whoever acts is told nothing."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.permission import Role
from app.domain.subscription.plan import Allowance
from app.models.outbox import OutboxMail
from app.operations import subscriptions
from app.operations.subscriptions import AdditionDetails
from tests.cast import Cast
from tests.stage import on_stage
from tests.subscribed import agree, joins, starting, terms


@pytest.fixture(autouse=True)
def _a_day_in_its_first_month(app: Flask) -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


def told(app: Flask, cast: Cast) -> list[tuple[str, str]]:
    """Who had which mail, and forget it."""
    found = []
    with on_stage(app, cast.organisation) as w:
        for mail in w.all(select(OutboxMail)):
            (house,) = (each for each in (cast.organisation, cast.elsewhere) if each.id == mail.organisation_id)
            assert f"/o/{house.slug}/" in mail.body
            assert mail.html
            found.append((mail.to_name, mail.subject))
            w.session.delete(mail)
    return sorted(found)


def offered(app: Flask, cast: Cast, on: date = date(2026, 8, 31), replaces: int | None = None) -> int:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        if replaces is None:
            agree(w, cast.organisation, cast.stranger)
        return subscriptions.offer(w, cast.organisation.id, terms(), starting(on), replaces_id=replaces).id


CLIENT, SELLER = "Alder Works", "Birch Hosting"
DECIDE = ("Ada Minton", "Quentin Marsh")


def test_each_side_hears_of_what_the_other_did_from_the_offer_to_the_end(app: Flask, cast: Cast) -> None:
    row = offered(app, cast)
    assert told(app, cast) == [(who, f"{SELLER} offers Premier, SUB-001 · {CLIENT}") for who in DECIDE]
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, row)
    assert told(app, cast) == [("Strange Osgood", f"{CLIENT} accepted Premier, SUB-001 · {SELLER}")]
    bought = AdditionDetails(what=Allowance.LMS_SEATS, quantity=3, starts_on=date(2026, 9, 15))
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.add(w, row, bought)
    assert told(app, cast) == [("Strange Osgood", f"{CLIENT} bought 3 more LMS seats · {SELLER}")]
    sold = AdditionDetails(what=Allowance.INTERNAL, quantity=1, starts_on=date(2026, 9, 15), once_minor=80_000)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.add(w, row, sold)
    assert told(app, cast) == [(who, f"{SELLER} sold 1 more internal audit · {CLIENT}") for who in DECIDE]
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.pause(w, row, date(2026, 11, 30), 2, "Moving house.")
        (mail, *_) = w.all(select(OutboxMail))
        assert "It rests from 30 Nov 2026 through 30 Jan 2027; its last day is 30 Oct 2029 then." in mail.body
        assert "Why: Moving house." in mail.body
    assert told(app, cast) == [(who, f"{SELLER} paused SUB-001 · {CLIENT}") for who in DECIDE]
    another = offered(app, cast, date(2027, 3, 1), row)
    assert [subject for _, subject in told(app, cast)] == [f"{SELLER} offers Premier, SUB-002 · {CLIENT}"] * 2
    with on_stage(app, cast.organisation, cast.administrator) as w:
        subscriptions.accept(w, another)
        (mail,) = w.all(select(OutboxMail))
        assert "SUB-001, which it continues, ends on 28 Feb 2027." in mail.body
    assert told(app, cast) == [("Strange Osgood", f"{CLIENT} accepted Premier, SUB-002 · {SELLER}")]
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        subscriptions.end(w, another, date(2027, 12, 31), "Sold.")
    assert told(app, cast) == [(who, f"{SELLER} ended SUB-002 · {CLIENT}") for who in DECIDE]


def test_the_seller_hears_that_an_offer_is_declined(app: Flask, cast: Cast) -> None:
    row = offered(app, cast)
    told(app, cast)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.decline(w, row)
    assert told(app, cast) == [("Strange Osgood", f"{CLIENT} declined Premier, SUB-001 · {SELLER}")]


def test_whoever_acts_is_told_nothing_though_they_belong_to_the_other_side_too(app: Flask, cast: Cast) -> None:
    joins(app, cast.elsewhere, cast.quality_manager, Role.PROVIDER_STAFF)
    with on_stage(app, cast.elsewhere, cast.quality_manager) as w:
        agree(w, cast.organisation, cast.stranger)
        subscriptions.offer(w, cast.organisation.id, terms(), starting())
    assert [name for name, _ in told(app, cast)] == ["Ada Minton"]


def test_of_what_an_organisation_keeps_itself_nobody_is_told(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = subscriptions.record_own(w, terms(), starting())
        subscriptions.pause(w, row.id, date(2026, 11, 30), 2, "Moving house.")
        subscriptions.renew_own(w, row.id)
        subscriptions.end(w, row.id, date(2026, 12, 31), "Sold.")
    assert told(app, cast) == []
