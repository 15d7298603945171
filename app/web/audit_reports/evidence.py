"""The evidence of an audit: every file and photograph on one page, and all of it as one zip."""

import tempfile
import zipfile

from flask import current_app, render_template, send_file
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.models.audit import Audit
from app.operations.attachments import folder
from app.queries.audit_reports import Evidence, evidence_of
from app.storage import path_of
from app.web.audit_reports.area import area
from app.web.audits.access import audit_or_404
from app.web.gate import may
from app.work import Work

IN_MEMORY = 8 * 1024 * 1024


@area.get("/<reference>/evidence", needs=Permission.SEE_OWN_WORK)
def evidence(work: Work, reference: str) -> ResponseReturnValue:
    """Photographs as a gallery, other files as a list, each with what it lies on."""
    audit = audit_or_404(work, reference)
    found = _seen(work, audit)
    return render_template(
        "audit_reports/evidence.html",
        audit=audit,
        photographs=[each for each in found if each.is_photograph],
        files=[each for each in found if not each.is_photograph],
    )


@area.get("/<reference>/evidence/zip", needs=Permission.SEE_OWN_WORK)
def archive(work: Work, reference: str) -> ResponseReturnValue:
    """All files in one zip, each once, with a list of their hashes."""
    audit = audit_or_404(work, reference)
    made = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    _write(_seen(work, audit), made)
    made.seek(0)
    response = send_file(
        made, mimetype="application/zip", as_attachment=True, download_name=f"{audit.reference}-evidence.zip"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _seen(work: Work, audit: Audit) -> list[Evidence]:
    """What the visitor may see: cases and actions are for who sees the programme."""
    found = evidence_of(work, audit)
    if may(Permission.SEE_PROGRAMME):
        return found
    return [each for each in found if not each.page.startswith(("corrective_actions.", "actions."))]


def _write(found: list[Evidence], made: "tempfile.SpooledTemporaryFile[bytes]") -> None:
    lines: list[str] = []
    names: dict[str, str] = {}
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for each in found:
            sha256 = each.file.sha256
            path = path_of(folder(), sha256)
            if not path.is_file():
                current_app.logger.error("attachment %s has lost its file %s", each.file.id, sha256)
                lines.append(f"{'lost':64}  {each.file.file_name}  ({each.about})")
                continue
            if sha256 not in names:
                names[sha256] = f"{len(names) + 1:03}-{each.file.file_name}"
                zipped.write(path, names[sha256])
            lines.append(f"{sha256}  {names[sha256]}  ({each.about})")
        zipped.writestr("manifest.txt", "SHA-256, file, on what it lies\n" + "".join(f"{line}\n" for line in lines))
        # What checks the hashes by itself reads nothing but hash and name.
        zipped.writestr("SHA256SUMS", "".join(f"{sha256}  {name}\n" for sha256, name in names.items()))
