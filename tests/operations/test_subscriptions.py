"""Subscriptions: kept by oneself or sold by a provider; what follows for seats, half years and both journals."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.programme.progress import AuditProgress
from app.domain.subscription.plan import Allowance
from app.models.journal import JournalEntry
from app.models.seat import SeatPool
from app.models.subscription import Subscription
from app.operations import implementations, subscriptions
from app.operations.implementations import Wish
from app.operations.subscriptions import AdditionDetails
from app.queries.subscriptions import current_of, subscriptions_of, uses_of
from app.work import Work
from tests.cast import Cast
from tests.stage import on_stage, plan
from tests.subscribed import STARTS_ON, agree, starting, terms


@pytest.fixture(autouse=True)
def _a_day_in_its_first_month(app: Flask) -> Iterator[None]:
    with time_machine.travel("2026-09-10T09:00:00Z", tick=False):
        yield


def pools(w: Work) -> list[tuple[str, str, int, date, date | None]]:
    rows = w.all(select(SeatPool).where(SeatPool.quantity > 0).order_by(SeatPool.kind, SeatPool.starts_on, SeatPool.id))
    return [(each.kind.value, each.source.value, each.quantity, each.starts_on, each.ends_on) for each in rows]


def test_one_s_own_counts_at_once_and_fills_the_pools_through_its_last_day(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = subscriptions.record_own(w, terms(), starting())
        assert (row.reference, row.organisation_id, row.client_id) == ("SUB-001", w.home, w.home)
        assert pools(w) == [
            ("audit-manager", "included", 2, STARTS_ON, date(2029, 8, 30)),
            ("lms", "included", 2, STARTS_ON, date(2029, 8, 30)),
        ]
        assert w.organisation.internal_plan_starts_on == STARTS_ON
        assert current_of(w, date(2029, 8, 30)) is row
        assert current_of(w, date(2029, 8, 31)) is None


def test_one_at_a_time(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.record_own(w, terms(), starting())
        with pytest.raises(RefusedError, match=r"SUB-001 .Premier. lasts from 31 Aug 2026 to 30 Aug 2029") as refused:
            subscriptions.record_own(w, terms(), starting(date(2029, 8, 30)))
        assert refused.value.field == "starts_on"
        assert subscriptions.record_own(w, terms(), starting(date(2029, 8, 31))).reference == "SUB-002"


def test_what_a_provider_offers_counts_once_the_client_accepts_and_stands_in_both_journals(
    app: Flask, cast: Cast
) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        offered = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        assert [(each.id, each.accepted_at) for each in subscriptions_of(w)] == [(offered, None)]
        assert current_of(w) is None
        assert pools(w) == []
        subscriptions.accept(w, offered)
        assert len(pools(w)) == 2
        with pytest.raises(RefusedError, match="accepted already"):
            subscriptions.accept(w, offered)
    for house in (cast.organisation, cast.elsewhere):
        with on_stage(app, house) as w:
            of_it = select(JournalEntry.action).where(JournalEntry.noun == "subscription")
            said = w.all(of_it.where(JournalEntry.chain == f"organisation-{house.id}").order_by(JournalEntry.number))
            assert said == (["offered", "accepted"] if house is cast.organisation else ["created", "changed"])


def test_without_an_agreement_nothing_is_offered_and_nobody_else_sees_or_accepts_it(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        with pytest.raises(RefusedError, match="an agreement is live"):
            subscriptions.offer(w, cast.organisation.id, terms(), starting())
        row = subscriptions.record_own(w, terms(), starting()).id
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        assert subscriptions_of(w) == []
        for act in (subscriptions.accept, subscriptions.decline):
            with pytest.raises(LookupError):
                act(w, row)


def test_the_seller_does_not_answer_for_the_client_and_declined_is_declined(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agree(w, cast.organisation, cast.stranger)
        offered = subscriptions.offer(w, cast.organisation.id, terms(), starting()).id
        with pytest.raises(RefusedError, match="The client answers"):
            subscriptions.accept(w, offered)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        subscriptions.decline(w, offered)
        with pytest.raises(RefusedError, match="declined already"):
            subscriptions.accept(w, offered)
        assert pools(w) == []


def test_seats_bought_besides_are_a_pool_of_their_own_from_their_day(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = subscriptions.record_own(w, terms(), starting())
        bought = AdditionDetails(what=Allowance.LMS_SEATS, quantity=3, starts_on=date(2026, 9, 15))
        assert subscriptions.add(w, row.id, bought).monthly_minor == 1000
        assert ("lms", "bought", 3, date(2026, 9, 15), date(2029, 8, 30)) in pools(w)


def test_a_pause_takes_the_seats_away_for_its_months_and_an_end_for_good(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = subscriptions.record_own(w, terms(), starting())
        subscriptions.pause(w, row.id, date(2026, 11, 30), 2, "Moving house.")
        lms = [(first, last) for kind, _, _, first, last in pools(w) if kind == "lms"]
        assert lms == [(STARTS_ON, date(2026, 11, 29)), (date(2027, 1, 31), date(2029, 10, 30))]
        subscriptions.end(w, row.id, date(2026, 12, 31), "Sold.")
        assert [(first, last) for kind, _, _, first, last in pools(w) if kind == "lms"] == [
            (STARTS_ON, date(2026, 11, 29))
        ]
        assert current_of(w, date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda w, key: subscriptions.end(w, key, date(2026, 9, 9), "Now."), "From 10 Sep 2026 to 30 Aug 2029"),
        (lambda w, key: subscriptions.end(w, key, date(2026, 9, 10), " "), "Say why it ends"),
        (lambda w, key: subscriptions.pause(w, key, date(2026, 11, 29), 1, "x"), "with a month of the plan"),
        (
            lambda w, key: subscriptions.add(
                w, key, AdditionDetails(what=Allowance.LMS_SEATS, quantity=1, starts_on=date(2026, 8, 30))
            ),
            "The term is from 31 Aug 2026",
        ),
        (
            lambda w, key: subscriptions.add(
                w, key, AdditionDetails(what=Allowance.SUPPORT, quantity=1, starts_on=date(2026, 9, 30))
            ),
            "as many support sessions as are wanted",
        ),
    ],
)
def test_what_cannot_be_done_with_it_is_refused(
    app: Flask, cast: Cast, act: Callable[[Work, int], object], words: str
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = subscriptions.record_own(w, terms(), starting())
        with pytest.raises(RefusedError, match=words):
            act(w, row.id)
        assert len(pools(w)) == 2


def test_the_seventh_internal_audit_is_beyond_the_plan_and_cancelling_one_gives_it_back(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = subscriptions.record_own(w, terms(), starting())
        made = [plan(w, None, date(2026, 9, 1 + 2 * number), kind=AuditKind.INTERNAL) for number in range(7)]
        outside = plan(w, None, date(2026, 8, 3), kind=AuditKind.INTERNAL)
        assert outside.starts_on < STARTS_ON
        use = uses_of(w, row)[Allowance.INTERNAL]
        assert (use.included, use.used, use.planned, use.left, use.beyond) == (6, 5, 2, 0, 1)
        made[6].progress = AuditProgress.CANCELLED
        w.flush()
        use = uses_of(w, row)[Allowance.INTERNAL]
        assert (use.used, use.planned, use.left, use.beyond) == (5, 1, 0, 0)


def test_an_implementation_is_used_from_its_first_day_on_and_a_second_is_beyond_the_plan(
    app: Flask, cast: Cast
) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = subscriptions.record_own(w, terms(), starting())
        found = []
        for starts_on in (date(2026, 8, 30), date(2026, 9, 10), date(2026, 9, 11), date(2029, 8, 31)):
            implementations.lay_out(w, Wish("ISO 9001:2015", starts_on, 90))
            use = uses_of(w, row)[Allowance.IMPLEMENTATION]
            found.append((use.included, use.used, use.planned, use.left, use.beyond))
        # The day before the term and the day after it are nothing to the plan.
        assert found == [(1, 0, 0, 1, 0), (1, 1, 0, 0, 0), (1, 1, 1, 0, 1), (1, 1, 1, 0, 1)]
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        other = subscriptions.record_own(w, terms(), starting())
        assert uses_of(w, other)[Allowance.IMPLEMENTATION].used == 0


def test_sold_terms_stay_as_sold(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        kept = subscriptions.record_own(w, terms(), starting(deposit_minor=99_999))
        loaded = w.one_or_none(select(Subscription).where(Subscription.id == kept.id))
        assert loaded is not None
        assert (loaded.price_minor, loaded.deposit_minor, loaded.allowances) == (999_999, 99_999, terms().allowances)
