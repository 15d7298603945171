"""What was learnt elsewhere, with the certificate that proves it; who is exempt; and the one who was revoked."""

import io
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from app.demonstration.telling import ago
from app.demonstration.training.writing import AUDITING, SECURITY
from app.domain.dates import add_months, say
from app.domain.training.status import Exemption
from app.models.completion import Completion
from app.operations import attachments, completions, training_records
from app.operations.attachments import Place
from app.operations.training_records import External
from app.queries.enrolments import completion_by

if TYPE_CHECKING:
    from app.demonstration.training import School


@dataclass(slots=True)
class _Sent:
    filename: str | None
    stream: BinaryIO


def records(school: "School") -> None:
    """Two bring a certificate, one need not come, one is asked to do it again."""
    today = school.today
    passed = ago(today, months=38)
    school.on(
        ago(today, months=15, days=15),
        "ingrid",
        partial(
            _elsewhere, school, "annika", AUDITING, passed, ago(today, months=2), "Nordic Audit School", "NAS-2207"
        ),
    )
    school.on(
        ago(today, months=7, days=10),
        "ingrid",
        partial(_elsewhere, school, "samir", SECURITY, ago(today, months=8), None, "Cedar Training", "CT-90114"),
    )
    school.on(ago(today, months=6), "ingrid", partial(_exempt, school))
    school.on(ago(today, months=5, days=20), "ingrid", partial(_revoke, school))


def _elsewhere(
    school: "School", who: str, key: str, passed: date, until: date | None, provider: str, number: str
) -> None:
    person, work = school.cast[who], school.work
    details = External(
        course_id=school.ids[key],
        completed_on=passed,
        valid_until=until,
        provider=provider,
        evidence=f"Certificate {number}",
    )
    completion = training_records.record_external(work, person.id, details)
    lines = (provider, f"Certificate {number}", f"{person.name} has passed the course on {say(passed)}.")
    paper = _Sent(f"certificate-{number}.pdf", io.BytesIO(_paper(lines)))
    attachments.attach(work, Place(completion_id=completion.id), paper)


def _exempt(school: "School") -> None:
    today = school.work.today
    why = "Works for us as a consultant and takes the same course at Meridian each year; their certificate was seen."
    exemption = Exemption(today, add_months(today, 24), why)
    training_records.exempt(school.work, school.cast["carla"].id, school.ids[SECURITY], exemption)


def _revoke(school: "School") -> None:
    work = school.work
    last = select(Completion.id).where(
        Completion.person_id == school.cast["yuki"].id, Completion.course_id == school.ids[SECURITY]
    )
    completion = completion_by(work, work.session.scalars(last).one(), lock=True)
    if completion is None:
        raise LookupError("the story has no completion to revoke")
    completions.revoke(work, completion, "The quiz was answered by a colleague at the same desk, as both told us.")


def _paper(lines: tuple[str, ...]) -> bytes:
    """A page that was scanned: to print it would take as long as all of the training."""
    page = Image.new("L", (595, 842), "white")
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((72, 142 + 28 * number), line, fill="black", font=ImageFont.load_default(18), anchor="ls")
    paper = io.BytesIO()
    page.save(paper, "PDF")
    return paper.getvalue()
