"""People from a file: see whom it invites and changes, with every faulty line, and then let it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.people_fields import PEOPLE
from app.domain.permission import Permission
from app.operations.people_import import carry_out, plan, roles_in_words
from app.operations.waiting_files import Waiting
from app.web.members.area import area
from app.web.members.forms import ImportForm
from app.web.whole_file import SHOWN, chosen, faults_file, let, told_by, waiting_or_back
from app.work import Work

PURPOSE = "people"


@area.form("/import", needs=Permission.MANAGE_MEMBERS, writes=False)
def import_file(work: Work) -> ResponseReturnValue:
    """Choose a file."""
    return chosen(work, ImportForm(), "members/import.html", PURPOSE, PEOPLE, "members.preview")


@area.form("/import/<token>", needs=Permission.MANAGE_MEMBERS, writes=False)
def preview(work: Work, token: str) -> ResponseReturnValue:
    """See whom it invites, whom it changes and leaves, and which lines are faulty; then let it."""
    file = waiting_or_back(work, token, PURPOSE, url_for("members.import_file"))
    if not isinstance(file, Waiting):
        return file
    told = told_by(file, PEOPLE)
    refused: Any = None
    if request.method == "POST":
        done = let(work, told, carry_out)
        if not isinstance(done, RefusedError):
            says = f"{len(done.invitations):,} invited, {len(done.changes):,} changed, {done.left:,} left as they are"
            flash(f"{file.name} is imported: {says}.", "success")
            return redirect(url_for("members.index"), 303)
        refused = done.why
    page = render_template(
        "members/import_preview.html",
        file=file,
        plan=plan(work, told),
        unread=told.unread,
        in_words=roles_in_words,
        shown=SHOWN,
        refused=refused,
    )
    return page, 422 if refused else 200


@area.get("/import/<token>/faults.csv", needs=Permission.MANAGE_MEMBERS)
def faults(work: Work, token: str) -> ResponseReturnValue:
    """Every faulty line, as a file."""
    file = waiting_or_back(work, token, PURPOSE, url_for("members.import_file"))
    if not isinstance(file, Waiting):
        return file
    return faults_file(plan(work, told_by(file, PEOPLE)).faults)
