"""Files that are made for the visitor, or were kept: lists as CSV or as a workbook, and paper."""

from collections.abc import Iterable, Sequence

from flask import Response, abort, current_app, send_file

from app.operations.attachments import folder
from app.outputs.pdf import PDF
from app.outputs.sheet import XLSX, as_csv, as_xlsx
from app.storage import path_of
from app.work import Work

KINDS = ("csv", "xlsx")


def sheet_response(
    work: Work, name: str, kind: str, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """The rows as a file that is downloaded, named for what it holds and for the day; 404 for other kinds."""
    if kind not in KINDS:
        abort(404)
    if kind == "csv":
        content, media_type = as_csv(head, rows), "text/csv; charset=utf-8"
    else:
        content, media_type = as_xlsx(title, head, rows), XLSX
    return file_response(content, f"{name}-{work.today.isoformat()}.{kind}", media_type)


def file_response(content: bytes | str, name: str, media_type: str = PDF, *, inline: bool = False) -> Response:
    """What was just made as a file, paper where nothing else is said: downloaded, or inline shown in the browser."""
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def kept_paper(sha256: str, name: str, of: str) -> Response:
    """Paper that was printed and kept, by its hash; a file that is lost is told to the log, with what it is `of`."""
    path = path_of(folder(), sha256)
    if not path.is_file():
        current_app.logger.error("%s has lost its file %s", of, sha256)
        abort(404)
    response: Response = send_file(path, mimetype=PDF, as_attachment=True, download_name=name, etag=sha256, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return response
