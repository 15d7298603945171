"""Lists as files: what is filtered on the page, as CSV or as a workbook."""

from collections.abc import Iterable, Sequence

from flask import Response, abort

from app.outputs.sheet import XLSX, as_csv, as_xlsx
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
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{work.today.isoformat()}.{kind}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
