"""What was kept as evidence: photographs and files on questions, findings and actions."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import select

from app.demonstration.audits import pictures
from app.demonstration.audits.checklists import ACCESS, LEADERSHIP, OPERATION
from app.demonstration.audits.processes import SECURITY, SERVICES
from app.models.checklist import ChecklistItem
from app.models.corrective_action import Action
from app.models.finding import Finding
from app.operations.attachments import Place
from app.operations.evidence_files import keep_evidence

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

REQUEST = (("Request", "R-4471"), ("Asked for", "Mailbox for a project"), ("Agreed time", ""), ("Done", "after 9 days"))
TRAINED = "Person,Role,Trained on\nService desk 3,Incidents,\nService desk 5,Incidents,\nService desk 6,Incidents,yes\n"
LEFT = "Account,Left,Closed after (days)\nticket/0412,yes,12\nticket/0577,yes,40\n"


@dataclass(slots=True)
class Sent:
    """A file as a form sends it."""

    filename: str | None
    stream: BinaryIO


def proofs(diary: "Diary") -> None:
    """Kept on the days on which they were seen."""
    _on_item(diary, LEADERSHIP, SERVICES, "8.6.2", "request-without-a-time.jpg",
             partial(pictures.screen, "Service desk: request", REQUEST))  # fmt: skip
    _on_item(diary, LEADERSHIP, SECURITY, "7.2", "training-records.csv", partial(_text, TRAINED))
    _on_item(diary, OPERATION, SECURITY, "A.5.32", "hosts-of-the-cluster.jpg",
             partial(pictures.rack, ("SRV-001", "SRV-002", "STO-004")))  # fmt: skip
    _on_item(diary, ACCESS, SECURITY, "A.5.9", "a-workplace.jpg",
             partial(pictures.laptop, "LT-0019", "3rd desk\nby the\nwindow"))  # fmt: skip
    switches = partial(pictures.rack, ("NET-004", "NET-009", "NET-017"), "NET-004")
    _on_finding(diary, OPERATION, "firmware", "switches-in-rotterdam.jpg", switches)
    _on_finding(diary, ACCESS, "leavers", "accounts-of-leavers.csv", partial(_text, LEFT))
    day = diary.audits[LEADERSHIP].ends_on + timedelta(days=24)
    diary.on(day, "tom", partial(_on_action, diary, "train", "training-records.csv", partial(_text, TRAINED)))


def _on_item(diary: "Diary", title: str, standard: str, clause: str, name: str, make: Callable[[], BinaryIO]) -> None:
    def do() -> None:
        asked = select(ChecklistItem.id).where(
            ChecklistItem.audit_id == diary.audits[title].id,
            ChecklistItem.standard == standard,
            ChecklistItem.clause == clause,
        )
        item = diary.work.all(asked.order_by(ChecklistItem.position))[0]
        keep_evidence(diary.work, Place(item_id=item), Sent(name, make()))

    diary.on(diary.audits[title].starts_on, "mateo", do)


def _on_finding(diary: "Diary", title: str, key: str, name: str, make: Callable[[], BinaryIO]) -> None:
    def do() -> None:
        found = select(Finding.id).where(Finding.reference == diary.references[key])
        keep_evidence(diary.work, Place(finding_id=diary.work.all(found)[0]), Sent(name, make()))

    audit = diary.audits[title]
    diary.on(audit.starts_on if title == ACCESS else audit.ends_on, "mateo", do)


def _on_action(diary: "Diary", key: str, name: str, make: Callable[[], BinaryIO]) -> None:
    found = select(Action.id).where(Action.reference == diary.references[key])
    keep_evidence(diary.work, Place(action_id=diary.work.all(found)[0]), Sent(name, make()))


def _text(words: str) -> io.BytesIO:
    return io.BytesIO(words.encode())
