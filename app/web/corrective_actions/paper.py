"""A nonconformity on paper: everything on its page, for a file or a letter."""

from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.outputs.audit_report import case_as_pdf
from app.queries.attachments import attachments_on, files_of_actions
from app.queries.audit_reports import written
from app.queries.findings import finding_by
from app.web.corrective_actions.access import case_or_404
from app.web.corrective_actions.area import area
from app.web.exporting import file_response
from app.work import Work


@area.get("/<reference>/file", needs=Permission.SEE_OWN_WORK)
def paper(work: Work, reference: str) -> ResponseReturnValue:
    """The report of one nonconformity, as it stands today."""
    case = case_or_404(work, reference)
    finding = finding_by(work, reference) if case.finding_id is not None else None
    files = attachments_on(work, case_id=case.id, finding_id=case.finding_id)
    proofs = files_of_actions(work, [each.id for each in case.actions])
    told = written(work, finding) if finding is not None else None
    made = case_as_pdf(work.organisation, case, told, files, proofs, work.today)
    return file_response(made, f"{case.reference}.pdf")
