"""Who met whom at which hour of Northwind's internal audits, who confirmed it, and who looks in from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.audits.checklists import ACCESS, COMING, LEADERSHIP, OPERATION
from app.demonstration.telling import ago
from app.domain.programme.team import TeamRole
from app.operations import agenda, agenda_confirmations, audit_guests
from app.operations.agenda import AgendaDetails
from app.operations.agenda_confirmations import Asked
from app.queries.audit_plan import agenda_of, auditees_of

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

HOSTER = ("Lotte Maas", "lotte@maasdata.example")


@dataclass(frozen=True, slots=True)
class Hour:
    """An item of an agenda: on which day of the audit, from when to when, and who is audited."""

    day: int
    since: str
    until: str
    title: str
    who: tuple[str, ...] = ()
    covers: str = ""
    place: str = ""
    outside: tuple[tuple[str, str], ...] = ()


OPENING = Hour(0, "09:00", "09:30", "Opening meeting", ("ingrid",), "Aims, scope, hours; what happens to findings.")
AGENDAS: dict[str, tuple[Hour, ...]] = {
    LEADERSHIP: (
        OPENING,
        Hour(0, "09:30", "11:30", "Leadership and policy", ("ingrid",), "ISO/IEC 27001 5.1 to 5.3, ISO/IEC 20000-1 5.2",
             "Board room"),
        Hour(0, "13:00", "16:00", "Risks and their treatment", ("ingrid", "jonas"), "ISO/IEC 27001 6.1", "Board room"),
        Hour(1, "09:00", "12:00", "People of the service desk", ("tom",), "Training and awareness; eleven requests",
             "Service desk"),
        Hour(1, "15:30", "16:30", "Closing meeting", ("ingrid", "tom")),
    ),
    OPERATION: (
        OPENING,
        Hour(0, "09:30", "12:00", "Assets and licences", ("priya",), "Ten from register to shelf, ten back"),
        Hour(0, "13:00", "16:00", "Hosts of the cluster", ("priya", "jonas"), "By shared screen", outside=(HOSTER,)),
        Hour(1, "09:00", "11:00", "Patching and vulnerabilities", ("tom",)),
        Hour(1, "11:00", "12:30", "Incidents, requests and changes", ("tom",), "Twelve incidents and eight changes"),
        Hour(1, "15:30", "16:30", "Closing meeting", ("ingrid", "priya", "tom")),
    ),
    ACCESS: (
        OPENING,
        Hour(0, "10:00", "12:00", "Access by role", ("jonas",), "A.5.15 to A.5.18", "Room Alster"),
        Hour(0, "13:00", "15:30", "Devices where they stand", ("priya",), "Fifteen workplaces, by lot", "Second floor"),
        Hour(1, "09:00", "11:00", "Joiners, movers and leavers", ("jonas", "tom"), "Nine leavers, by name"),
        Hour(2, "09:30", "12:00", "Service desk in Leipzig", ("tom",), "Talks with six people", "Augustusplatz 9"),
        Hour(3, "09:00", "11:30", "Disposal of devices and media", ("priya",), "A.7.10 and A.7.14", "Store room"),
        Hour(4, "14:00", "15:00", "Closing meeting", ("ingrid", "jonas", "priya")),
    ),
    COMING: (
        OPENING,
        Hour(0, "09:30", "12:00", "How suppliers are chosen and watched", ("ingrid", "priya"), "Four of nineteen"),
        Hour(0, "13:00", "15:00", "The hosting contract", ("priya",), "With the supplier", outside=(HOSTER,)),
        # The plan is not finished: one person is wanted twice.
        Hour(0, "14:00", "16:00", "Incidents that began at a supplier", ("priya", "tom"), "The last six months"),
        Hour(1, "14:00", "15:00", "Closing meeting", ("ingrid",)),
    ),
}  # fmt: skip
NOT_YET = ("jonas",)
"""Who has not confirmed the audit that is going on."""


def agendas(diary: "Diary") -> None:
    """Drawn up and asked for before each audit; who looks in from outside is invited with it."""
    for title, hours in AGENDAS.items():
        starts_on = diary.audits[title].starts_on
        drawn_up = ago(diary.today, days=6) if title == COMING else starts_on - timedelta(days=12)
        diary.on(drawn_up, "mateo", partial(_draw_up, diary, title, hours))
        if title == COMING:
            continue
        diary.on(starts_on - timedelta(days=10), "mateo", partial(_ask, diary, title))
        everybody = dict.fromkeys(who for hour in hours for who in hour.who)
        for number, who in enumerate(who for who in everybody if title != ACCESS or who not in NOT_YET):
            diary.on(starts_on - timedelta(days=9 - number), who, partial(_confirm, diary, title, who))
    starts_on = diary.audits[ACCESS].starts_on
    diary.on(starts_on - timedelta(days=8), "ingrid", partial(_invite, diary, ACCESS, "Helena Vos", 14))
    diary.on(ago(diary.today, days=3), "ingrid", partial(_invite, diary, COMING, "Joost Bakker", 7))


def _draw_up(diary: "Diary", title: str, hours: Sequence[Hour]) -> None:
    work, audit = diary.work, diary.held(title)
    for hour in hours:
        details = AgendaDetails(
            held_on=audit.starts_on + timedelta(days=hour.day),
            starts_at=time.fromisoformat(hour.since),
            ends_at=time.fromisoformat(hour.until),
            title=hour.title,
            covers=hour.covers,
            place=hour.place,
            site_id=audit.audit_sites[0].site_id if audit.audit_sites and not hour.place else None,
            auditors=frozenset(each.id for each in audit.team if each.role is not TeamRole.OBSERVER),
            members=frozenset(diary.cast[who].id for who in hour.who),
            outside=hour.outside,
        )
        agenda.add(work, audit, details)


def _ask(diary: "Diary", title: str) -> None:
    agenda_confirmations.ask(diary.work, diary.held(title))


def _confirm(diary: "Diary", title: str, who: str) -> None:
    work, audit = diary.work, diary.held(title)
    name = diary.cast[who].name
    auditee = next(each for each in auditees_of(agenda_of(work, audit.id)) if each.label == name)
    asked = Asked(work.organisation.name, audit, auditee, work.today)
    agenda_confirmations.confirm(work, asked, asked.stamp)


def _invite(diary: "Diary", title: str, name: str, days: int) -> None:
    audit = diary.held(title)
    email = f"{name.split()[0].lower()}@assessor.example"
    until = audit.ends_on + timedelta(days=days)
    audit_guests.invite(diary.work, audit, email=email, name=name, since=audit.starts_on, until=until)
