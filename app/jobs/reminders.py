"""Tell the quality managers each morning what is new: limits that come near, what is at risk, what is overdue."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.certification.cycle import judge
from app.domain.certification.digest import Digest, digest
from app.domain.certification.watch import watch
from app.domain.permission import Role
from app.jobs import claims
from app.jobs.job import Done, Job, daily
from app.models.certificate import Certificate
from app.models.organisation import Membership
from app.models.person import Person
from app.operations.outbox import post
from app.queries.facts import facts_of
from app.queries.members import lasting
from app.work import Work

NAME = "reminders"
MORNING = time(6)
"""In the organisation's own time: a mail that is read with the first coffee."""


def run(now: datetime) -> Iterator[str]:
    return daily(NAME, now, _remind, not_before=MORNING)


def _remind(opened: Work) -> Done:
    before = claims.latest(opened, NAME, f"{opened.home} ")
    told = before.seen if before is not None else None
    readers = _quality_managers(opened)
    if not readers:
        # What nobody was told stays news for whoever comes.
        return Done("", told)
    found = _digest(opened, told)
    if not found.has_news:
        return Done("", found.seen)
    organisation = opened.organisation
    for person in readers:
        post(
            opened,
            to_email=cast(str, person.email),
            to_name=person.name,
            subject=f"{found.subject} · {organisation.name}",
            template="digest",
            context={"digest": found, "organisation": organisation, "today": opened.today},
            person_id=person.id,
            once=f"digest of organisation {opened.home} for person {person.id} on {opened.today.isoformat()}",
        )
    return Done(f"{len(readers)} mail{'s' if len(readers) != 1 else ''} posted: {found.subject}", found.seen)


def _digest(opened: Work, told: object) -> Digest:
    rows = opened.session.execute(select(Certificate.id, Certificate.reference).order_by(Certificate.reference)).all()
    facts = facts_of(opened)
    verdicts = {reference: judge(facts[id_], opened.today) for id_, reference in rows if id_ in facts}
    notices = {reference: watch(facts[id_], verdicts[reference]) for id_, reference in rows if id_ in facts}
    return digest(verdicts, told if isinstance(told, dict) else None, notices)


def _quality_managers(opened: Work) -> list[Person]:
    rows = opened.all(
        select(Membership)
        .options(joinedload(Membership.person))
        .where(*lasting(opened.today))
        .order_by(Membership.person_id)
    )
    return [row.person for row in rows if Role.QUALITY_MANAGER in row.roles and row.person.email]


JOB = Job(
    NAME,
    "Mails the quality managers what is new: limits in 90, 30 and 7 days, what is at risk, what is overdue.",
    "once on each organisation's day, from six in the morning of its own time",
    run,
)
