"""The diary of who gives support: the sessions of all clients, notes, links, follow-up actions, calling off."""

from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.dates import add_days
from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.subscription.support import FURTHEST, Span, say_span, slots_of_all, week_of
from app.models.support import SupportBooking
from app.operations import support_sessions as operation
from app.queries.support import diaries_of, names_of, session_by, sessions_ahead, sessions_before, support_people
from app.web.corrective_actions.taking import take
from app.web.gate import Area
from app.web.support.area import named, week_shown
from app.web.support_diary.forms import ActionForm, CallOffForm, PutOffForm, WriteUpForm
from app.work import Work

area = Area("support_diary", __name__, url_prefix="/support/diary")


@area.get("", needs=Permission.GIVE_SUPPORT)
def index(work: Work) -> ResponseReturnValue:
    """What is ahead, the next first, and what is over."""
    zone = _zone(work)
    return render_template(
        "support_diary/index.html",
        now=work.now,
        zone=zone,
        ahead=sessions_ahead(work),
        past=sessions_before(work),
        today_there=work.now.astimezone(ZoneInfo(zone)).date(),
        say=lambda each: say_span(Span(each.starts_at, each.ends_at), zone),
    )


@area.get("/<reference>", needs=Permission.GIVE_SUPPORT)
def show(work: Work, reference: str) -> ResponseReturnValue:
    """One session of a client."""
    booking = _session_or_404(work, reference)
    return render_template(
        "support_diary/show.html",
        booking=booking,
        when=_when(work, booking),
        is_over=booking.ends_at <= work.now,
        may_cancel=not booking.is_cancelled and work.now < booking.starts_at,
        finishes=lambda _action: True,
        done_url=lambda action_id: url_for("support_diary.finish", reference=reference, action_id=action_id),
    )


@area.form("/<reference>/notes", needs=Permission.GIVE_SUPPORT)
def write_up(work: Work, reference: str) -> ResponseReturnValue:
    """Keep the link and the notes of a session; the client reads both."""
    booking = _session_or_404(work, reference)
    form = WriteUpForm(data={"link": booking.link, "notes": booking.notes})

    def act() -> str:
        link, notes = form.link.data or "", form.notes.data or ""
        return operation.write_up(work, reference, form.seen_version, link, notes).reference

    return take(
        work,
        form,
        "support_diary/notes.html",
        act,
        version=booking.version,
        done="It is written down; the client reads it too.",
        to=_page,
        booking=booking,
        when=_when(work, booking),
    )


@area.form("/<reference>/cancel", needs=Permission.GIVE_SUPPORT)
def call_off(work: Work, reference: str) -> ResponseReturnValue:
    """Cancel a session that cannot be given; the client is told why."""
    booking = _session_or_404(work, reference)
    form = CallOffForm()

    def act() -> str:
        return operation.call_off(work, reference, form.seen_version, form.reason.data or "").reference

    return take(
        work,
        form,
        "support_diary/cancel.html",
        act,
        version=booking.version,
        done=f"{reference} is cancelled. Both calendars are told.",
        to=_page,
        booking=booking,
        when=_when(work, booking),
    )


@area.form("/<reference>/move", needs=Permission.GIVE_SUPPORT)
def put_off(work: Work, reference: str) -> ResponseReturnValue:
    """Move a session to another slot; the week of the session is offered first."""
    booking = _session_or_404(work, reference)
    zone = _zone(work)
    today = work.now.astimezone(ZoneInfo(zone)).date()
    week = week_of(week_shown(today, booking.starts_at.astimezone(ZoneInfo(zone)).date()), zone)
    diaries = diaries_of(work, [work.home], booking.id)
    names = names_of(work, [each.id for each in diaries])
    form = PutOffForm()
    form.slot.choices = [
        (f"{each.person_id} {named(each.span.starts_at)}", f"{say_span(each.span, zone)}, {names[each.person_id]}")
        for each in slots_of_all(diaries, week, work.now)
        if each.span.starts_at != booking.starts_at or each.person_id != booking.support_person_id
    ]
    monday = week.starts_at.astimezone(ZoneInfo(zone)).date()
    return take(
        work,
        form,
        "support_diary/move.html",
        lambda: operation.put_off(work, reference, form.seen_version, form.wanted).reference,
        version=booking.version,
        done=f"{reference} is moved. Both calendars are told.",
        to=_page,
        booking=booking,
        when=_when(work, booking),
        monday=monday,
        before=add_days(monday, -7) if monday > today else None,
        after=add_days(monday, 7) if week.ends_at <= work.now + FURTHEST else None,
    )


@area.form("/<reference>/actions/new", needs=Permission.GIVE_SUPPORT)
def add_action(work: Work, reference: str) -> ResponseReturnValue:
    """Note what somebody of either side is to do after a session."""
    booking = _session_or_404(work, reference)
    form = ActionForm()
    form.owner.choices = [("", "Choose"), *((str(k), name) for k, name in operation.owners_of(work, booking).items())]

    def act() -> str:
        operation.add_action(work, reference, form.says.data or "", form.owner_id, form.due_on.data)
        return reference

    return take(
        work,
        form,
        "support_diary/action.html",
        act,
        version=booking.version,
        done="The action is noted, and its owner is told.",
        to=_page,
        booking=booking,
    )


@area.post("/<reference>/actions/<int:action_id>/done", needs=Permission.GIVE_SUPPORT)
def finish(work: Work, reference: str, action_id: int) -> ResponseReturnValue:
    """Record an action as done."""
    _session_or_404(work, reference)
    try:
        operation.finish(work, reference, action_id)
    except RefusedError:
        abort(404)
    flash("The action is done.", "success")
    return redirect(_page(reference), 303)


def _session_or_404(work: Work, reference: str) -> SupportBooking:
    booking = session_by(work, reference)
    if booking is None:
        abort(404)
    return booking


def _zone(work: Work) -> str:
    """The clock of the visitor, where they give support; else the one of the organisation."""
    own = [each.time_zone for each in support_people(work) if each.person_id == current_user.id]
    return own[0] if own else work.organisation.time_zone


def _when(work: Work, booking: SupportBooking) -> str:
    return say_span(Span(booking.starts_at, booking.ends_at), _zone(work))


def _page(reference: str) -> str:
    return url_for("support_diary.show", reference=reference)
