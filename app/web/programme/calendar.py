"""The month: a list by day, over which the browser lays a calendar with audits that can be dragged."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.dates import add_months
from app.domain.permission import Permission
from app.models.audit import AuditProgress
from app.queries.programme import (
    AuditEntry,
    BlackoutEntry,
    LimitEntry,
    audits_between,
    blackouts_between,
    limits_between,
)
from app.web.gate import may
from app.web.programme import area
from app.web.programme.asked import asked_day, asked_month
from app.work import Work

MOVABLE = frozenset({AuditProgress.PLANNED, AuditProgress.CONFIRMED})
LONGEST = timedelta(days=400)


@area.get("/calendar", needs=Permission.SEE_PROGRAMME)
def calendar(work: Work) -> ResponseReturnValue:
    """One month, as a list that needs no script; a script lays the grid over it."""
    first = asked_month(work.today)
    last = add_months(first, 1) - timedelta(days=1)
    days = by_day(audits_between(work, first, last), limits_between(work, first, last), first)
    return render_template(
        "programme/calendar.html",
        first=first,
        back=add_months(first, -1),
        ahead=add_months(first, 1),
        days=days,
        blackouts=blackouts_between(work, first, last),
    )


def by_day(
    audits: list[AuditEntry], limits: list[LimitEntry], first: date
) -> list[tuple[date, list[AuditEntry], list[LimitEntry]]]:
    """The days of a month that hold something; an audit stands at its first day within the month."""
    started = {
        day: list(group)
        for day, group in groupby(
            sorted(audits, key=lambda a: max(a.starts_on, first)), lambda a: max(a.starts_on, first)
        )
    }
    closing = {day: list(group) for day, group in groupby(limits, lambda limit: limit.closes_on)}
    return [(day, started.get(day, []), closing.get(day, [])) for day in sorted({*started, *closing})]


@area.get("/entries.json", needs=Permission.SEE_PROGRAMME)
def entries(work: Work) -> ResponseReturnValue:
    """What the grid shows of a span of days."""
    first = asked_day("start") or work.today.replace(day=1)
    last = min(asked_day("end") or first + timedelta(days=42), first + LONGEST)
    return jsonify(
        [_audit(each) for each in audits_between(work, first, last)]
        + [_limit(each) for each in limits_between(work, first, last)]
        + [_blackout(each) for each in blackouts_between(work, first, last)]
    )


def _audit(audit: AuditEntry) -> dict[str, Any]:
    serves = f" {', '.join(audit.certificates)}" if audit.certificates else ""
    return {
        "id": audit.reference,
        "title": f"{audit.reference}{serves}",
        "start": audit.starts_on.isoformat(),
        "end": (audit.ends_on + timedelta(days=1)).isoformat(),
        "allDay": True,
        "url": url_for("audits.show", reference=audit.reference),
        "editable": audit.progress in MOVABLE and may(Permission.MANAGE_PROGRAMME),
        "className": f"entry entry-audit entry-{audit.progress.value}",
        "extendedProps": {
            "move": url_for("audits.move", reference=audit.reference),
            "days": (audit.ends_on - audit.starts_on).days,
        },
    }


def _limit(limit: LimitEntry) -> dict[str, Any]:
    return {
        "title": f"{limit.certificate}: last day, {limit.name}",
        "start": limit.closes_on.isoformat(),
        "allDay": True,
        "url": url_for("certificates.show", reference=limit.certificate),
        "editable": False,
        "className": f"entry entry-limit entry-{limit.shown}",
    }


def _blackout(blackout: BlackoutEntry) -> dict[str, Any]:
    return {
        "title": blackout.name,
        "start": blackout.starts_on.isoformat(),
        "end": (blackout.ends_on + timedelta(days=1)).isoformat(),
        "allDay": True,
        "display": "background",
        "className": "entry-blackout",
    }
