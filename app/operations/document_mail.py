"""Tell by mail who is to acknowledge a version of a document, and who may approve one that was sent for review."""

from collections.abc import Collection
from datetime import date

from app.domain.dates import add_days, say
from app.domain.documents.due import Owed
from app.domain.permission import Permission
from app.models.document import Document, DocumentVersion
from app.models.person import Person
from app.operations import outbox
from app.queries.document_writers import writers_of
from app.queries.documents import Stand, stand_of
from app.queries.members import those_who_may
from app.work import Work


def tell_audience(work: Work, document: Document, people: Collection[int] | None = None) -> int:
    """Post a mail to each who is to acknowledge the valid version, or to these people of them: how many were posted."""
    stand = stand_of(work, document)
    return tell_lines(work, stand, [each for each in stand.waiting if people is None or each.person_id in people])


def tell_begun(work: Work, stand: Stand, since: date) -> int:
    """The same for those alone whose days began on a day or later: with the version, or when they joined."""
    days = stand.document.acknowledge_days
    return tell_lines(work, stand, [each for each in stand.waiting if add_days(each.due_on, -days) >= since])


def tell_lines(work: Work, stand: Stand, lines: Collection[Owed]) -> int:
    """Post one mail a person and version, however often it is asked for."""
    document, version = stand.document, stand.valid
    if version is None:
        return 0
    count = 0
    for line in lines:
        count += _post(
            work,
            stand.people[line.person_id],
            document,
            version,
            subject=f"{document.reference} {document.title}: read version {version.number} by {say(line.due_on)}",
            says=f"Version {version.number} of {document.title} is distributed to you. "
            f"Read it, and acknowledge it by {say(line.due_on)}.",
            note=version.note,
            endpoint="documents.show",
            once=f"document version {version.id} for person {line.person_id}",
        )
    return count


def tell_approvers(work: Work, document: Document, version: DocumentVersion) -> None:
    """Post a mail to everybody who may approve a version that was sent for review: not to who wrote or sent it."""
    writers = writers_of(work, [version])[version.id]
    wrote = {each.id for each in writers}
    for person in those_who_may(work, Permission.MANAGE_DOCUMENTS):
        if person.id not in wrote and person.id != work.actor_id:
            _post(
                work,
                person,
                document,
                version,
                subject=f"{document.reference} {document.title}: version {version.number} waits for approval",
                says=f"{', '.join(each.label for each in writers)} wrote version {version.number} of "
                f"{document.title}. Read it, and approve it or send it back.",
                note=version.note,
                endpoint="documents.version",
            )


def _post(
    work: Work,
    person: Person,
    document: Document,
    version: DocumentVersion,
    *,
    subject: str,
    says: str,
    note: str,
    endpoint: str,
    once: str = "",
) -> bool:
    if person.email is None:
        return False
    organisation = work.organisation
    asked = {"number": version.number} if endpoint == "documents.version" else {}
    posted = outbox.post(
        work,
        to_email=person.email,
        to_name=person.name,
        subject=subject,
        template="document",
        context={
            "title": f"{document.reference} {document.title}",
            "says": says,
            "note": note,
            "page": outbox.link(endpoint, slug=organisation.slug, reference=document.reference, **asked),
            "organisation": organisation.name,
            "reference": document.reference,
        },
        person_id=person.id,
        once=once,
    )
    return posted is not None
