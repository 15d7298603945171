"""The page of one asset: everything that is known of it, and everything that points at it."""

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.itam.asset import NEXT
from app.domain.itam.ownership import Duty, gaps_of
from app.domain.money import say_money
from app.domain.permission import Permission
from app.queries.asset_page import Pointing, gap_facts, ownership_on, photograph_of, pointers_at
from app.queries.attachments import attachments_on
from app.queries.imports import imports_of
from app.queries.seats import GONE, SEATABLE, seats_of_holder
from app.web.assets.area import area, asset_or_404
from app.web.gate import may
from app.work import Work

PAGES = {
    "installation": ("software.installation", "installation_id"),
    "change request": ("changes.show", "reference"),
    "audit": ("audits.show", "reference"),
    "finding": ("findings.show", "reference"),
    "inventory check": ("inventory_checks.show", "reference"),
    "comparison": ("reconciliations.show", "reference"),
    "seat": ("pools.show", "reference"),
    "placement": ("assets.show", "asset_id"),
    "place in a cluster": ("capacity.cluster", "cluster_id"),
}
"""The page of what points at an asset, and what its address names."""


@area.get("/<int:asset_id>", needs=Permission.SEE_ASSETS)
def show(work: Work, asset_id: int) -> ResponseReturnValue:
    """One asset."""
    asset = asset_or_404(work, asset_id)
    pointers = pointers_at(work, asset)
    return render_template(
        "assets/show.html",
        asset=asset,
        owner=ownership_on(asset, work.today),
        gaps={each.value: each for each in gaps_of(gap_facts(asset, work.today))},
        duties=list(Duty),
        holders={each.duty: each for each in asset.duties},
        cost=say_money(asset.cost_minor, asset.currency) if asset.cost_minor is not None else "",
        next_statuses=NEXT[asset.status],
        photograph=photograph_of(work, asset.id),
        files=[each for each in attachments_on(work, asset_id=asset.id) if not each.is_photograph],
        pointers=pointers,
        imports=imports_of(work, "asset", asset.id),
        page_of=page_of,
        seats=seats_of_holder(work, asset_id=asset.id),
        takes_seats=asset.status not in GONE and asset.kind in SEATABLE,
        journal_url=url_for("journal.index", reference=asset.tag) if may(Permission.READ_JOURNAL) else None,
    )


def page_of(pointing: Pointing) -> str | None:
    """The page of something that points at an asset; none where it has no page."""
    endpoint, argument = PAGES.get(pointing.page or pointing.noun, ("", ""))
    if pointing.key is None or endpoint not in current_app.view_functions:
        return None
    if not current_app.url_map.is_endpoint_expecting(endpoint, argument):
        return None
    named: dict[str, str] = {argument: str(pointing.key)}
    return url_for(endpoint, _anchor=None, _method=None, _scheme=None, _external=None, **named)
