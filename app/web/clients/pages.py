"""The clients side by side, and the page of one."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.certification.risk import Risk
from app.domain.itam.ownership import Gap
from app.domain.permission import Permission
from app.domain.subscription.agreement import Share
from app.queries import clients as query
from app.queries.agreements import Passage, passages_to_clients
from app.queries.assets import AssetFilters, asset_register
from app.queries.audits import TO_COME, Wanted, page_of
from app.queries.certificates import Filters, register
from app.queries.consent import may_there
from app.queries.positions import positions_on
from app.queries.subscriptions import sold_by, term_of, uses_of
from app.web.clients import accounts
from app.web.clients.area import area
from app.web.clients.door import client_view, clients_view, judge_what_changed, passage_or_404
from app.web.clients.overdue import programmes_and_cases
from app.web.clients.readiness import readiness_of_clients
from app.work import Work


@area.get("", needs=Permission.SELL_PLANS)
def index(work: Work) -> ResponseReturnValue:
    """Every client with a live agreement: the plan, and what it ticked."""
    passages = passages_to_clients(work)
    judge_what_changed(work, passages)
    everything = sold_by(work)
    sold, foremost = query.in_force(everything, work.today), query.foremost(everything, work.today)
    programmes, cases = programmes_and_cases(work, passages)
    shown = {each.client_id for each in passages if Share.ALLOWANCES in each.shares}
    with clients_view(work, passages, Share.ALLOWANCES) as theirs:
        uses = query.audits_used(theirs, {home: row for home, row in sold.items() if home in shown})
    ready = readiness_of_clients(work, passages)
    rows = [
        {
            "passage": each,
            "plan": foremost.get(each.client_id),
            "programme": programmes.get(each.client_id, query.Programme()),
            "cases": cases.get(each.client_id, query.Cases()),
            "uses": uses.get(each.client_id, {}),
            "ready": ready.get(each.client_id, []),
        }
        for each in passages
    ]
    wanted = request.args.get("account", "")
    return render_template(
        "clients/index.html",
        any=bool(rows),
        rows=accounts.narrowed(accounts.with_accounts(work, everything, rows), wanted),
        Share=Share,
        Risk=Risk,
        term_of=term_of,
        standing=_in_words(rows),
        **accounts.words(wanted),
    )


@area.get("/<client_slug>", needs=Permission.SELL_PLANS)
def show(work: Work, client_slug: str) -> ResponseReturnValue:
    """One client: its plan, and each part that it ticked."""
    passage = passage_or_404(work, client_slug)
    judge_what_changed(work, [passage])
    everything = sold_by(work, passage.client_id)
    sold = query.in_force(everything, work.today).get(passage.client_id)
    page: dict[str, Any]
    (page,) = accounts.with_accounts(work, everything, [{"passage": passage}])
    page["ready"] = readiness_of_clients(work, [passage]).get(passage.client_id, [])
    page["besides"] = query.besides(everything, work.today)
    # The audits are the client's pages: a link for who belongs to it too.
    page["opens_audits"] = may_there(work, passage.client_id, Permission.SEE_PROGRAMME)
    if _sees(passage, Share.PROGRAMME):
        with client_view(work, client_slug, Share.PROGRAMME) as theirs:
            page |= {"certificates": register(theirs, Filters()), "audits": page_of(theirs, Wanted(progress=TO_COME))}
    if sold is not None and _sees(passage, Share.ALLOWANCES):
        with client_view(work, client_slug, Share.ALLOWANCES) as theirs:
            page["uses"] = uses_of(theirs, sold)
    if _sees(passage, Share.FINDINGS):
        with clients_view(work, [passage], Share.FINDINGS) as theirs:
            page["cases"] = query.cases(theirs).get(passage.client_id, query.Cases())
    if _sees(passage, Share.ASSETS):
        with client_view(work, client_slug, Share.ASSETS) as theirs:
            page["assets"] = _assets(theirs)
    if _sees(passage, Share.LICENCES):
        with client_view(work, client_slug, Share.LICENCES) as theirs:
            page["pools"] = [line.position for line in positions_on(theirs, theirs.today)]
    return render_template("clients/show.html", plan=sold, Share=Share, term_of=term_of, **page, **accounts.words(""))


def _sees(passage: Passage, share: Share) -> bool:
    return share in passage.shares


def _assets(theirs: Work) -> dict[str, int | None]:
    """How many assets there are, and how many of them lack what; None is more than are counted."""
    counted: dict[str, int | None] = {"In the register": asset_register(theirs, AssetFilters()).total}
    for gap in Gap:
        many = asset_register(theirs, AssetFilters(gap=gap.value)).total
        if many != 0:
            counted[gap.label] = many
    return counted


def _in_words(rows: list[dict[str, Any]]) -> str:
    """One sentence that says how the clients stand."""
    seen = [each["programme"] for each in rows if Share.PROGRAMME in each["passage"].shares]
    bad = sum(bool(each.risks[Risk.BROKEN] or each.risks[Risk.AT_RISK]) for each in seen)
    late = sum(bool(each.overdue) for each in seen)
    if not seen:
        return ""
    risky = f"{bad or 'none'} {'has' if bad == 1 else 'have'} a certificate at risk"
    overdue = f"{late or 'none'} {'has' if late == 1 else 'have'} something overdue"
    return f"Of {len(seen)} client{'s' * (len(seen) > 1)} whose programme you see, {risky}, and {overdue}."
