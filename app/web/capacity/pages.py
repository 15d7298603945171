"""Hosts with their guests as of a day, the page of a cluster, and where one guest ran."""

from datetime import date

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.itam.capacity import GUESTS
from app.domain.permission import Permission
from app.queries.capacity import PAGE, asset_of, floor_on, guests_of, hosts_of, needs_on, placements_of
from app.web.capacity.area import area, cluster_or_404
from app.web.fields import asked_page
from app.work import Work


@area.get("", needs=Permission.SEE_ASSETS)
def index(work: Work) -> ResponseReturnValue:
    """Clusters first, then the hosts that stand alone; and what cannot be counted."""
    day = asked_day(work)
    page = asked_page()
    floor = floor_on(work, day, page)
    pages = max(1, -(-floor.total // PAGE))
    if page > pages:
        page = pages
        floor = floor_on(work, day, page)
    return render_template(
        "capacity/index.html",
        floor=floor,
        day=day,
        page=page,
        pages=pages,
        link=lambda number: url_for("capacity.index", on=day.isoformat(), page=number),
    )


@area.get("/clusters/<int:cluster_id>", needs=Permission.SEE_ASSETS)
def cluster(work: Work, cluster_id: int) -> ResponseReturnValue:
    """One cluster: its hosts and guests, from when to when."""
    found = cluster_or_404(work, cluster_id)
    return render_template(
        "capacity/cluster.html",
        cluster=found,
        hosts=hosts_of(work, cluster_id),
        guests=guests_of(work, cluster_id),
    )


@area.get("/guests/<int:asset_id>", needs=Permission.SEE_ASSETS)
def guest(work: Work, asset_id: int) -> ResponseReturnValue:
    """Where one guest runs and ran, and on which hosts it needs licences on a day."""
    asset = asset_of(work, asset_id)
    if asset is None or asset.kind not in GUESTS:
        abort(404)
    day = asked_day(work)
    return render_template(
        "capacity/guest.html",
        guest=asset,
        placements=placements_of(work, asset_id),
        needs=needs_on(work, asset_id, day),
        day=day,
    )


def asked_day(work: Work) -> date:
    """The day that the address asks for, else today."""
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return work.today
