"""Whether the installation is alive and ready, for those who watch over it."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.installation import database_revision, migration_head
from app.web.gate import Area
from app.work import Work

area = Area("status", __name__, of_organisation=False)


@area.get("/healthz", needs=Permission.PUBLIC)
def alive(_work: Work) -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@area.get("/readyz", needs=Permission.PUBLIC)
def ready(work: Work) -> ResponseReturnValue:
    """The database answers and is at the head of the migrations."""
    at, head = database_revision(work.session), migration_head()
    if at != head:
        return jsonify(status="not ready", database=at, expected=head), 503
    return jsonify(status="ok", database=at)
