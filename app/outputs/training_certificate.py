"""The certificate of a completed course on paper."""

from app.domain.dates import say
from app.models.completion import Completion
from app.outputs.pdf import paper


def certificate_as_pdf(organisation: str, row: Completion, address: str) -> bytes:
    """The certificate of a completion that was loaded with its person, its course and the version taken; `address` is
    where anybody verifies its number."""
    return paper(
        "completions/_certificate.html",
        organisation=organisation,
        row=row,
        version=row.enrolment.course_version.number if row.enrolment is not None else None,
        address=address,
        say=say,
    )
