"""The first page of the settings: every section with how it stands."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.certification.choices import CHOICES
from app.domain.permission import Permission
from app.domain.subscription.agreement import Standing
from app.operations.places import countries
from app.queries.agreements import agreements_offered, providers_of
from app.queries.certificates import bodies
from app.queries.finding_pointers import findings_by_site
from app.queries.settings import blackout_periods, own_editions, sites
from app.web.settings.area import area
from app.work import Work


@area.get("/", needs=Permission.MANAGE_SETTINGS)
def show(work: Work) -> ResponseReturnValue:
    """Everything that can be set."""
    row = work.organisation
    chosen = [(choice, getattr(row, choice.name)) for choice in CHOICES]
    return render_template(
        "settings/show.html",
        row=row,
        country=countries().get(row.country, row.country),
        own_choices=[(choice, choice.say(value)) for choice, value in chosen if value != choice.default],
        sites=sites(work),
        found_at=findings_by_site(work),
        periods=blackout_periods(work),
        bodies=bodies(work),
        own_editions=own_editions(work),
        providers=providers_of(work),
        asking=[
            name
            for each, name in agreements_offered(work)
            if each.standing is Standing.PROPOSED and not each.proposed_by_client
        ],
    )
