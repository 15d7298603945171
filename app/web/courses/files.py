"""Files of a course: shown in its lessons, kept as long as a published version shows them."""

from flask import abort, current_app, send_file
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.operations.attachments import folder
from app.queries.attachments import attachment_of
from app.queries.courses import shown_in
from app.storage import path_of
from app.web.courses.area import area, course_or_404
from app.web.gate import may
from app.work import Work

SHOWN = ("image/png", "image/jpeg", "video/mp4", "video/webm", "application/pdf")
"""What a browser shows by itself; everything else is downloaded."""


@area.get("/<reference>/files/<int:file_id>", needs=Permission.TAKE_TRAINING)
def file(work: Work, reference: str, file_id: int) -> ResponseReturnValue:
    """The file itself; whoever does not write courses gets only what a published version shows."""
    course = course_or_404(work, reference)
    kept = attachment_of(work, file_id)
    if kept is None or kept.course_id != course.id:
        abort(404)
    if not may(Permission.MANAGE_TRAINING) and not shown_in(work, course.id, kept.file_name):
        abort(404)
    path = path_of(folder(), kept.sha256)
    if not path.is_file():
        current_app.logger.error("file %s of a course has lost its content %s", kept.id, kept.sha256)
        abort(404)
    response = send_file(
        path,
        mimetype=kept.media_type,
        as_attachment=kept.media_type not in SHOWN,
        download_name=kept.file_name,
        etag=kept.sha256,
        max_age=0,
        conditional=True,
    )
    # Werkzeug adds the character set of a text a second time.
    response.headers["Content-Type"] = kept.media_type
    response.headers["Cache-Control"] = "private, no-cache"
    return response
