"""Who wrote a version of a document: everybody who ever changed its text, as the journal keeps it."""

from collections.abc import Collection

from sqlalchemy import and_, or_, select

from app.domain.named_files import names_in
from app.models.attachment import Attachment
from app.models.document import DocumentVersion
from app.models.journal import JournalEntry
from app.models.person import Person
from app.work import Work
from app.work.journal import chain_of

V = DocumentVersion
_TEXT = ("body", "file_name", "note")


def writers_of(work: Work, versions: Collection[DocumentVersion]) -> dict[int, list[Person]]:
    """Who wrote each of these versions, by its id, with their names in order; a fixed number of queries.

    Whoever changed its text or kept a file that it is the first to name. Whoever began it as a copy wrote nothing of it
    once somebody else has changed it.
    """
    found = {each.id: {each.written_by_id} for each in versions}
    if not found:
        return {}
    for version_id, person_id in [*_changed(work, versions), *_kept(work, versions)]:
        found[version_id].add(person_id)
    wanted = {person for people in found.values() for person in people}
    people = work.all(select(Person).where(Person.id.in_(wanted)))
    ordered = sorted(people, key=lambda each: (each.label.lower(), each.id))
    return {key: [each for each in ordered if each.id in wrote] for key, wrote in found.items()}


def _changed(work: Work, versions: Collection[DocumentVersion]) -> list[tuple[int, int]]:
    """Which person changed the text of which version; the first one of a document is begun with a text or without."""
    entry, firsts = JournalEntry, [str(each.id) for each in versions if each.number == 1]
    begun = and_(
        entry.action == "created",
        entry.noun_id.in_(firsts),
        entry.changes.contains('"body":[null,"', autoescape=True),
        ~entry.changes.contains('"body":[null,""]', autoescape=True),
    )
    # As the journal writes the name of a field: within a text its quotation marks are escaped.
    saved = and_(
        entry.action == "changed",
        or_(*(entry.changes.contains(f'"{name}":[', autoescape=True) for name in _TEXT)),
    )
    statement = (
        select(entry.noun_id, entry.actor_id)
        .where(
            entry.chain == chain_of(work.home),
            entry.noun == V.__tablename__,
            entry.noun_id.in_([str(each.id) for each in versions]),
            entry.actor_id.is_not(None),
            or_(begun, saved),
        )
        .distinct()
    )
    return [(int(noun_id), actor_id) for noun_id, actor_id in work.execute(statement)]


def _kept(work: Work, versions: Collection[DocumentVersion]) -> list[tuple[int, int]]:
    """Which person kept a file that a version names and none before it did."""
    documents = {each.document_id for each in versions}
    told = select(V.document_id, V.number, V.file_name, V.body).where(V.document_id.in_(documents))
    named = {(document, number): names_in(body) | {file} for document, number, file, body in work.execute(told)}
    files = select(Attachment.document_id, Attachment.file_name, Attachment.stored_by_id).where(
        Attachment.document_id.in_(documents), Attachment.stored_by_id.is_not(None)
    )
    kept = list(work.execute(files))
    found = []
    for each in versions:
        before = {
            name
            for (document, number), names in named.items()
            if document == each.document_id and number < each.number
            for name in names
        }
        new = named[each.document_id, each.number] - before
        found += [(each.id, by) for document, name, by in kept if document == each.document_id and name in new]
    return found
