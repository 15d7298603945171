"""Which assets an audit looked at: named by tags, shown on both pages, and in the way of a removal."""

from datetime import date
from html import unescape

import pytest
from sqlalchemy import func, select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import Seat, TeamRole
from app.models.asset import Asset
from app.models.audit import AuditAsset
from app.models.journal import JournalEntry
from app.operations import audits
from app.operations.assets import remove
from app.queries.asset_page import asset_by_id
from tests.cast import post, sign_in
from tests.equipped import equip
from tests.stage import on_stage, plan


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}"


@pytest.fixture
def reference(app, cast):
    """An internal audit with a lead, and three assets."""
    with on_stage(app, cast.organisation) as w:
        for tag in ("A-1", "A-2", "A-3"):
            equip(w, tag)
        lead = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
        return plan(w, None, date(2030, 5, 6), kind=AuditKind.INTERNAL, team=lead).reference


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def count(app, cast, model=AuditAsset, **conditions):
    with on_stage(app, cast.organisation) as w:
        return w.session.scalar(select(func.count(model.id)).filter_by(**conditions))


def test_the_lead_names_assets_and_each_says_so(client, app, cast, home, reference):
    here = f"{home}/audits/{reference}"
    lead = sign_in(client, cast.auditor)
    assert "None is named." in told(lead.get(here))
    done = post(lead, here + "/assets", {"tags": "A-1\n a-2 \n\nA-1\n", "note": "Seal and label"})
    assert (done.status_code, done.location) == (303, here + "/assets")
    assert "2 assets are named." in told(lead.get(done.location))
    assert "Seal and label" in told(lead.get(here))
    with on_stage(app, cast.organisation) as w:
        asset_id = w.all(select(Asset.id).where(Asset.tag == "A-2"))[0]
    page = told(lead.get(f"{home}/assets/{asset_id}"))
    assert f'href="{here}">{reference}</a>' in page
    assert "internal, 6 May 2030: Seal and label" in page
    post(lead, here + "/assets", {"tags": "A-2", "note": "Again"})
    assert (count(app, cast), count(app, cast, note="Again")) == (2, 0)
    with on_stage(app, cast.organisation) as w:
        row = w.all(select(AuditAsset.id).where(AuditAsset.asset_id == asset_id))[0]
    assert post(lead, f"{here}/assets/{row}/remove").status_code == 303
    assert count(app, cast) == 1
    assert count(app, cast, JournalEntry, noun="audit_asset") == 3
    journal = told(sign_in(client, cast.asset_manager).get(f"{home}/journal/?reference={reference}"))
    assert f"asset A-1 of {reference}" in journal


def test_what_an_audit_looked_at_is_not_removed(client, app, cast, home, reference):
    post(sign_in(client, cast.quality_manager), f"{home}/audits/{reference}/assets", {"tags": "A-3"})
    with on_stage(app, cast.organisation) as w:
        asset_id = w.all(select(Asset.id).where(Asset.tag == "A-3"))[0]
        with pytest.raises(RefusedError) as refused:
            remove(w, asset_by_id(w, asset_id), "By mistake.")
        assert f"Audit: {reference}" in [each.says for each in refused.value.why]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("A-1\nNO-1\nNO-2", "No asset has the tag NO-1, NO-2."),
        (" \n ", "Type the tags of the assets, one a line."),
        ("\n".join(f"T-{number}" for number in range(501)), "An audit looks at 500 assets at most."),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_field(client, app, cast, home, reference, typed, says):
    page = post(
        sign_in(client, cast.quality_manager), f"{home}/audits/{reference}/assets", {"tags": typed, "note": "Kept"}
    )
    assert (page.status_code, says in told(page), 'value="Kept"' in page.text) == (422, True, True)
    assert typed.strip().splitlines()[:1] == [] or typed.split("\n")[0] in page.text
    assert count(app, cast) == 0


def test_a_cancelled_audit_looked_at_nothing(client, app, cast, home, reference):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        audits.take_step(w, reference, AuditProgress.CANCELLED, reason="Not needed.")
    page = post(sign_in(client, cast.quality_manager), f"{home}/audits/{reference}/assets", {"tags": "A-1"})
    assert (page.status_code, "is cancelled" in told(page)) == (422, True)


def test_who_is_not_of_the_audit_names_nothing(client, app, cast, home, reference):
    here = f"{home}/audits/{reference}"
    post(sign_in(client, cast.quality_manager), here + "/assets", {"tags": "A-1"})
    with on_stage(app, cast.organisation) as w:
        row = w.all(select(AuditAsset.id))[0]
    for who, status in ((cast.asset_manager, 403), (cast.staff, 403), (cast.stranger, 404)):
        visitor = sign_in(client, who)
        assert post(visitor, here + "/assets", {"tags": "A-2"}).status_code == status
        assert post(visitor, f"{here}/assets/{row}/remove").status_code == status
    assert "A-1" in told(sign_in(client, cast.asset_manager).get(here))
    assert "Name them" not in told(client.get(here))
    assert count(app, cast) == 1
