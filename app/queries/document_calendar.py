"""The days on which documents are to be reviewed, as a calendar shows them."""

from sqlalchemy import select

from app.models.organisation import Organisation
from app.queries.calendar import Choice
from app.queries.case_calendar import DueEvent
from app.queries.documents import document_stands
from app.work import Work


def review_events(work: Work, choice: Choice) -> list[DueEvent]:
    """The reviews of all documents by their day, or of those that one person owns; of one audit or certificate, none.

    A fixed number of queries, however many there are.
    """
    if choice.audit is not None or choice.certificate is not None:
        return []
    # A day of review follows from several rows; what it was told on is nothing that a calendar goes by.
    made = work.session.scalars(select(Organisation.created_at).where(Organisation.id == work.home)).one()
    found = []
    for stand in document_stands(work, withdrawn=False):
        document, due_on = stand.document, stand.review_on
        if due_on is None or choice.person_id not in (None, document.owner_id):
            continue
        # Each day is an event of its own: a review of the next version is not this one moved.
        uid = f"review-{document.id}-{due_on.isoformat()}@triennium"
        says = f"{document.title}. Owner: {document.owner.label}."
        title = f"{document.reference} to be reviewed"
        found.append(DueEvent(uid, 0, "document", document.reference, title, says, due_on, False, made))
    return sorted(found, key=lambda each: (each.due_on, each.uid))
