"""What a client sees: its sessions, what is free in a week by the visitor's own clock, and one session."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import abort, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.domain.dates import add_days
from app.domain.permission import Permission
from app.domain.subscription.plan import Allowance, Use, beyond_the_plan
from app.domain.subscription.support import (
    FURTHEST,
    FreeSlot,
    Span,
    changeable_until,
    next_free,
    say_span,
    slots_of_all,
    week_of,
    zone_names,
)
from app.operations.support import terms_of
from app.queries.agreements import providers_of
from app.queries.support import client_sessions, has_support, names_of, own_diaries, support_use, taken_by_others
from app.web.gate import may
from app.web.support.area import ZONE, area, changes, named, session_or_404, week_shown, zone_shown
from app.work import Work


@dataclass(frozen=True, slots=True)
class Shown:
    """A slot as a page offers it."""

    starts_at: datetime
    """By the visitor's clock."""
    who: str
    url: str


@area.get("", needs=Permission.BOOK_SUPPORT)
def index(work: Work) -> ResponseReturnValue:
    """The sessions of the organisation, and the free slots of a week; nothing where there is no provider."""
    if not has_support(work):
        abort(404)
    zone = zone_shown()
    today = work.now.astimezone(ZoneInfo(zone)).date()
    moved = session_or_404(work, moving) if (moving := request.args.get("move", 0, type=int)) else None
    if moved is not None and (not changes(moved) or moved.is_cancelled):
        abort(404)
    diaries = own_diaries(work, moved.id if moved is not None else None)
    names = names_of(work, [each.id for each in diaries])
    # Whoever moves a session looks for a slot near the one that it has.
    usual = moved.starts_at.astimezone(ZoneInfo(zone)).date() if moved is not None else None
    week = week_of(week_shown(today, usual), zone)
    slots = slots_of_all(diaries, week, work.now)
    first = None if slots else next_free(diaries, week.ends_at, work.now)
    sees_all = may(Permission.MANAGE_PLAN)
    sessions = client_sessions(work, None if sees_all else current_user.id)
    providers = providers_of(work)
    monday = week.starts_at.astimezone(ZoneInfo(zone)).date()
    return render_template(
        "support/index.html",
        now=work.now,
        zone=zone,
        zones=zone_names(),
        chosen=ZONE in browser,
        moved=moved,
        has_people=bool(diaries),
        days=_by_day(slots, names, max(monday, today), zone, moved.id if moved is not None else None),
        monday=monday,
        before=add_days(monday, -7) if monday > today else None,
        after=add_days(monday, 7) if week.ends_at <= work.now + FURTHEST else None,
        first=_shown(first, names, zone, moved.id if moved is not None else None) if first is not None else None,
        ahead=[each for each in reversed(sessions) if each.ends_at > work.now and not each.is_cancelled],
        past=[each for each in sessions if each.ends_at <= work.now or each.is_cancelled],
        taken=[say_span(each, zone) for each in ([] if sees_all else taken_by_others(work, current_user.id))],
        uses=[(each.provider, *_use(support_use(work, each.provider_id))) for each in providers],
        say=lambda each: say_span(Span(each.starts_at, each.ends_at), zone),
    )


@area.get("/<int:booking_id>", needs=Permission.BOOK_SUPPORT)
def show(work: Work, booking_id: int) -> ResponseReturnValue:
    """One session of the organisation: when, with whom, what about, what was said, and what is to be done."""
    booking = session_or_404(work, booking_id)
    until = changeable_until(booking.starts_at, terms_of(booking.support_person))
    zone = zone_shown()
    return render_template(
        "support/show.html",
        booking=booking,
        zone=zone,
        when=say_span(Span(booking.starts_at, booking.ends_at), zone),
        until=until,
        until_there=until.value.astimezone(ZoneInfo(zone)),
        may_change=changes(booking) and not booking.is_cancelled and work.now <= until.value,
        is_over=booking.ends_at <= work.now,
        owns=lambda action: action.owner_id == current_user.id,
        done_url=lambda action_id: url_for("support.finish", booking_id=booking.id, action_id=action_id),
    )


def say_use(found: tuple[str, Use] | None) -> str:
    """How many sessions a plan has left, in one sentence."""
    if found is None:
        return "No plan with support is running today."
    plan, use = found
    counted = f"{use.used} used, {use.planned} planned"
    if use.total is None:
        return f"{plan} includes any number of sessions: {counted}."
    beyond = f", {use.beyond} beyond the plan" if use.beyond else ""
    return f"{plan} includes {use.total} sessions: {counted}, {use.left} left{beyond}."


def beyond(found: tuple[str, Use] | None) -> str:
    """That one more session is beyond the plan, before it is booked; empty where it is within."""
    if found is None:
        return "No plan with support is running today: this session is beyond what you have agreed to."
    reason = beyond_the_plan(Allowance.SUPPORT, found[1], found[0])
    return reason.says if reason is not None else ""


def slot_url(slot: FreeSlot, moving: int | None) -> str:
    """Where a slot is booked, or a session moved to it."""
    at = named(slot.span.starts_at)
    if moving is not None:
        return url_for("support.move", booking_id=moving, person=slot.person_id, at=at)
    return url_for("support.book", person=slot.person_id, at=at)


def _use(found: tuple[str, Use] | None) -> tuple[str, bool]:
    return say_use(found), bool(beyond(found))


def _shown(slot: FreeSlot, names: dict[int, str], zone: str, moving: int | None) -> Shown:
    local = slot.span.starts_at.astimezone(ZoneInfo(zone))
    return Shown(local, names.get(slot.person_id, ""), slot_url(slot, moving))


def _by_day(
    slots: list[FreeSlot], names: dict[int, str], first: date, zone: str, moving: int | None
) -> list[tuple[date, list[Shown]]]:
    shown = [_shown(slot, names, zone, moving) for slot in slots]
    days = [add_days(first, number) for number in range(7 - first.weekday())]
    return [(day, [each for each in shown if each.starts_at.date() == day]) for day in days]
