"""Tiers: the organisation's own judgement of the process areas, beside what the register says of itself."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from app.catalogue import ProcessArea
from app.domain.explained import RefusedError
from app.domain.itam.tier import NOT_CERTIFIED, Attainment, Measure
from app.domain.permission import Permission
from app.operations.tiers import Judgement, assess
from app.queries.tiers import area_by, area_judged, assessments_of, tiers, verdicts
from app.web.fields import DayField
from app.web.forms import PageForm, show_refusal
from app.web.gate import Area
from app.work import Work

area = Area("tiers", __name__, url_prefix="/tiers")
ROWS = {
    Measure.OWNED: "assets.gaps",
    Measure.AUTHORISED: "software.unauthorised",
    Measure.PROVEN: "entitlements.index",
    Measure.RECONCILED: "reconciliations.index",
}
"""The page that holds the rows behind each measure."""


class AssessForm(PageForm):
    """How far an area has come, and by what that can be seen."""

    attainment = RadioField(
        "How far it has come",
        choices=[SelectChoice(each.value, each.means) for each in Attainment],
        validators=[InputRequired("Choose how far it has come.")],
    )
    evidence = TextAreaField(
        "Evidence",
        validators=[Length(max=20_000)],
        description="By what it can be seen: records, names of documents, what was looked at.",
        render_kw={"rows": 5},
    )
    assessed_on = DayField("Assessed on", validators=[InputRequired("Give the day, as 2027-03-14.")])


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """The three tiers, area by area, and what the register measures of itself."""
    known = verdicts(work)
    return render_template(
        "tiers/index.html", tiers=tiers(work, known), known=known, informative=NOT_CERTIFIED, rows_of=rows_of
    )


@area.get("/<process_area>", needs=Permission.SEE_ASSETS)
def show(work: Work, process_area: str) -> ResponseReturnValue:
    """One process area: what it was judged, by what, and what the register says of it."""
    found = _area_or_404(process_area)
    known = verdicts(work)
    return render_template(
        "tiers/show.html",
        judged=area_judged(work, found, known),
        earlier=assessments_of(work, found.id),
        known=known,
        informative=NOT_CERTIFIED,
        rows_of=rows_of,
    )


@area.form("/<process_area>/assess", needs=Permission.MANAGE_ASSETS)
def judge(work: Work, process_area: str) -> ResponseReturnValue:
    """Judge it anew; what was judged before stays."""
    found = _area_or_404(process_area)
    known = verdicts(work)
    judged = area_judged(work, found, known)
    before = judged.assessment
    form = AssessForm(
        data={
            "assessed_on": work.today,
            "attainment": before.attainment.value if before is not None else None,
            "evidence": before.evidence if before is not None else "",
        }
    )
    page: dict[str, Any] = {"form": form, "judged": judged, "known": known, "rows_of": rows_of}
    if request.method == "GET":
        return render_template("tiers/assess.html", **page)
    if not form.validate():
        return render_template("tiers/assess.html", **page), 422
    try:
        assess(
            work,
            found.id,
            Judgement(Attainment(form.attainment.data), form.evidence.data or "", form.assessed_on.data),
        )
    except RefusedError as refusal:
        return render_template("tiers/assess.html", **page, refused=show_refusal(form, refusal)), 422
    flash(f"{found.id} {found.name} is assessed.", "success")
    return redirect(url_for("tiers.show", process_area=found.id), 303)


def rows_of(measure: Measure) -> str | None:
    """The page that holds the rows behind a measure; none where there is no such page."""
    endpoint = ROWS[measure]
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _area_or_404(process_area: str) -> ProcessArea:
    found = area_by(process_area)
    if found is None:
        abort(404)
    return found
