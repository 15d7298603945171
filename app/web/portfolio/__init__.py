"""All organisations of a person on one page."""

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from app.domain.certification.risk import Risk
from app.domain.permission import Permission
from app.operations.verdicts import refresh_stale
from app.queries.portfolio import Place, next_changes, portfolio_of
from app.web.gate import Area
from app.web.identity import Standing as Member
from app.work import Work, today_in

area = Area("portfolio", __name__, of_organisation=False)


@area.get("/", needs=Permission.SIGNED_IN)
def show(work: Work) -> ResponseReturnValue:
    """One organisation opens at once; several, or `?all`, are listed."""
    members: list[Member] = g.standings
    if len(members) == 1 and "all" not in request.args:
        return redirect(url_for("dashboard.show", slug=members[0].organisation.slug), 303)
    zones = {
        each.organisation.id: each.organisation.time_zone
        for each in members
        if Permission.SEE_PROGRAMME in each.permissions
    }
    _judge_what_changed(work, zones)
    with work.across(zones) as everywhere:
        found = portfolio_of(everywhere)
    rows = [(each, found.places.get(each.organisation.id, Place()), each.organisation.id in zones) for each in members]
    return render_template(
        "portfolio/show.html",
        rows=rows,
        at_risk=found.at_risk,
        standing=_in_words(rows),
        Risk=Risk,
        may_found=_keeps_server(members),
    )


def _keeps_server(members: list[Member]) -> bool:
    """Whether a command line means something to them: administrators, unless they are there to sell."""
    permissions = {permission for each in members for permission in each.permissions}
    return Permission.MANAGE_SETTINGS in permissions and Permission.SELL_PLANS not in permissions


def _judge_what_changed(work: Work, zones: dict[int, str]) -> None:
    """The passing of days may have changed something since the last judgement; mostly the daily job was here before."""
    with work.across(zones) as everywhere:
        stale = [id_ for id_, day in next_changes(everywhere).items() if day <= today_in(zones[id_], work.now)]
    if not stale:
        return
    try:
        with work.writing() as writing:
            for id_ in stale:
                with writing.within(id_) as inside:
                    refresh_stale(inside)
    except (DBAPIError, StaleDataError):
        # Somebody else judged the same at the same moment.
        pass


def _in_words(rows: list[tuple[Member, Place, bool]]) -> str:
    """One sentence that says how things stand."""
    seen = [(member, place) for member, place, shown in rows if shown and place.certificates]
    if not seen:
        return ""
    bad = [member.organisation.name for member, place in seen if place.worst in (Risk.BROKEN, Risk.AT_RISK)]
    if not bad:
        return f"Nothing is at risk in {'this organisation' if len(seen) == 1 else f'these {len(seen)} organisations'}."
    named = " and ".join(bad) if len(bad) < 3 else f"{bad[0]}, {bad[1]} and {len(bad) - 2} more"
    safe = len(seen) - len(bad)
    verb = "is" if safe < 2 else "are"
    # Where there is no certificate yet, nothing can be safe or in danger.
    counted = f"{len(seen)} organisation{'s' * (len(seen) > 1)}"
    counted += f" with certificates, of {len(rows)} in all," if len(seen) < len(rows) else ""
    return f"{safe or 'None'} of {counted} {verb} safe; look at {named}."
