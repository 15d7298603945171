"""Several people at the same audits in the same moment: nobody overwrites, doubles or takes the same number."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.programme.wish import When
from app.models.audit import Audit
from app.operations import audits, programme
from app.operations.conflict import ConflictError
from app.queries.layouts import lay_out_of
from app.work import Work
from tests.cast import Cast
from tests.stage import certificate, on_stage, plan, reread, wish

TODAY = date.today()  # noqa: DTZ011 - any day near enough


def at_once(app: Flask, cast: Cast, count: int, deed: Callable[[Work, int], Any]) -> list[Any]:
    """What comes of it when so many do it in the same moment, each in a work of their own."""
    ready = Barrier(count)

    def one(number: int) -> Any:
        ready.wait(timeout=20)
        try:
            with on_stage(app, cast.organisation, cast.quality_manager) as w:
                return deed(w, number)
        except ConflictError as conflict:
            return conflict

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_of_several_who_change_one_audit_the_first_is_kept_and_the_others_are_told(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        plan(w, None, TODAY + timedelta(days=30), kind=AuditKind.INTERNAL)
    reference = f"IA-{(TODAY + timedelta(days=30)).year}-01"

    def move(w: Work, number: int) -> str:
        day = TODAY + timedelta(days=40 + number)
        audits.move(w, reference, 1, When(day, day))
        return "moved"

    came = at_once(app, cast, 4, move)
    assert came.count("moved") == 1
    assert sum(isinstance(each, ConflictError) for each in came) == 3
    assert reread(app, cast.organisation, reference).version == 2


def test_several_who_plan_at_once_get_numbers_of_their_own(app: Flask, cast: Cast) -> None:
    day = date(TODAY.year + 1, 3, 3)

    def put(w: Work, number: int) -> str:
        # The same audit twice is refused; these are four on one day.
        return audits.plan(w, wish(None, day, kind=AuditKind.INTERNAL, title=f"Topic {number}")).reference

    assert sorted(at_once(app, cast, 4, put)) == [f"IA-{day.year}-{number:02}" for number in range(1, 5)]


def test_a_programme_that_is_sent_twice_at_once_is_there_once(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation) as w:
        id_ = certificate(w, granted=TODAY - timedelta(days=20)).id
    with on_stage(app, cast.organisation) as w:
        found = lay_out_of(w, [id_]).proposals
        days = {each.key: (each.starts_on, each.ends_on) for each in found if each.starts_on and each.ends_on}

    def take(w: Work, _number: int) -> int:
        return len(programme.accept(w, [id_], days).new)

    came = at_once(app, cast, 3, take)
    assert sorted(came) == [0, 0, len(days)]
    with on_stage(app, cast.organisation) as w:
        assert len(w.all(select(Audit.id))) == len(days)
