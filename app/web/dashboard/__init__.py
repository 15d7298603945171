"""The first page of an organisation: how it stands, in one sentence and a few short lists."""

from datetime import date, timedelta
from typing import Any

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.certification.risk import Risk
from app.domain.money import say_money
from app.domain.permission import Permission
from app.domain.subscription.support import Span, say_span
from app.outputs.drawing.ring import Ring, draw_ring
from app.outputs.drawing.standing import ring_of
from app.queries.also_late import also_late
from app.queries.dashboard import HORIZONS, CertificateStanding, Dashboard, dashboard_of
from app.queries.invoices import account_of, overdue_invoices
from app.queries.plan_page import to_order
from app.queries.preparation import pressing
from app.queries.support import sessions_ahead
from app.web.clients.overdue import clients_overdue
from app.web.gate import Area, may
from app.work import Work

area = Area("dashboard", __name__)
NEXT_DAYS = timedelta(days=7)
"""Sessions of so many days stand on the dashboard of a provider."""


@area.get("/", needs=Permission.SEE_OWN_WORK)
def show(work: Work) -> ResponseReturnValue:
    """The dashboard; who may not see the programme is taken to their own work."""
    if not may(Permission.SEE_PROGRAMME):
        return redirect(url_for("my_work.show"), 303)
    found = dashboard_of(work, g.get("signals"))
    near = [(days, found.within(days, work.today)) for days in HORIZONS]
    sold = _sold(work) if may(Permission.SELL_PLANS) else None
    return render_template(
        "dashboard/show.html",
        found=found,
        near=near,
        standing=standing_in_words(found) if found.risks or sold is None else _sold_in_words(sold),
        Risk=Risk,
        before=pressing(work),
        to_order=to_order(work) if may(Permission.SEE_PLAN) else (),
        also_late=also_late(work, documents=may(Permission.SEE_DOCUMENTS), invoices=may(Permission.SEE_PLAN)),
        sold=sold,
        cards=[(each, draw_ring(_ring(each, work.today), 96)) for each in found.all_standing],
        at_risk=[(each, draw_ring(_ring(each, work.today), 32)) for each in found.at_risk],
    )


def _sold(work: Work) -> dict[str, Any]:
    """What a provider looks after today: overdue invoices, sessions of the next days, clients that are late."""
    sessions = sessions_ahead(work) if may(Permission.GIVE_SUPPORT) else []
    last = work.now + NEXT_DAYS
    return {
        "invoices": overdue_invoices(work),
        "open_of": lambda row: say_money(account_of(row).open, row.currency),
        "sessions": [each for each in sessions if each.starts_at <= last],
        "say": lambda each: say_span(Span(each.starts_at, each.ends_at), work.organisation.time_zone),
        "clients": clients_overdue(work),
    }


def _sold_in_words(sold: dict[str, Any]) -> str:
    late, clients = len(sold["invoices"]), len(sold["clients"])
    invoices = f"{late or 'No'} {'invoices are' if late > 1 else 'invoice is'} overdue"
    return f"{invoices}; {clients or 'no'} {'clients have' if clients > 1 else 'client has'} something overdue."


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
    certified = found.risks - found.applied
    living = sum(count for risk, count in certified.items() if risk is not Risk.ENDED)
    applied = found.applied.total()
    under_way = f"{applied} {'application is' if applied == 1 else 'applications are'} under way" if applied else ""
    if not found.risks:
        return "No certificate is recorded yet."
    safe, attention = certified[Risk.SAFE], certified[Risk.ATTENTION]
    if not living:
        start = "No certificate is in force" if certified else "No certificate is granted yet"
    elif living == 1:
        start = "The certificate " + ("is safe" if safe else "needs attention" if attention else "is not safe")
    else:
        how_many = "All" if safe == living else f"{safe or 'None'} of"
        start = f"{how_many} {living} certificates {'is' if safe == 1 else 'are'} safe"
        if attention:
            start += f"; {attention} {'needs' if attention == 1 else 'need'} attention"
    if under_way:
        start += f"; {under_way}"
    if not found.at_risk:
        return f"{start}."
    worst = found.at_risk[0]
    return f"{start}. {worst.standard}: {worst.says}"
