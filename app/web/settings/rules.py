"""The rules of the cycle where the standards leave room: what would change is said before it is saved."""

import hashlib
from dataclasses import astuple

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.choices import CHOICES
from app.domain.certification.facts import CycleSettings
from app.domain.permission import Permission
from app.operations import organisations
from app.queries.facts import settings_of
from app.queries.rule_preview import would_change
from app.web.settings.area import area
from app.web.settings.forms import RulesForm
from app.web.settings.organisation import seen_version
from app.web.settings.saving import save
from app.work import Work

TEMPLATE = "settings/rules.html"


@area.form("/rules", needs=Permission.MANAGE_SETTINGS)
def rules(work: Work) -> ResponseReturnValue:
    """Choose; then see which certificates would be judged otherwise; then save."""
    row = work.organisation
    page = {"choices": CHOICES, "back": url_for("settings.show"), "now": row}
    if request.method == "GET":
        form = RulesForm(formdata=None)
        form.tell(row)
        return render_template(TEMPLATE, form=form, **page)
    form = RulesForm()
    if not form.validate():
        return render_template(TEMPLATE, form=form, **page), 422
    settings = form.settings
    if form.previewed.data != _mark(settings) or request.form.get("step") != "save":
        form.previewed.data = _mark(settings)
        same = settings == settings_of(row)
        return render_template(TEMPLATE, form=form, same=same, changed=would_change(work, settings), **page)
    page.pop("back")
    return save(
        form,
        lambda: organisations.choose_rules(work, seen_version(form.seen.data), settings),
        TEMPLATE,
        "The rules are saved, and every certificate was judged anew.",
        url_for("settings.show"),
        stamp=lambda now: str(now.version),
        **page,
    )


def _mark(settings: CycleSettings) -> str:
    """What was previewed: to save anything else needs a preview of its own."""
    return hashlib.sha256(repr(astuple(settings)).encode()).hexdigest()[:16]
