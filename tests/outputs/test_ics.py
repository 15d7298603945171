"""Calendars as RFC 5545 wants them: read back by a parser, and line by line where a parser forgives."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest

from app.domain.certification.facts import AuditKind
from app.domain.certification.verdict import Rule, Standing
from app.models.audit import AuditMode, AuditProgress, TeamRole
from app.outputs.ics import calendar_of, invitation
from app.queries.calendar import Attendee, AuditEvent, LimitEvent

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AUDIT = AuditEvent(
    reference="SA-2027-01",
    uid="11111111-2222@triennium",
    sequence=3,
    kind=AuditKind.SURVEILLANCE,
    title="",
    progress=AuditProgress.CONFIRMED,
    starts_on=date(2027, 3, 27),
    ends_on=date(2027, 3, 29),
    starts_at=time(9),
    ends_at=time(16, 30),
    time_zone="Europe/Berlin",
    mode=AuditMode.ON_SITE,
    cancelled_reason="",
    changed_at=NOW,
    created_at=NOW - timedelta(days=3),
    certificates=("C-20000-1", "C-27001-1"),
    sites=("Hamburg, head office", "Rotterdam; data centre"),
    team=(
        Attendee("Aud Lindqvist", "aud@example.org", TeamRole.LEAD),
        Attendee('Jan "Pim" Visser', "jan@example.org", TeamRole.OBSERVER),
        Attendee("Without Mail", "", TeamRole.EXPERT),
    ),
)
LIMIT = LimitEvent(
    uid="limit-7-calendar-year-2027-2026-01-01@triennium",
    sequence=1,
    certificate="C-27001-1",
    standard="ISO/IEC 27001:2022",
    rule=Rule.CALENDAR_YEAR,
    year=2027,
    closes_on=date(2027, 12, 31),
    standing=Standing.OPEN,
    met_by=None,
    hard=True,
    why=("A surveillance audit in each calendar year, 2027 included. [ISO/IEC 17021-1:2015, 9.1.3.3]",),
    changed_at=NOW,
)


def written(*audits: AuditEvent, limits: tuple[LimitEvent, ...] = (), alarms: bool = True) -> bytes:
    return calendar_of(
        "Alder Works",
        audits,
        limits,
        organiser="triennium@example.org",
        address_of=lambda noun, reference: f"https://triennium.example/{noun}/{reference}",
        alarms=alarms,
    )


def events(raw: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(raw).walk("VEVENT"))


def test_an_audit_keeps_its_local_times_over_a_change_of_clock() -> None:
    (event,) = events(written(AUDIT))
    assert event["UID"] == AUDIT.uid
    assert event["SEQUENCE"] == 3
    assert event["STATUS"] == "CONFIRMED"
    # Summer time begins on 28 March 2027: nine in the morning before, half past four after.
    assert event.start.astimezone(UTC) == datetime(2027, 3, 27, 8, 0, tzinfo=UTC)
    assert event.end.astimezone(UTC) == datetime(2027, 3, 29, 14, 30, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"


def test_every_zone_that_a_time_names_is_described_once_and_without_a_comment() -> None:
    oslo = replace(AUDIT, uid="other@triennium", time_zone="Europe/Oslo")
    calendar = icalendar.Calendar.from_ical(written(AUDIT, oslo, AUDIT))
    zones = list(calendar.walk("VTIMEZONE"))
    assert [str(zone["TZID"]) for zone in zones] == ["Europe/Berlin", "Europe/Oslo"]
    assert all("COMMENT" not in zone for zone in zones)


def test_an_audit_without_times_takes_whole_days_and_ends_before_the_day_after() -> None:
    (event,) = events(written(replace(AUDIT, starts_at=None, ends_at=None)))
    assert event["DTSTART"].dt == date(2027, 3, 27)
    assert event["DTEND"].dt == date(2027, 3, 30)
    assert b"VTIMEZONE" not in written(replace(AUDIT, starts_at=None, ends_at=None))


@pytest.mark.parametrize(
    ("progress", "status"),
    [
        (AuditProgress.PLANNED, "TENTATIVE"),
        (AuditProgress.CONFIRMED, "CONFIRMED"),
        (AuditProgress.IN_PROGRESS, "CONFIRMED"),
        (AuditProgress.CLOSED, "CONFIRMED"),
        (AuditProgress.CANCELLED, "CANCELLED"),
    ],
)
def test_the_status_follows_the_progress(progress: AuditProgress, status: str) -> None:
    (event,) = events(written(replace(AUDIT, progress=progress, cancelled_reason="Flood")))
    assert event["STATUS"] == status
    assert ("Flood" in event["DESCRIPTION"]) == (status == "CANCELLED")


def test_organiser_and_attendees_have_names_roles_and_addresses() -> None:
    (event,) = events(written(AUDIT))
    assert event["ORGANIZER"] == "mailto:triennium@example.org"
    assert event["ORGANIZER"].params["CN"] == "Alder Works"
    lead, observer = event["ATTENDEE"]
    assert (lead, lead.params["ROLE"], lead.params["CN"]) == ("mailto:aud@example.org", "CHAIR", "Aud Lindqvist")
    assert observer.params["ROLE"] == "NON-PARTICIPANT"
    assert '"' not in observer.params["CN"]


def test_no_name_spoils_the_calendar() -> None:
    team = (Attendee('A\r\nB;,:"\x1f\x85\u2028 C', "a@example.org", TeamRole.LEAD),)
    raw = calendar_of(
        "Alder\r\nWorks", [replace(AUDIT, team=team)], (), organiser="t@example.org", address_of=lambda *_: "https://x"
    )
    (event,) = events(raw)
    attendee = event["attendee"]
    assert (attendee.params["CN"], str(attendee)) == ("A B;,:' C", "mailto:a@example.org")
    assert "BEGIN:VEVENT\r\nB;" not in raw.decode()


def test_text_is_escaped_and_lines_are_folded_at_75_octets() -> None:
    raw = written(replace(AUDIT, title="Größe; Umfang, Öl\\Gas " * 12))
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    unfolded = raw.replace(b"\r\n ", b"").decode()
    assert "Größe\\; Umfang\\, Öl\\\\Gas" in unfolded
    assert "LOCATION:Hamburg\\, head office\\; Rotterdam\\; data centre" in unfolded


def test_a_limit_is_an_all_day_event_that_says_why_and_blocks_no_time() -> None:
    (event,) = events(written(limits=(LIMIT,)))
    assert event["SUMMARY"] == "Last day: surveillance 2027, C-27001-1"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2027, 12, 31), date(2028, 1, 1))
    assert "9.1.3.3" in event["DESCRIPTION"]
    assert "written decision" in event["DESCRIPTION"]
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["SEQUENCE"] == 1


def test_reminders_stand_before_what_is_still_to_come_alone() -> None:
    def reminders(raw: bytes) -> list[timedelta]:
        return [alarm["TRIGGER"].dt for alarm in icalendar.Calendar.from_ical(raw).walk("VALARM")]

    assert reminders(written(AUDIT)) == [timedelta(days=-14), timedelta(days=-1)]
    assert reminders(written(limits=(LIMIT,))) == [timedelta(days=-90), timedelta(days=-30)]
    assert reminders(written(replace(AUDIT, progress=AuditProgress.CLOSED))) == []
    assert reminders(written(limits=(replace(LIMIT, standing=Standing.MET),))) == []
    assert reminders(written(AUDIT, limits=(LIMIT,), alarms=False)) == []


def test_a_feed_has_no_method_and_the_calendar_no_uid_of_its_own() -> None:
    calendar = icalendar.Calendar.from_ical(written(AUDIT))
    assert "METHOD" not in calendar
    assert "UID" not in calendar
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]


def test_an_invitation_asks_and_a_cancelled_one_takes_back() -> None:
    def method(audit: AuditEvent) -> str:
        raw = invitation(audit, organisation="Alder Works", organiser="t@example.org", address="https://x.example/")
        (event,) = events(raw)
        assert event["UID"] == AUDIT.uid
        return str(icalendar.Calendar.from_ical(raw)["METHOD"])

    assert method(AUDIT) == "REQUEST"
    assert method(replace(AUDIT, progress=AuditProgress.CANCELLED)) == "CANCEL"


def test_an_empty_programme_is_still_a_calendar() -> None:
    assert events(written()) == []
    assert icalendar.Calendar.from_ical(written())["X-WR-CALNAME"] == "Alder Works"
