"""The first page of an organisation: how it stands, in one sentence and a few short lists."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.risk import Risk
from app.domain.permission import Permission
from app.queries.dashboard import HORIZONS, Dashboard, dashboard_of
from app.web.gate import Area, may
from app.work import Work

area = Area("dashboard", __name__)


@area.get("/", needs=Permission.SEE_OWN_WORK)
def show(work: Work) -> ResponseReturnValue:
    """The dashboard; who may not see the programme is taken to their own work."""
    if not may(Permission.SEE_PROGRAMME):
        return redirect(url_for("my_work.show"), 303)
    found = dashboard_of(work)
    near = [(days, found.within(days, work.today)) for days in HORIZONS]
    return render_template("dashboard/show.html", found=found, near=near, standing=standing_in_words(found), Risk=Risk)


def standing_in_words(found: Dashboard) -> str:
    """One sentence that says how things stand."""
    living = sum(count for risk, count in found.risks.items() if risk is not Risk.ENDED)
    if not living:
        return "No certificate is recorded yet." if not found.risks else "No certificate is in force."
    safe = found.risks[Risk.SAFE] + found.risks[Risk.ATTENTION]
    subject = "The certificate is" if living == 1 else f"All {living} certificates are"
    if safe == living:
        return f"{subject} safe."
    start = "The certificate is not safe" if living == 1 else f"{safe} of {living} certificates are safe"
    if not found.at_risk:
        return f"{start}."
    worst = found.at_risk[0]
    return f"{start}. {worst.standard}: {worst.says}"
