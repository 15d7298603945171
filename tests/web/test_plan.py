"""The plan on screen: recorded, bought to, paused, ended, each shown before it is done; and nobody else sees it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.permission import Role
from app.domain.programme.progress import AuditProgress
from app.domain.subscription.plan import Allowance, Allowances
from app.models.subscription import Subscription, SubscriptionAddition, SubscriptionPause
from app.operations import plans, subscriptions
from app.operations.audits import plan as put_on
from app.operations.audits import take_step
from app.queries.subscriptions import subscriptions_of, term_of, uses_of
from tests.cast import Cast, House, Member, post, sign_in
from tests.stage import certificate, on_stage, plan, wish
from tests.subscribed import accepted, agree, starting, terms

TYPED = {
    "name": "Premier",
    "months": "36",
    "price": "9999.99",
    "currency": "EUR",
    "tax_rate": "19",
    "audit_manager_seats": "2",
    "lms_seats": "2",
    "registration_audits": "1",
    "surveillance_audits": "2",
    "internal_audits": "6",
    "implementation_days": "90",
    "support_sessions": "",
    "audit_manager_seat": "30",
    "lms_seat": "10.00",
    "starts_on": "2026-08-31",
}


@pytest.fixture(autouse=True)
def _a_day_in_its_first_month(app: Flask) -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


def url(cast: Cast, path: str = "") -> str:
    return f"/o/{cast.organisation.slug}/plan{path}"


def kept(app: Flask, house: House, who: Member, **changes: Any) -> int:
    with on_stage(app, house, who) as w:
        return subscriptions.record_own(w, terms(**changes), starting()).id


def test_it_is_recorded_and_shows_what_is_promised_and_every_instalment(
    manager: FlaskClient, app: Flask, cast: Cast
) -> None:
    assert "No plan yet" in manager.get(url(cast)).text
    answer = post(manager, url(cast, "/new"), TYPED)
    assert answer.status_code == 303
    page = manager.get(url(cast)).text
    assert "month 1 of 36" in page
    assert page.count('number">EUR 277.78') == 27
    assert page.count('number">EUR 277.77') == 9
    assert "EUR 9,999.99 in all, without tax; EUR 277.78 of it was due by today." in page
    assert "EUR 9,999.99" in page
    assert "36 months from 31 Aug 2026: through 30 Aug 2029." in page
    with on_stage(app, cast.organisation) as w:
        (row,) = subscriptions_of(w)
        assert (row.tax_rate, row.lms_seat_minor, row.allowances) == (1900, 1000, terms().allowances)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"price": "9999.999"}, "EUR has 2 decimals"),
        ({"price": "-1"}, "A price is not negative"),
        ({"currency": "EU"}, "three letters"),
        ({"months": "0"}, "From 1 to 120 months"),
        ({"tax_rate": "a lot"}, "no rate"),
        ({"tax_rate": "100"}, "A rate from 0 to 99.99"),
        ({"implementation_days": "0"}, "From 1 to 366 days"),
        ({"lms_seats": "-1"}, "A number from 0 to 1,000"),
        ({"deposit": "10000"}, "A deposit is a part of the price"),
        ({"first_due_on": "2026-08-30"}, "not due before the first day"),
        ({"starts_on": "2026-02-30"}, "There is no such day"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_stays(
    manager: FlaskClient, app: Flask, cast: Cast, changes: dict[str, str], words: str
) -> None:
    answer = post(manager, url(cast, "/new"), {**TYPED, "name": "Ours & theirs", **changes})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Ours &amp; theirs" in answer.text
    with on_stage(app, cast.organisation) as w:
        assert subscriptions_of(w) == []


ACTS: dict[str, dict[str, str]] = {
    "add": {"what": "lms-seats", "quantity": "3", "starts_on": "2026-09-15"},
    "pause": {"starts_on": "2026-11-30", "months": "2", "reason": "Moving house."},
    "end": {"ended_on": "2026-12-31", "reason": "Sold."},
    "renew": {},
    "upgrade": {**TYPED, "name": "Premier with more", "price": "12000", "starts_on": "2026-10-01"},
}
SEEN = {
    "add": "EUR 11,",
    "pause": "30 Oct 2029",
    "end": "31 Dec 2026",
    "renew": "30 Aug 2032",
    "upgrade": "EUR 12,000.00",
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_shown_first_and_done_only_when_just_that_was_seen(
    manager: FlaskClient, app: Flask, cast: Cast, act: str
) -> None:
    row = kept(app, cast.organisation, cast.quality_manager)
    address = url(cast, f"/{row}/{act}")
    assert manager.get(address).status_code == 200

    def stands() -> tuple[int, ...]:
        with on_stage(app, cast.organisation) as w:
            (first, *more) = w.all(select(Subscription).order_by(Subscription.id))
            counted = [len(w.all(select(model))) for model in (SubscriptionAddition, SubscriptionPause)]
            return (*counted, len(more), first.ended_on.toordinal() if first.ended_on else 0)

    before = stands()
    shown = post(manager, address, {**ACTS[act], "agreed": ""})
    assert shown.status_code == 422
    assert "What this does" in shown.text
    assert SEEN[act] in shown.text
    assert stands() == before
    agreed = shown.text.partition('name="agreed"')[2].partition('value="')[2].partition('"')[0]
    other = {**ACTS[act], "agreed": agreed + "x"}
    assert post(manager, address, other).status_code == 422
    assert stands() == before
    assert post(manager, address, {**ACTS[act], "agreed": ""}).status_code == 422
    assert stands() == before
    assert post(manager, address, {**ACTS[act], "agreed": agreed}).status_code == 303
    after = stands()
    assert after != before
    assert post(manager, address, {**ACTS[act], "agreed": agreed}).status_code == 303
    assert stands() == after


def test_an_offer_is_seen_whole_and_accepted_or_not(manager: FlaskClient, app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        row = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    assert "your answer is awaited" in manager.get(url(cast)).text
    page = manager.get(url(cast, f"/{row}")).text
    assert "sold by Birch Hosting" in page
    assert "offered, not accepted yet" in page
    # On its first day already: an offer is no debt.
    assert "EUR 9,999.99 in all, without tax; nothing of it is owed before it is accepted." in page
    assert "was due by today" not in page
    # One click shows what it brings, and does nothing yet.
    shown = post(manager, url(cast, f"/{row}/accept"), {"agreed": ""})
    assert (shown.status_code, "What this does" in shown.text) == (422, True)
    assert "offered, not accepted yet" in manager.get(url(cast, f"/{row}")).text
    assert accepted(manager, url(cast, f"/{row}/accept")).status_code == 303
    assert "month 1 of 36" in manager.get(url(cast)).text
    again = post(manager, url(cast, f"/{row}/decline"))
    assert again.status_code == 422
    assert "accepted already" in again.text


def test_what_a_provider_sold_its_client_buys_seats_to_but_neither_prices_nor_pauses(
    manager: FlaskClient, app: Flask, cast: Cast
) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        row = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.accept(w, row)
    audits = {"what": "internal", "quantity": "1", "starts_on": "2026-09-15", "price": "1"}
    assert "Who sells the plan says what this costs" in post(manager, url(cast, f"/{row}/add"), audits).text
    for act in ("pause", "end", "renew", "upgrade"):
        answer = post(manager, url(cast, f"/{row}/{act}"), ACTS[act])
        assert answer.status_code == 422
        assert "Who sold it changes, pauses and ends it" in answer.text
    assert "What this does" in post(manager, url(cast, f"/{row}/add"), ACTS["add"]).text
    late = post(manager, url(cast, f"/{row}/add"), {**ACTS["add"], "starts_on": "2026-09-09"})
    assert late.status_code == 422
    assert "Not before today, 10 Sep 2026" in late.text
    assert "What this does" not in late.text


@pytest.mark.parametrize("path", ["", "/accept", "/decline", "/add", "/pause", "/end", "/renew", "/upgrade"])
def test_another_s_subscription_is_not_there(manager: FlaskClient, app: Flask, cast: Cast, path: str) -> None:
    other = kept(app, cast.elsewhere, cast.stranger)
    address = url(cast, f"/{other}{path}")
    answer = post(manager, address, ACTS.get(path.strip("/"), {})) if path else manager.get(address)
    assert answer.status_code == 404
    assert "Premier" not in manager.get(url(cast)).text


def test_the_certificates_stand_beside_it_and_who_may_not_see_it_does_not(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    kept(app, cast.organisation, cast.quality_manager)
    for role in Role:
        allowed = role in (Role.QUALITY_MANAGER, Role.ADMINISTRATOR)
        assert sign_in(client, cast.of(role)).get(url(cast)).status_code == (200 if allowed else 403)


def test_plans_are_recorded_changed_retired_and_what_was_sold_keeps_its_terms(
    client: FlaskClient, app: Flask, cast: Cast
) -> None:
    seller = sign_in(client, cast.provider_staff)
    address = f"/o/{cast.organisation.slug}/plans"
    assert "No plan yet" in seller.get(address).text
    assert post(seller, f"{address}/new", TYPED).status_code == 303
    assert "There is a plan" in post(seller, f"{address}/new", TYPED).text
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        (plan,) = w.all(select(plans.Plan))
        sold = subscriptions.record_own(w, plans.terms_of(plan), starting()).id
        key, version = plan.id, plan.version
    changed = {**TYPED, "price": "1.00", "version": str(version)}
    assert post(seller, f"{address}/{key}/edit", changed).status_code == 303
    second = post(seller, f"{address}/{key}/edit", {**changed, "price": "2.00"})
    assert second.status_code == 422
    assert "Somebody else saved it meanwhile: Premier, 36 months, 1.00 EUR." in second.text
    with on_stage(app, cast.organisation) as w:
        row = w.all(select(Subscription).where(Subscription.id == sold))[0]
        assert row.price_minor == 999_999
    assert post(seller, f"{address}/{key}/retire").status_code == 303
    assert "Not offered" in seller.get(address).text
    assert post(seller, f"{address}/{key}/bring-back").status_code == 303
    assert "Not offered" not in seller.get(address).text


def test_the_list_of_plans_asks_as_much_for_many_as_for_one(client: FlaskClient, app: Flask, cast: Cast) -> None:
    seller = sign_in(client, cast.provider_staff)
    with on_stage(app, cast.organisation, cast.provider_staff) as w:
        for number in range(12):
            plans.record(w, terms(name=f"Plan {number}"))
        assert term_of(subscriptions.record_own(w, terms(), starting())).ends_on.value == date(2029, 8, 30)
    assert seller.get(f"/o/{cast.organisation.slug}/plans").text.count("EUR 9,999.99") == 12


def test_the_seventh_internal_audit_is_announced_as_beyond_the_plan_and_a_cancelled_one_gives_it_back(
    manager: FlaskClient, app: Flask, cast: Cast
) -> None:
    kept(app, cast.organisation, cast.quality_manager)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        made = [plan(w, None, date(2027, month, 1), kind=AuditKind.INTERNAL).reference for month in range(1, 7)]
    audits = f"/o/{cast.organisation.slug}/audits"
    seventh = {"kind": "internal", "starts_on": "2027-09-01", "ends_on": "2027-09-02", "mode": "on-site"}
    asked = post(manager, f"{audits}/new", seventh)
    assert asked.status_code == 422
    assert (
        "This is internal audit number 7 of the plan’s term: Premier includes 6. It is beyond the plan." in asked.text
    )
    with on_stage(app, cast.organisation) as w:
        assert uses_of(w, subscriptions_of(w)[0])[Allowance.INTERNAL].planned == 6
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        take_step(w, made[0], AuditProgress.CANCELLED, reason="The site has closed.")
    assert post(manager, f"{audits}/new", seventh).status_code == 303


def test_an_audit_after_the_plan_or_of_a_kind_it_does_not_count_is_not_beyond_it(
    manager: FlaskClient, app: Flask, cast: Cast
) -> None:
    kept(app, cast.organisation, cast.quality_manager, allowances=Allowances())
    audits = f"/o/{cast.organisation.slug}/audits"
    for day, status in (("2029-09-03", 303), ("2029-08-30", 422)):
        typed = {"kind": "internal", "starts_on": day, "ends_on": day, "mode": "on-site"}
        assert post(manager, f"{audits}/new", typed).status_code == status
    special = {"kind": "special", "starts_on": "2027-09-01", "ends_on": "2027-09-01", "mode": "on-site"}
    assert "beyond the plan" not in post(manager, f"{audits}/new", special).text


@pytest.mark.parametrize(
    ("today", "said"),
    [("2026-03-13", False), ("2026-03-14", True), ("2027-03-01", True)],
)
def test_from_twelve_months_before_the_last_valid_day_the_dashboard_says_what_to_order_by_when(
    client: FlaskClient, app: Flask, cast: Cast, today: str, said: bool
) -> None:
    with time_machine.travel(f"{today}T09:00:00Z", tick=False):
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            granted = certificate(w, granted=date(2024, 3, 15)).id
            subscriptions.record_own(w, terms(), starting(date(2024, 1, 1)))
        page = f"/o/{cast.organisation.slug}/"
        manager = sign_in(client, cast.quality_manager)
        words = "Order the recertification"
        assert (words in manager.get(page).text) is said
        assert (words in manager.get(url(cast)).text) is said
        if said:
            assert (
                "which ends on 31 Dec 2026, before the certificate: order it by 14 Sep 2026." in manager.get(page).text
            )
        assert words not in sign_in(client, cast.auditor).get(page).text
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            wanted = wish(granted, date(2027, 3, 10), kind=AuditKind.RECERTIFICATION)
            put_on(w, wanted, reason="The surveillances are recorded later.")
        assert words not in sign_in(client, cast.quality_manager).get(page).text
