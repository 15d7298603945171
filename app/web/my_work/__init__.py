"""What is one's own: one's audits, the changes, training and documents that wait for one, and what there is to do."""

from datetime import date

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.dates import say
from app.domain.implementation.plan import Expected, open_before
from app.domain.permission import Permission
from app.domain.programme.progress import what_to_do
from app.domain.subscription.support import Span, say_span
from app.models.support import SupportBooking
from app.queries.attempt_requests import waiting_requests
from app.queries.audits import TO_COME, assigned_to, roles_of, those_with
from app.queries.case_duties import Duty, duties_of
from app.queries.changes import waiting_for
from app.queries.document_duties import DocumentDuty, own_documents
from app.queries.implementation_days import expected_in
from app.queries.implementations import own_tasks
from app.queries.my_training import Own, own_training
from app.queries.seat_pages import those_waiting
from app.queries.support import own_actions, own_sessions
from app.queries.training_matrix import count_overdue
from app.web.gate import Area, may
from app.web.support.area import zone_shown
from app.work import Work

area = Area("my_work", __name__, url_prefix="/my-work")


@area.get("", needs=Permission.SEE_OWN_WORK)
def show(work: Work) -> ResponseReturnValue:
    """One's assignments, those to come first, each with what to do next."""
    until = g.get("guest_at", {})
    shut = g.get("guest_for_days", frozenset()) - until.keys()
    rows = [row for row in assigned_to(work, current_user.id) if row.id not in shut]
    roles = roles_of(work, current_user.id, [row.id for row in rows])
    to_do = {row.id: what_to_do(row.progress, row.kind, row.starts_on, row.ends_on, work.today) for row in rows}
    coming = [row for row in rows if row.progress in TO_COME]
    asks = may(Permission.REQUEST_CHANGE)
    decides, sees_all = may(Permission.AUTHORISE_CHANGE), may(Permission.SEE_ASSETS)
    waiting = waiting_for(work, current_user.id, decides=decides, sees_all=sees_all) if asks else []
    duties = duties_of(
        work, current_user.id, verifies=may(Permission.WORK_ON_AUDIT), manages=may(Permission.MANAGE_PROGRAMME)
    )
    training = own_training(work, current_user.id) if may(Permission.TAKE_TRAINING) else None
    asked = those_waiting(work) if may(Permission.MANAGE_SEATS) else []
    supports = may(Permission.BOOK_SUPPORT) or may(Permission.GIVE_SUPPORT)
    tasks = own_tasks(work, current_user.id)
    expected = expected_in(work, {each.implementation_id for each in tasks})
    papers = _papers(work)
    sessions = own_sessions(work, current_user.id) if supports else []
    follow_ups = own_actions(work, current_user.id) if supports else []
    invited = [each for each in those_with(work, until) if each.id not in roles]
    return render_template(
        "my_work/show.html",
        duties=duties,
        training=training,
        asked=asked,
        sessions=sessions,
        tasks=tasks,
        papers=papers,
        expected=expected,
        waits={each.id: [one.task.title for one in open_before(expected, each.id)] for each in tasks},
        follow_ups=follow_ups,
        session_page=lambda each: _session_page(work, each),
        say_session=lambda each: say_span(Span(each.starts_at, each.ends_at), zone_shown()),
        attempts=waiting_requests(work) if may(Permission.MANAGE_TRAINING) else [],
        overdue=count_overdue(work) if may(Permission.MANAGE_TRAINING) else 0,
        invited=invited,
        until=until,
        coming=coming,
        held=[row for row in rows if row.progress not in TO_COME],
        roles=roles,
        to_do=to_do,
        waiting=waiting,
        standing=_in_words([row.starts_on for row in coming if row.starts_on >= work.today], len(coming), len(waiting))
        + _duties_in_words(duties, work.today)
        + _training_in_words(training, work.today)
        + _papers_in_words(papers, work.today)
        + _tasks_in_words([expected[each.id] for each in tasks], work.today),
    )


def _session_page(work: Work, booking: SupportBooking) -> str:
    """The page of a session on the side of who reads: as the client's, or in the diary of who gives it."""
    if booking.organisation_id == work.home and may(Permission.GIVE_SUPPORT):
        return url_for("support_diary.show", reference=booking.reference)
    return url_for("support.show", booking_id=booking.id)


def _papers(work: Work) -> list[DocumentDuty]:
    if not may(Permission.SEE_DOCUMENTS):
        return []
    return own_documents(work, current_user.id, approves=may(Permission.MANAGE_DOCUMENTS))


def _papers_in_words(papers: list[DocumentDuty], today: date) -> str:
    if not papers:
        return ""
    late = sum(each.is_overdue(today) for each in papers)
    what = "1 document waits" if len(papers) == 1 else f"{len(papers)} documents wait"
    return f" {what} for you" + (f", {late} overdue." if late else ".")


def _training_in_words(own: Own | None, today: date) -> str:
    days = [day for _, day in own.due] + [each.due_on for each in own.under] if own is not None else []
    if not days:
        return ""
    late = sum(day is not None and day < today for day in days)
    what = "1 course is" if len(days) == 1 else f"{len(days)} courses are"
    return f" {what} to be taken" + (f", {late} overdue." if late else ".")


def _duties_in_words(duties: list[Duty], today: date) -> str:
    if not duties:
        return ""
    late = sum(each.is_overdue(today) for each in duties)
    what = (
        "1 nonconformity, action or report waits"
        if len(duties) == 1
        else f"{len(duties)} nonconformities, actions or reports wait"
    )
    return f" {what} for you" + (f", {late} overdue." if late else ".")


def _tasks_in_words(tasks: list[Expected], today: date) -> str:
    if not tasks:
        return ""
    late = sum(each.due_on < today for each in tasks)
    what = "1 task of an implementation is" if len(tasks) == 1 else f"{len(tasks)} tasks of an implementation are"
    return f" {what} yours" + (f", {late} late." if late else ".")


def _in_words(ahead: list[date], count: int, changes: int) -> str:
    waits = {0: "", 1: " 1 change waits for you."}.get(changes, f" {changes} changes wait for you.")
    if not count:
        return f"No audit that is to come has you on its team.{waits}"
    subject = "1 audit is" if count == 1 else f"{count} audits are"
    return f"{subject} yours." + (f" The next begins on {say(min(ahead))}." if ahead else "") + waits
