"""Save what was found on a question: by the script one field at a time, by a plain form all fields at once."""

from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.explained import RefusedError
from app.domain.permission import Permission
from app.domain.programme.checklist import ItemField
from app.models.audit import Audit
from app.operations import checklist as operation
from app.operations.checklist import ItemConflictError, Said
from app.operations.received import once
from app.queries.attachments import files_of_items
from app.queries.checklist import findings_from, item_of
from app.web.checklist.area import area, item_or_404, mine
from app.web.checklist.page import Answered, asked_filters, shown, told
from app.work import Work

SEEN = "seen_"
"""Before the name of a field: what stood there when it was typed."""


@area.post("/<reference>/checklist/items/<int:item_id>", needs=Permission.WORK_ON_AUDIT)
def save(work: Work, reference: str, item_id: int) -> ResponseReturnValue:
    """Write down what was typed; sent again after a lost answer, it is made once."""
    audit = mine(work, reference, lock=True)
    item = item_or_404(work, audit, item_id)
    said = {
        field: Said(request.form[field.value], request.form.get(SEEN + field.value))
        for field in ItemField
        if field.value in request.form
    }
    reason = request.form.get("reason", "").strip()[:2000]
    sent: dict[str, Any] = {field.value: [each.to, each.seen] for field, each in said.items()}
    typed = {field: each.to for field, each in said.items()}

    def do() -> str:
        operation.say(work, audit, item, said, reason)
        return str(item.id)

    try:
        deed = f"checklist.save {item.id}"
        once(work, request.form.get("entry_key", ""), deed, {**sent, "reason": reason}, do)
    except ItemConflictError as conflict:
        if _by_script():
            theirs = {field.value: words for field, words in conflict.theirs.items()}
            return jsonify(words=str(conflict), theirs=theirs), 409
        answered = Answered(item_id, typed, conflict.why, None, conflict.theirs, reason)
        return shown(work, audit, answered), 409
    except RefusedError as refusal:
        if _by_script():
            return jsonify(words=str(refusal), field=refusal.field), 422
        return shown(work, audit, Answered(item_id, typed, refusal.why, refusal.field, {}, reason)), 422
    if _by_script():
        now = item_of(work, audit.id, item_id)
        findings, files = findings_from(work, audit.id), files_of_items(work, audit.id)
        return jsonify(told(now, findings.get(item_id, []), files.get(item_id, [])) if now else {})
    flash("It is saved.", "success")
    return redirect(_back(audit, item_id), 303)


@area.post("/<reference>/checklist/items/<int:item_id>/remove", needs=Permission.WORK_ON_AUDIT)
def remove(work: Work, reference: str, item_id: int) -> ResponseReturnValue:
    """Take a question away of which nothing was found yet."""
    audit = mine(work, reference, lock=True)
    item = item_or_404(work, audit, item_id)
    try:
        operation.remove(work, audit, item)
    except RefusedError as refusal:
        return shown(work, audit, Answered(item_id, {}, refusal.why)), 422
    flash("The question is taken away.", "success")
    return redirect(url_for("checklist.show", reference=reference, **_kept()), 303)  # type: ignore[arg-type]


def _by_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _kept() -> dict[str, str]:
    return {name: value for name, value in asked_filters().items() if value}


def _back(audit: Audit, item_id: int) -> str:
    """To the question, under the same filter."""
    kept: dict[str, Any] = {**_kept(), "item": item_id}
    return url_for("checklist.show", reference=audit.reference, **kept, _anchor=f"item-{item_id}")
