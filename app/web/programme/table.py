"""The programme as a list with filters: audits and limits by day."""

from datetime import date, timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.certification.facts import AuditKind
from app.domain.dates import add_months
from app.domain.permission import Permission
from app.models.audit import AuditProgress
from app.queries.programme import AuditEntry, LimitEntry, audits_between, limits_between
from app.web.programme import area
from app.web.programme.asked import asked_day, asked_page, wanted
from app.work import Work

ROWS = 50


@area.get("/list", needs=Permission.SEE_PROGRAMME)
def table(work: Work) -> ResponseReturnValue:
    """Audits and limits between two days, by day; one year from today where nothing else is asked."""
    first = asked_day("from") or work.today
    last = asked_day("until") or add_months(first, 12)
    asked = wanted()
    backwards = last < first
    rows: list[AuditEntry | LimitEntry] = []
    if not backwards:
        rows += audits_between(work, first, last, asked)
        if asked.progress is None:
            limits = limits_between(work, first, last, asked.certificate)
            rows += [each for each in limits if asked.kind in (None, each.audit_kind)]
    rows.sort(key=_day)
    pages = max(1, -(-len(rows) // ROWS))
    page = min(asked_page(), pages)
    return render_template(
        "programme/table.html",
        rows=rows[(page - 1) * ROWS : page * ROWS],
        total=len(rows),
        page=page,
        pages=pages,
        first=first,
        last=last,
        backwards=backwards,
        asked=asked,
        kinds=AuditKind,
        progresses=AuditProgress,
    )


def _day(entry: AuditEntry | LimitEntry) -> tuple[date, timedelta]:
    if isinstance(entry, AuditEntry):
        return entry.starts_on, entry.ends_on - entry.starts_on
    return entry.closes_on, timedelta(days=-1)
