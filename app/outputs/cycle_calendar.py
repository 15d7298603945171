"""The answer about one certificate as an iCalendar file: its limits and its audits as all-day events."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Event

from app.domain.certification.facts import AuditFact, AuditStatus, Facts
from app.domain.certification.risk import rule_name
from app.domain.certification.verdict import MISSED, Deadline, Rule, Standing, Verdict
from app.domain.dates import day_after

_STANDINGS = {
    Standing.MET: "met",
    Standing.PLANNED: "planned",
    Standing.OPEN: "due",
    Standing.BREACHED: "missed",
}


def calendar_of(facts: Facts, verdict: Verdict) -> bytes:
    """An iCalendar file (RFC 5545) of the limits of the current cycle and of the audits on record."""
    calendar = Calendar()
    calendar.add("prodid", "-//Triennium//Certification cycle//EN")
    calendar.add("version", "2.0")
    began_on = verdict.cycle.began_on.isoformat() if verdict.cycle else "applicant"
    # The same facts give the same UIDs on every day and in every order.
    whose = hashlib.sha256(f"{facts.standard or ''} {began_on}".encode()).hexdigest()[:16]
    stamp = datetime.combine(verdict.on, time(), UTC)
    events = [*_limits(verdict, whose), *_audits(facts, whose)]
    for event in events or [_state(verdict, whose)]:
        event.add("dtstamp", stamp)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _limits(verdict: Verdict, whose: str) -> Iterator[Event]:
    for row in verdict.deadlines:
        event = _all_day(row.closes_on, row.closes_on)
        event.add("uid", f"{_key(row)}-{whose}@triennium")
        name = rule_name(row.rule, row.year)
        event.add("summary", f"{name[:1].upper()}{name[1:]}: {_STANDINGS[row.standing]}{_warning(row)}")
        event.add("description", "\n".join(str(reason) for reason in row.why))
        event.add("categories", ["Limit"])
        yield event


def _warning(row: Deadline) -> str:
    return ", a warning" if row.shown == MISSED else ""


def _state(verdict: Verdict, whose: str) -> Event:
    """A calendar is never without an event: where there is nothing else, it says how the certificate stands."""
    event = _all_day(verdict.on, verdict.on)
    event.add("uid", f"state-{whose}@triennium")
    event.add("summary", f"Certificate: {verdict.state.value.value}")
    following = verdict.next_audit.why if verdict.next_audit else ()
    event.add("description", "\n".join(str(reason) for reason in (*verdict.state.why, *following)))
    return event


def _key(row: Deadline) -> str:
    if row.rule in (Rule.STAGE_2_MAJORS, Rule.SUSPENSION_LIMIT, Rule.EDITION_DEADLINE):
        return f"{row.rule.value}-{row.opens_on or row.closes_on}"
    return f"{row.rule.value}-{row.year}" if row.year else row.rule.value


def _audits(facts: Facts, whose: str) -> Iterator[Event]:
    for audit in sorted(facts.audits, key=lambda audit: (audit.ends_on, audit.id)):
        event = _all_day(audit.begins_on, audit.ends_on)
        digest = hashlib.sha256(audit.id.encode()).hexdigest()[:16]
        event.add("uid", f"audit-{digest}-{whose}@triennium")
        event.add("summary", f"{_kind(audit)} ({audit.id})")
        event.add("status", "CANCELLED" if audit.status is AuditStatus.CANCELLED else "CONFIRMED")
        event.add("categories", ["Audit"])
        yield event


def _kind(audit: AuditFact) -> str:
    return f"{audit.kind.value.replace('-', ' ').capitalize()} audit"


def _all_day(first: date, last: date) -> Event:
    event = Event()
    event.add("dtstart", first)
    event.add("dtend", day_after(last))
    event.add("transp", "TRANSPARENT")
    return event
