"""A feed of two thousand events against writing the same bytes with icalendar alone."""

from datetime import UTC, date, datetime, time, timedelta

import icalendar

from app.domain.certification.facts import AuditKind
from app.domain.certification.verdict import Rule, Standing
from app.models.audit import AuditMode, AuditProgress, TeamRole
from app.outputs.ics import calendar_of
from app.queries.calendar import Attendee, AuditEvent, LimitEvent
from bench.target import Target, median_time

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def _audit(number: int) -> AuditEvent:
    first = date(2026, 1, 5) + timedelta(days=number)
    return AuditEvent(
        reference=f"SA-{first.year}-{number:04d}",
        uid=f"{number:08x}@triennium",
        sequence=number % 4,
        kind=AuditKind.SURVEILLANCE,
        title="",
        progress=AuditProgress.PLANNED,
        starts_on=first,
        ends_on=first + timedelta(days=2),
        starts_at=time(9),
        ends_at=time(16, 30),
        time_zone="Europe/Berlin",
        mode=AuditMode.ON_SITE,
        cancelled_reason="",
        changed_at=NOW,
        created_at=NOW,
        certificates=(f"C-27001-{number}",),
        sites=("Hamburg, head office",),
        team=(Attendee("Aud Lindqvist", "aud@example.org", TeamRole.LEAD),),
    )


def _limit(number: int) -> LimitEvent:
    return LimitEvent(
        uid=f"limit-{number}@triennium",
        sequence=0,
        certificate=f"C-27001-{number}",
        standard="ISO/IEC 27001:2022",
        rule=Rule.CALENDAR_YEAR,
        year=2027,
        closes_on=date(2027, 12, 31),
        standing=Standing.OPEN,
        met_by=None,
        hard=True,
        why=("Each calendar year but that of a recertification needs a surveillance. [ISO/IEC 17021-1:2015, 9.1.3.3]",),
        changed_at=NOW,
    )


def measure() -> list[Target]:
    """Our way from rows to bytes, in times of icalendar's from its own components to the same bytes."""
    audits, limits = [_audit(number) for number in range(1_000)], [_limit(number) for number in range(1_000)]

    def ours() -> bytes:
        return calendar_of(
            "Alder Works",
            audits,
            limits,
            organiser="triennium@example.org",
            address_of=lambda noun, reference: f"https://triennium.example/{noun}/{reference}",
        )

    components = icalendar.Calendar.from_ical(ours())
    if components.to_ical() != ours():
        raise RuntimeError("the two calendars are not the same bytes")
    return [
        Target(
            "A feed of 2,000 events, in times of writing the same bytes with icalendar alone",
            median_time(ours, rounds=5) / median_time(components.to_ical, rounds=5),
            2.5,
        )
    ]
