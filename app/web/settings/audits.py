"""What the organisation chooses about its audits and nonconformities."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.findings.choices import CHOICES
from app.domain.permission import Permission
from app.domain.training.competence import OnGap
from app.operations import organisations
from app.queries.members import system_owners
from app.web.settings.area import area
from app.web.settings.audit_form import AuditChoicesForm
from app.web.settings.organisation import seen_version
from app.web.settings.saving import save
from app.work import Work

TEMPLATE = "settings/audits.html"


@area.form("/audits", needs=Permission.MANAGE_SETTINGS)
def audits(work: Work) -> ResponseReturnValue:
    """Days per grade, the waiting time, impartiality and coverage; new nonconformities follow what is chosen."""
    page = {"choices": CHOICES, "owners": system_owners(work)}
    if request.method == "GET":
        form = AuditChoicesForm(formdata=None)
        form.tell(work.organisation)
        return render_template(TEMPLATE, form=form, back=url_for("settings.show"), **page)
    form = AuditChoicesForm()
    if not form.validate():
        return render_template(TEMPLATE, form=form, back=url_for("settings.show"), **page), 422
    return save(
        form,
        lambda: organisations.choose_audits(
            work, seen_version(form.seen.data), form.values, OnGap(form.competence_gap.data)
        ),
        TEMPLATE,
        "The choices are saved. Deadlines that are set already stay as they are.",
        url_for("settings.show"),
        stamp=lambda now: str(now.version),
        **page,
    )
