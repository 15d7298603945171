"""What a finding concerns: added by what it is called, offered while one types, and taken back."""

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.operations import findings as operation
from app.queries.finding_concerns import by_kind, concerned, offered
from app.web.findings.access import changed_or_403
from app.web.findings.area import area
from app.web.findings.forms import LinksForm
from app.web.findings.register import address_of
from app.web.forms import show_refusal
from app.work import Work


@area.form("/<reference>/links", needs=Permission.RAISE_FINDING)
def link(work: Work, reference: str) -> ResponseReturnValue:
    """Say what else it concerns, or take back what it does not."""
    row = changed_or_403(work, reference, for_update=request.method == "POST")
    form, refused = LinksForm(), None
    if request.method == "POST" and form.validate():
        try:
            many = operation.link(work, row, form.links.data or "")
        except RefusedError as refusal:
            refused = show_refusal(form, refusal)
        else:
            said = {0: "It concerned all of them already.", 1: "1 link was added."}
            flash(said.get(many, f"{many} links were added."), "success")
            return redirect(url_for("findings.show", reference=reference, _anchor="concerns"), 303)
    page = render_template(
        "findings/links.html",
        row=row,
        form=form,
        refused=refused,
        links=by_kind(concerned(work, row)),
        address_of=address_of,
    )
    return page, 422 if request.method == "POST" else 200


@area.post("/<reference>/links/<int:finding_link_id>/remove", needs=Permission.RAISE_FINDING)
def unlink(work: Work, reference: str, finding_link_id: int) -> ResponseReturnValue:
    """Take one back."""
    row = changed_or_403(work, reference, for_update=True)
    try:
        if not operation.unlink(work, row, finding_link_id):
            abort(404)
    except RefusedError as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("findings.show", reference=reference), 303)
    flash("The link was taken back.", "success")
    return redirect(url_for("findings.show", reference=reference, _anchor="concerns"), 303)


@area.get("/offered", needs=Permission.RAISE_FINDING)
def offer(work: Work) -> ResponseReturnValue:
    """What holds the words that are being typed."""
    found = offered(work, request.args.get("q", "").strip()[:100])
    return jsonify([{"name": each.name, "kind": each.kind.label, "says": each.says} for each in found])
