"""Calendar files: of one audit, of one certificate, of the whole programme."""

from flask import abort
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain.permission import Permission
from app.models.audit import Audit
from app.models.certificate import Certificate
from app.queries.calendar import Choice
from app.web.feeds.areas import area
from app.web.feeds.building import answer, slug_here
from app.web.gate import may
from app.work import Work


@area.get("/programme.ics", needs=Permission.SEE_PROGRAMME)
def programme(work: Work) -> ResponseReturnValue:
    """All audits and limits, the reviews of documents, and for who may see it the days of the plan."""
    choice = Choice(with_plan=may(Permission.SEE_PLAN))
    return answer(work, slug_here(), choice, alarms=True, file_name=f"{slug_here()}-programme", attachment=True)


@area.get("/certificates/<reference>.ics", needs=Permission.SEE_PROGRAMME)
def certificate(work: Work, reference: str) -> ResponseReturnValue:
    """The audits and limits of one certificate."""
    if work.one_or_none(select(Certificate.id).where(Certificate.reference == reference)) is None:
        abort(404)
    return answer(work, slug_here(), Choice(certificate=reference), alarms=True, file_name=reference, attachment=True)


@area.get("/audits/<reference>.ics", needs=Permission.SEE_PROGRAMME)
def audit(work: Work, reference: str) -> ResponseReturnValue:
    """One audit."""
    if work.one_or_none(select(Audit.id).where(Audit.reference == reference)) is None:
        abort(404)
    return answer(work, slug_here(), Choice(audit=reference), alarms=True, file_name=reference, attachment=True)
