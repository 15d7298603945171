"""The evidence of an audit: every file and photograph on one page, and all of it as one zip."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

from flask import Response, current_app, render_template
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

_PIECE = 256 * 1024


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
    response = Response(_parts(_seen(work, audit)), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{audit.reference}-evidence.zip")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _seen(work: Work, audit: Audit) -> list[Evidence]:
    """What the visitor may see: cases and actions are for who sees the programme."""
    found = evidence_of(work, audit)
    if may(Permission.SEE_PROGRAMME):
        return found
    return [each for each in found if not each.page.startswith(("corrective_actions.", "actions."))]


class _Passing(io.RawIOBase):
    """What is written is handed on, and not kept: the zip is as long as it likes, and the memory as it was."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        some, self._waiting = b"".join(self._waiting), []
        return some


def _parts(found: list[Evidence]) -> Iterator[bytes]:
    """The zip, piece by piece while it is sent. The files are looked up before the first piece."""
    lines: list[str] = []
    names: dict[str, tuple[str, Path]] = {}
    for each in found:
        sha256 = each.file.sha256
        path = path_of(folder(), sha256)
        if not path.is_file():
            current_app.logger.error("attachment %s has lost its file %s", each.file.id, sha256)
            lines.append(f"{'lost':64}  {each.file.file_name}  ({each.about})")
            continue
        name, _ = names.setdefault(sha256, (f"{len(names) + 1:03}-{each.file.file_name}", path))
        lines.append(f"{sha256}  {name}  ({each.about})")
    return _zipped(names, lines)


def _zipped(names: Mapping[str, tuple[str, Path]], lines: list[str]) -> Iterator[bytes]:
    passing = _Passing()
    with zipfile.ZipFile(cast(IO[bytes], passing), "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        for name, path in names.values():
            with path.open("rb") as kept, zipped.open(zipfile.ZipInfo.from_file(path, name), "w") as member:
                while some := kept.read(_PIECE):
                    member.write(some)
                    yield passing.taken()
        zipped.writestr("manifest.txt", "SHA-256, file, on what it lies\n" + "".join(f"{line}\n" for line in lines))
        # What checks the hashes by itself reads nothing but hash and name.
        zipped.writestr("SHA256SUMS", "".join(f"{sha256}  {name}\n" for sha256, (name, _) in names.items()))
    yield passing.taken()
