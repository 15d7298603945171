"""Ask for a change: first what kind, then what it needs to say."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.domain.itam.change import ChangeAction
from app.domain.permission import Permission
from app.models.organisation import Site
from app.operations import changes
from app.queries.changes import software, software_by
from app.web.changes.area import area
from app.web.changes.forms import MOST_OFFERED, WHAT_FOR, AskForm
from app.web.fields import seen_version
from app.web.forms import show_refusal
from app.work import Work


@area.form("/new", needs=Permission.REQUEST_CHANGE)
def ask(work: Work) -> ResponseReturnValue:
    """Choose what is to be done, say the rest, and send it to who authorises."""
    action = _action()
    if action is None:
        given = {name: request.args[name] for name in ("asset", "product") if request.args.get(name)}
        page = render_template("changes/choose.html", actions=WHAT_FOR, given=given)
        return page, 422 if request.method == "POST" else 200
    form = AskForm()
    form.fit(action)
    if "to_site" in form:
        form.to_site.choices = [("", "Choose"), *_sites(work)]
    if request.method == "GET":
        _prefill(work, form)
        return _page(work, form, action)
    if not form.validate():
        return _page(work, form, action), 422
    try:
        change = changes.ask(work, form.asked(action))
    except RefusedError as refusal:
        return _page(work, form, action, refused=show_refusal(form, refusal)), 422
    says = "Do it if it cannot wait, and record it." if change.is_emergency else "Whoever authorises it was told."
    flash(f"{change.reference} is asked for. {says}", "success")
    return redirect(url_for("changes.show", reference=change.reference), 303)


def _action() -> ChangeAction | None:
    asked = request.form.get("action") if request.method == "POST" else request.args.get("action")
    return next((each for each in ChangeAction if each.value == asked), None)


def _prefill(work: Work, form: AskForm) -> None:
    form.assets.data = request.args.get("asset", "")[:200]
    product_id = seen_version(request.args.get("product"))
    product = software_by(work, product_id) if product_id is not None and "software" in form else None
    if product is not None:
        form.software.data = product.names[0]


def _sites(work: Work) -> list[tuple[str, str]]:
    statement = select(Site.id, Site.name).where(Site.closed_on.is_(None)).order_by(Site.name)
    return [(str(row.id), row.name) for row in work.execute(statement)]


def _page(work: Work, form: AskForm, action: ChangeAction, **more: Any) -> str:
    offered = software(work, MOST_OFFERED) if "software" in form else []
    return render_template("changes/ask.html", form=form, action=action, offered=offered, **more)
