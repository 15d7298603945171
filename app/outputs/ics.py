"""Audits and limits as iCalendar, for download, for a subscription, and as an invitation. [RFC 5545]"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText

from app.domain.certification.verdict import Standing
from app.models.audit import AuditMode, AuditProgress, TeamRole
from app.queries.calendar import Attendee, AuditEvent, LimitEvent
from app.queries.case_calendar import DueEvent
from app.queries.plan_calendar import PlanEvent
from app.queries.support_calendar import SessionEvent

KINDS = {"stage-1": "Stage 1 audit", "stage-2": "Stage 2 audit", "transfer-review": "Transfer review"}
STATUSES = {AuditProgress.PLANNED: "TENTATIVE", AuditProgress.CANCELLED: "CANCELLED"}
ROLES = {TeamRole.LEAD: "CHAIR", TeamRole.OBSERVER: "NON-PARTICIPANT"}
STANDINGS = {
    Standing.MET: "Met",
    Standing.PLANNED: "Would be met",
    Standing.OPEN: "Open: nothing is planned that would meet it",
}
CATEGORIES = {
    "case": "Nonconformity",
    "document": "Review",
    "task": "Implementation",
    "implementation": "Implementation",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
AUDIT_ALARMS = (timedelta(days=-14), timedelta(days=-1))
DUE_ALARMS = (timedelta(days=-7), timedelta(days=-1))
SESSION_ALARMS = (timedelta(days=-1), timedelta(minutes=-15))
LIMIT_ALARMS = (timedelta(days=-90), timedelta(days=-30))


@dataclass(frozen=True, slots=True)
class Slot:
    """An item of an agenda as one person has it in their calendar."""

    uid: str
    sequence: int
    title: str
    held_on: date
    starts_at: time
    ends_at: time
    time_zone: str
    place: str = ""
    about: str = ""
    address: str = ""
    is_off: bool = False


def calendar_of(
    name: str,
    audits: Iterable[AuditEvent],
    limits: Iterable[LimitEvent],
    dues: Iterable[DueEvent] = (),
    sessions: Iterable[SessionEvent] = (),
    plans: Iterable[PlanEvent] = (),
    *,
    organiser: str,
    address_of: Callable[[str, str], str],
    alarms: bool = True,
) -> bytes:
    """A calendar of audits and limits, with the zones that its times need and no method: to be read, not answered."""
    calendar = _empty()
    calendar.add("x-wr-calname", _one_line(name))
    calendar.add("refresh-interval", timedelta(hours=4), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    held = list(audits)
    for zone in _zones(held):
        calendar.add_component(zone)
    for audit in held:
        calendar.add_component(_audit(audit, name, organiser, address_of("audit", audit.reference), alarms=alarms))
    for limit in limits:
        calendar.add_component(_limit(limit, address_of("certificate", limit.certificate), alarms=alarms))
    for due in dues:
        calendar.add_component(_due(due, address_of(due.noun, due.reference), alarms=alarms))
    for session in sessions:
        calendar.add_component(_session(session, address_of(session.noun, session.key), alarms=alarms))
    for each in plans:
        calendar.add_component(_plan(each, address_of(each.noun, each.key), alarms=alarms))
    return bytes(calendar.to_ical())


def invitation(
    audit: AuditEvent, *, organisation: str, organiser: str, address: str, leaver: Attendee | None = None
) -> bytes:
    """An invitation of the team to one audit, or its cancellation: for all, or for who left the team. [RFC 5546]"""
    if leaver is not None:
        audit = replace(audit, progress=AuditProgress.CANCELLED, cancelled_reason="", team=(leaver,))
    calendar = _empty()
    calendar.add("method", "CANCEL" if audit.progress is AuditProgress.CANCELLED else "REQUEST")
    for zone in _zones([audit]):
        calendar.add_component(zone)
    calendar.add_component(_audit(audit, organisation, organiser, address, alarms=False))
    return bytes(calendar.to_ical())


def slot_invitation(slot: Slot, *, now: datetime, organisation: str, organiser: str, name: str, email: str) -> bytes:
    """An invitation of one person to one item of an agenda, or its cancellation. [RFC 5546]"""
    calendar = _empty()
    calendar.add("method", "CANCEL" if slot.is_off else "REQUEST")
    if slot.time_zone != "UTC":
        calendar.add_component(_zone(slot.time_zone, slot.held_on.year, slot.held_on.year + 1))
    zone = ZoneInfo(slot.time_zone)
    event = Event()
    event.add("uid", slot.uid)
    event.add("sequence", slot.sequence)
    event.add("dtstamp", now)
    event.add("summary", slot.title)
    event.add("dtstart", datetime.combine(slot.held_on, slot.starts_at, zone))
    event.add("dtend", datetime.combine(slot.held_on, slot.ends_at, zone))
    event.add("status", "CANCELLED" if slot.is_off else "CONFIRMED")
    for key, said in (("location", slot.place), ("description", slot.about), ("url", slot.address)):
        if said:
            event.add(key, said)
    event.add("categories", ["Audit"])
    event["organizer"] = _address(organiser, organisation)
    attendee = _address(email, name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    if not slot.is_off:
        attendee.params["RSVP"] = vText("TRUE")
    event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def session_invitation(
    event: SessionEvent, *, organisation: str, organiser: str, name: str, email: str, address: str, is_off: bool
) -> bytes:
    """An invitation of one side to a support session, or its cancellation. [RFC 5546]"""
    calendar = _empty()
    calendar.add("method", "CANCEL" if is_off else "REQUEST")
    made = _session(replace(event, is_cancelled=is_off), address)
    made["organizer"] = _address(organiser, organisation)
    attendee = _address(email, name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    if not is_off:
        attendee.params["RSVP"] = vText("TRUE")
    made.add("attendee", attendee, encode=False)
    calendar.add_component(made)
    return bytes(calendar.to_ical())


def _session(session: SessionEvent, address: str, *, alarms: bool = False) -> Event:
    event = Event()
    event.add("uid", session.uid)
    event.add("sequence", session.sequence)
    event.add("dtstamp", session.changed_at)
    event.add("created", session.created_at)
    event.add("last-modified", session.changed_at)
    event.add("summary", session.title)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    event.add("status", "CANCELLED" if session.is_cancelled else "CONFIRMED")
    if session.link:
        event.add("location", session.link)
    event.add("description", "\n".join(filter(None, [session.about, address])))
    event.add("url", address)
    event.add("categories", ["Support"])
    if alarms and not session.is_cancelled:
        for before in SESSION_ALARMS:
            event.add_component(_alarm(before, session.title))
    return event


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Triennium//Audit programme//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _audit(audit: AuditEvent, organisation: str, organiser: str, address: str, *, alarms: bool) -> Event:
    event = Event()
    event.add("uid", audit.uid)
    event.add("sequence", audit.sequence)
    event.add("dtstamp", audit.changed_at)
    event.add("created", audit.created_at)
    event.add("last-modified", audit.changed_at)
    kind = KINDS.get(audit.kind.value, f"{audit.kind.value.replace('-', ' ').capitalize()} audit")
    what = f"{kind}: {audit.title}" if audit.title else kind
    serves = f" ({', '.join(audit.certificates)})" if audit.certificates else ""
    event.add("summary", f"{audit.reference} {what}{serves}")
    if audit.starts_at is not None and audit.ends_at is not None:
        zone = ZoneInfo(audit.time_zone)
        event.add("dtstart", datetime.combine(audit.starts_on, audit.starts_at, zone))
        event.add("dtend", datetime.combine(audit.ends_on, audit.ends_at, zone))
    else:
        event.add("dtstart", audit.starts_on)
        event.add("dtend", audit.ends_on + timedelta(days=1))
    event.add("status", STATUSES.get(audit.progress, "CONFIRMED"))
    if audit.sites and audit.mode is not AuditMode.REMOTE:
        event.add("location", "; ".join(audit.sites))
    event.add("description", _about(audit, address))
    event.add("url", address)
    event.add("categories", ["Audit", kind])
    event["organizer"] = _address(organiser, organisation)
    for attendee in audit.team:
        if attendee.email:
            event.add("attendee", _attendee(attendee, audit), encode=False)
    if alarms and audit.progress in (AuditProgress.PLANNED, AuditProgress.CONFIRMED):
        for before in AUDIT_ALARMS:
            event.add_component(_alarm(before, f"{audit.reference}: {what}"))
    return event


def _about(audit: AuditEvent, address: str) -> str:
    lines = [f"Status: {audit.progress.label}. Mode: {audit.mode.label}."]
    if audit.progress is AuditProgress.CANCELLED and audit.cancelled_reason:
        lines.append(f"Cancelled: {audit.cancelled_reason}")
    if audit.sites:
        lines.append(f"Sites: {', '.join(audit.sites)}")
    if audit.team:
        lines.append("Team: " + ", ".join(f"{each.name} ({each.role.label.lower()})" for each in audit.team))
    return "\n".join([*lines, address])


def _limit(limit: LimitEvent, address: str, *, alarms: bool) -> Event:
    event = Event()
    event.add("uid", limit.uid)
    event.add("sequence", limit.sequence)
    event.add("dtstamp", limit.changed_at)
    event.add("last-modified", limit.changed_at)
    event.add("summary", f"Last day: {limit.name}, {limit.certificate}")
    event.add("dtstart", limit.closes_on)
    event.add("dtend", limit.closes_on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    body = "The written decision of the certification body overrides a computed date."
    event.add("description", "\n".join([f"{limit.standard}. {_standing(limit)}.", *limit.why, body, address]))
    event.add("url", address)
    event.add("categories", ["Limit"])
    if alarms and limit.standing in (Standing.OPEN, Standing.PLANNED):
        for before in LIMIT_ALARMS:
            event.add_component(_alarm(before, f"{limit.name.capitalize()} of {limit.certificate} is due"))
    return event


def _due(due: DueEvent, address: str, *, alarms: bool) -> Event:
    event = Event()
    event.add("uid", due.uid)
    event.add("sequence", due.sequence)
    event.add("dtstamp", due.changed_at)
    event.add("summary", f"{'Done: ' if due.is_done else ''}{due.title}")
    event.add("dtstart", due.due_on)
    event.add("dtend", due.due_on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("description", f"{due.says}\n{address}")
    event.add("url", address)
    event.add("categories", [CATEGORIES.get(due.noun, "Action")])
    if alarms and not due.is_done:
        for before in DUE_ALARMS:
            event.add_component(_alarm(before, f"{due.title} is due"))
    return event


def _plan(day: PlanEvent, address: str, *, alarms: bool) -> Event:
    event = Event()
    event.add("uid", day.uid)
    event.add("sequence", day.sequence)
    event.add("dtstamp", day.changed_at)
    event.add("summary", _one_line(day.title))
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("description", f"{day.says}\n{address}")
    event.add("url", address)
    event.add("categories", ["Plan"])
    if alarms:
        for before in LIMIT_ALARMS if day.is_limit else DUE_ALARMS:
            event.add_component(_alarm(before, _one_line(day.title)))
    return event


def _standing(limit: LimitEvent) -> str:
    if limit.standing is not Standing.BREACHED:
        return STANDINGS[limit.standing] + (f" by {limit.met_by}" if limit.met_by else "")
    says = f"Met late by {limit.met_by}" if limit.met_by else "Not met in time"
    return says if limit.hard else f"{says}: a warning, no breach"


def _alarm(before: timedelta, says: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", before)
    alarm.add("description", says)
    return alarm


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = vText(_one_line(name).replace('"', "'"))
    return address


def _one_line(name: str) -> str:
    """A name where the format has no escape for the end of a line: it would spoil the whole calendar."""
    return " ".join(_CONTROL.sub(" ", name).split())


def _attendee(attendee: Attendee, audit: AuditEvent) -> vCalAddress:
    address = _address(attendee.email, attendee.name)
    address.params["ROLE"] = vText(ROLES.get(attendee.role, "REQ-PARTICIPANT"))
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    if audit.progress not in (AuditProgress.CLOSED, AuditProgress.REPORT_DRAFTED, AuditProgress.CANCELLED):
        address.params["RSVP"] = vText("TRUE")
    return address


def _zones(audits: list[AuditEvent]) -> list[Timezone]:
    """The zones of all timed audits, each with the changes of clock between the first and the last of them."""
    timed = [audit for audit in audits if audit.starts_at is not None and audit.time_zone != "UTC"]
    if not timed:
        return []
    first = min(audit.starts_on for audit in timed).year
    last = max(audit.ends_on for audit in timed).year + 1
    return [_zone(name, first, last) for name in sorted({audit.time_zone for audit in timed})]


@lru_cache(maxsize=256)
def _zone(name: str, first: int, last: int) -> Timezone:
    start, end = datetime(first, 1, 1, tzinfo=UTC).date(), datetime(last, 12, 31, tzinfo=UTC).date()
    zone = Timezone.from_tzinfo(ZoneInfo(name), name, start, end)
    # Which Python package wrote the zone is nothing to a calendar program.
    zone.pop("COMMENT", None)
    return zone
