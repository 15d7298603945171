"""One way to build a calendar answer: fingerprint first, so that an unchanged one is never built."""

from email.utils import parseaddr
from typing import Any

from flask import Response, current_app, g, request, url_for

from app.outputs.ics import calendar_of
from app.queries.calendar import Choice, audit_events, fingerprint, limit_events, organisation_name
from app.queries.case_calendar import due_events
from app.queries.document_calendar import review_events
from app.queries.implementation_days import milestone_events, task_events
from app.queries.plan_calendar import plan_events
from app.queries.support_calendar import session_events
from app.work import Work

MEDIA_TYPE = "text/calendar; charset=utf-8"
PAGES = {
    "audit": "audits.show",
    "certificate": "certificates.show",
    "case": "corrective_actions.show",
    "action": "actions.show",
    "training": "my_training.course",
    "document": "documents.show",
    "implementation": "implementation.show",
    "task": "my_work.show",
    "session": "support.show",
    "diary": "support_diary.show",
    "plan": "plan.one",
}
BY_ID = {"session": "booking_id", "plan": "subscription_id"}
"""What is named by its id: a client may have sessions, and plans, of two providers with one reference."""

AMONG_OTHERS = frozenset({"task"})
"""What has no page of its own, and stands among one's work."""


def answer(
    work: Work, slug: str, choice: Choice, *, alarms: bool, file_name: str, attachment: bool, shared: str = ""
) -> Response:
    """The calendar of a choice, or 304 where the asker holds it already."""
    response = Response(mimetype="text/calendar")
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(f"{fingerprint(work, choice)}{'a' if alarms else ''}{shared}")
    if request.if_none_match.contains(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    settings = current_app.extensions["settings"]
    public = settings.public_url
    mail = parseaddr(settings.mail_from)[1]

    def address_of(noun: str, reference: str) -> str:
        if noun in BY_ID:
            named: dict[str, Any] = {BY_ID[noun]: int(reference)}
            return f"{public}{url_for(PAGES[noun], slug=slug, **named)}"
        if noun in AMONG_OTHERS:
            return f"{public}{url_for(PAGES[noun], slug=slug)}"
        return f"{public}{url_for(PAGES[noun], slug=slug, reference=reference)}"

    response.set_data(
        calendar_of(
            organisation_name(work),
            audit_events(work, choice),
            limit_events(work, choice),
            [
                *due_events(work, choice.dues_of),
                *review_events(work, choice),
                *task_events(work, choice.dues_of),
                *milestone_events(work, choice),
            ],
            session_events(work, choice.dues_of),
            plan_events(work, wanted=choice.with_plan),
            organiser=mail,
            address_of=address_of,
            alarms=alarms,
        )
    )
    how = "attachment" if attachment else "inline"
    response.headers["Content-Disposition"] = f'{how}; filename="{file_name}.ics"'
    return response


def slug_here() -> str:
    """The organisation of the page."""
    return str(g.organisation.slug)
