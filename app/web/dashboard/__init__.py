"""The first page of an organisation: how it stands, in one sentence and a few short lists."""

from datetime import date

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.risk import Risk
from app.domain.permission import Permission
from app.outputs.drawing.ring import Ring, draw_ring
from app.outputs.drawing.standing import ring_of
from app.queries.dashboard import HORIZONS, CertificateStanding, Dashboard, dashboard_of
from app.web.gate import Area, may
from app.work import Work

area = Area("dashboard", __name__)


@area.get("/", needs=Permission.SEE_OWN_WORK)
def show(work: Work) -> ResponseReturnValue:
    """The dashboard; who may not see the programme is taken to their own work."""
    if not may(Permission.SEE_PROGRAMME):
        return redirect(url_for("my_work.show"), 303)
    found = dashboard_of(work, g.get("signals"))
    near = [(days, found.within(days, work.today)) for days in HORIZONS]
    return render_template(
        "dashboard/show.html",
        found=found,
        near=near,
        standing=standing_in_words(found),
        Risk=Risk,
        cards=[(each, draw_ring(_ring(each, work.today), 96)) for each in found.all_standing],
        at_risk=[(each, draw_ring(_ring(each, work.today), 32)) for each in found.at_risk],
    )


def _ring(each: CertificateStanding, today: date) -> Ring:
    return ring_of(
        state=each.state,
        began_on=each.began_on,
        valid_through=each.valid_through,
        detail=each.detail,
        today=today,
        about=each.reference,
    )


def standing_in_words(found: Dashboard) -> str:
    """One sentence that says how things stand."""
    living = sum(count for risk, count in found.risks.items() if risk is not Risk.ENDED)
    if not living:
        return "No certificate is recorded yet." if not found.risks else "No certificate is in force."
    safe, attention = found.risks[Risk.SAFE], found.risks[Risk.ATTENTION]
    if living == 1:
        start = "The certificate " + ("is safe" if safe else "needs attention" if attention else "is not safe")
    else:
        start = f"{'All' if safe == living else f'{safe} of'} {living} certificates are safe"
        if attention:
            start += f"; {attention} {'needs' if attention == 1 else 'need'} attention"
    if not found.at_risk:
        return f"{start}."
    worst = found.at_risk[0]
    return f"{start}. {worst.standard}: {worst.says}"
