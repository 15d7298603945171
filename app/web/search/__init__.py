"""Search across certificates, audits, nonconformities, bodies, assets, papers and people, from every page."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.queries.search import Papers, search
from app.web.gate import Area, may
from app.work import Work

area = Area("search", __name__, url_prefix="/search")


@area.get("", needs=Permission.SEE_PROGRAMME)
def show(work: Work) -> ResponseReturnValue:
    """What was found, by noun."""
    words = request.args.get("q", "").strip()[:200]
    with_assets = may(Permission.SEE_ASSETS)
    papers = Papers(
        documents=may(Permission.SEE_DOCUMENTS),
        drafts=may(Permission.MANAGE_DOCUMENTS),
        received=may(Permission.SEE_PLAN),
        issued=may(Permission.SELL_PLANS),
    )
    hits = search(work, words, with_assets=with_assets, papers=papers)
    return render_template("search/show.html", words=words, hits=hits, with_assets=with_assets)
