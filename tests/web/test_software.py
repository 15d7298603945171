"""The catalogue of software, what is installed where, and what nobody authorised."""

import io
from datetime import date, timedelta
from html import unescape

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.change import Authorisation, ChangeAction, ChangeStatus
from app.domain.itam.ownership import OwnershipKind
from app.domain.licensing.metric import Metric
from app.models.asset import Asset, AssetOwnership
from app.models.change_request import ChangeRequest
from app.models.journal import JournalEntry
from app.models.licence import LicencePool, PoolProduct
from app.models.software import Installation, Product, ProductAlias, Publisher, Release
from app.operations import installations
from app.operations.imports import carry_out
from tests.cast import post, sign_in
from tests.operations.test_imports import INSTALLATIONS, lines, sent
from tests.stage import on_stage

DAY = timedelta(days=1)


@pytest.fixture
def url(cast):
    return f"/o/{cast.organisation.slug}/software"


@pytest.fixture
def manager(client, cast):
    return sign_in(client, cast.asset_manager)


@pytest.fixture
def writer(app, cast):
    """Writer of Acme, in three versions on two assets; gives the ids of the product and of the installations."""
    with on_stage(app, cast.organisation) as w:
        publisher = w.add(Publisher(name="Acme"))
        product = w.add(Product(publisher_id=publisher.id, name="Writer", edition="Pro", created_at=w.now))
        first, second = (
            w.add(Asset(tag=tag, name=tag, kind=AssetKind.HARDWARE, status=AssetStatus.DEPLOYED, created_at=w.now))
            for tag in ("A-1", "A-2")
        )
        found = w.today - 30 * DAY
        on = [(first, "1.9"), (first, "1.10"), (second, "1.10")]
        rows = [installations.record(w, asset, product, version=version, found_on=found) for asset, version in on]
        return product.id, [row.id for row in rows]


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def only(app, cast, model, **conditions):
    with on_stage(app, cast.organisation) as w:
        return w.one_or_none(select(model).filter_by(**conditions))


def test_versions_stand_in_their_own_order(manager, url, writer):
    product_id, _ids = writer
    page = told(manager.get(f"{url}/{product_id}"))
    versions = page.split('id="versions"')[1].split('id="installed"')[0]
    assert versions.index(">1.10<") < versions.index(">1.9<")
    assert "3 installations." in page


def test_a_product_is_recorded_edited_and_its_old_name_stays_known(manager, app, cast, url):
    said = {"publisher": "Acme Inc.", "name": "Reader", "edition": "", "category": "Office", "needs_licence": "y"}
    done = post(manager, url + "/new", said)
    assert done.status_code == 303
    assert post(manager, url + "/new", {**said, "publisher": "ACME", "name": "reader"}).status_code == 422
    page = manager.get(done.location + "/edit")
    version = page.text.split('name="version"')[1].split('value="')[1].split('"')[0]
    assert post(manager, done.location + "/edit", {**said, "name": "Viewer", "version": version}).status_code == 303
    assert only(app, cast, ProductAlias).name == "reader"
    late = post(manager, done.location + "/edit", {**said, "name": "Later", "version": version})
    assert (late.status_code, "changed by somebody else" in told(late)) == (422, True)


def test_two_products_become_one_and_files_know_both_names(manager, app, cast, url, writer):
    product_id, _ids = writer
    with on_stage(app, cast.organisation) as w:
        other = w.add(Product(publisher_id=w.one_or_none(select(Publisher)).id, name="Writer", created_at=w.now))
        pool = LicencePool(reference="LP-001", name="W", publisher_id=other.publisher_id, metric=Metric.DEVICE)
        pool.created_at = w.now
        w.add(pool)
        for each in (product_id, other.id):
            w.add(PoolProduct(pool_id=pool.id, product_id=each))
        w.add(Release(product_id=product_id, version="1.9", version_key="x"))
        other_id = other.id
    refused = post(manager, f"{url}/{product_id}/merge", {"into": "Writer", "reason": "The same"})
    assert (refused.status_code, "Choose a product from the list." in told(refused)) == (422, True)
    done = post(manager, f"{url}/{product_id}/merge", {"into": str(other_id), "reason": "The same program"})
    assert (done.status_code, done.location) == (303, f"{url}/{other_id}")
    assert manager.get(f"{url}/{product_id}").status_code == 404
    with on_stage(app, cast.organisation) as w:
        assert {row.product_id for row in w.all(select(Installation))} == {other_id}
        assert [row.product_id for row in w.all(select(PoolProduct))] == [other_id]
        assert w.one_or_none(select(Release)).product_id == other_id
        reasons = select(JournalEntry.reason).where(
            JournalEntry.noun == "installation", JournalEntry.action == "changed"
        )
        assert set(w.session.scalars(reasons)) == {"The same program"}
        table = "Asset | Publisher | Product | Version\nA-2 | Acme | Writer Pro | 1.11"
        carry_out(w, lines(INSTALLATIONS, table), sent(table))
        assert w.session.scalar(select(func.count(Product.id))) == 1


def test_what_others_point_at_is_not_removed_and_they_are_listed(manager, url, writer):
    product_id, _ids = writer
    refused = post(manager, f"{url}/{product_id}/remove", {"reason": "By mistake"})
    assert (refused.status_code, "Installations: 3" in told(refused)) == (422, True)
    assert manager.get(f"{url}/{product_id}").status_code == 200


def test_a_release_says_until_when_a_version_is_supported(manager, app, cast, url, writer):
    product_id, _ids = writer
    said = {"version": "v1.9.0", "released_on": "2026-02-01", "support_ends_on": "2026-01-01"}
    refused = post(manager, f"{url}/{product_id}/releases/new", said)
    assert (refused.status_code, "Support would end before" in told(refused)) == (422, True)
    said["support_ends_on"] = "2026-03-01"
    assert post(manager, f"{url}/{product_id}/releases/new", said).status_code == 303
    assert only(app, cast, Release).support_ends_on == date(2026, 3, 1)
    assert 'class="late"' in manager.get(f"{url}/{product_id}").text


def test_an_installation_recorded_by_hand_is_unauthorised(manager, app, cast, url, writer):
    product_id, _ids = writer
    said = {"asset": "a-2", "product": str(product_id), "version": "2.0", "found_on": "2026-01-05"}
    assert post(manager, url + "/installations/new", said).status_code == 303
    assert only(app, cast, Installation, version="2.0").authorisation is Authorisation.UNAUTHORISED
    twice = post(manager, url + "/installations/new", said)
    assert (twice.status_code, "recorded on A-2 already" in told(twice)) == (422, True)
    nowhere = post(manager, url + "/installations/new", {**said, "asset": "Z"})
    assert (nowhere.status_code, "No asset has the tag" in told(nowhere)) == (422, True)


def test_one_is_accepted_with_a_reason_and_another_is_gone(manager, app, cast, url, writer):
    _product_id, ids = writer
    accept = f"{url}/installations/{ids[0]}/accept"
    assert post(manager, accept, {"reason": ""}).status_code == 422
    assert post(manager, accept, {"reason": "Needed"}).status_code == 303
    assert only(app, cast, Installation, id=ids[0]).accepted_reason == "Needed"
    with on_stage(app, cast.organisation) as w:
        today = w.today
    remove = f"{url}/installations/{ids[1]}/remove"
    early = post(manager, remove, {"removed_on": (today - 90 * DAY).isoformat()})
    assert (early.status_code, "cannot be gone before" in told(early)) == (422, True)
    assert post(manager, remove, {"removed_on": today.isoformat()}).status_code == 303
    assert only(app, cast, Installation, id=ids[1]).removed_on == today


def test_the_ticked_are_accepted_or_gone_all_or_none(manager, app, cast, url, writer):
    _product_id, ids = writer
    page = told(manager.get(url + "/unauthorised"))
    assert "3 installations" in page
    refused = post(manager, url + "/unauthorised/accept?q=writer", {"ids": ids[:2], "reason": ""})
    assert (refused.status_code, "Say why it may stay" in told(refused)) == (422, True)
    assert refused.text.count(" checked") == 2
    assert post(manager, url + "/unauthorised/accept", {"ids": [], "reason": "x"}).status_code == 422
    done = post(manager, url + "/unauthorised/accept?q=writer", {"ids": ids[:2], "reason": "Known"})
    assert (done.status_code, done.location) == (303, url + "/unauthorised?q=writer")
    both = post(manager, url + "/unauthorised/accept", {"ids": ids, "reason": "Again"})
    assert (both.status_code, "Nothing was changed" in told(both)) == (422, True)
    assert only(app, cast, Installation, id=ids[2]).authorisation is Authorisation.UNAUTHORISED
    with on_stage(app, cast.organisation) as w:
        today = w.today.isoformat()
    assert post(manager, url + "/unauthorised/remove", {"ids": ids[2:], "removed_on": today}).status_code == 303
    assert "Everything installed is authorised or accepted" in told(manager.get(url + "/unauthorised"))


def test_who_may_not_authorise_does_not_accept(client, cast, url, writer):
    _product_id, ids = writer
    sign_in(client, cast.auditor)
    assert client.get(f"{url}/installations/{ids[0]}/accept").status_code == 403
    assert post(client, url + "/unauthorised/accept", {"ids": ids, "reason": "x"}).status_code == 403
    assert "Accept" not in client.get(url + "/unauthorised").text


def test_another_house_sees_and_changes_nothing(client, app, cast, url, writer):
    product_id, ids = writer
    sign_in(client, cast.stranger)
    theirs = f"/o/{cast.elsewhere.slug}/software"
    assert client.get(f"{theirs}/{product_id}").status_code == 404
    assert client.get(f"{theirs}/installations/{ids[0]}/accept").status_code == 404
    refused = post(client, theirs + "/unauthorised/accept", {"ids": ids, "reason": "Ours"})
    assert (refused.status_code, "Tick at least one line" in told(refused)) == (422, True)
    assert "Writer" not in client.get(theirs).text
    assert only(app, cast, Installation, id=ids[0]).authorisation is Authorisation.UNAUTHORISED


def test_lists_filter_sort_and_go_out_as_files(manager, url, writer):
    assert "Writer Pro" in manager.get(url + "?q=acme+writer&licence=yes&standing=unauthorised&order=publisher").text
    assert "No product is like that" in manager.get(url + "?standing=nowhere").text
    table = manager.get(url + "/export/csv?q=writer").data.decode("utf-8-sig").splitlines()
    assert table[1:] == ["Acme,Writer,Pro,,yes,2,3"]
    book = load_workbook(io.BytesIO(manager.get(url + "/unauthorised/export/xlsx?q=A-2").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[:5] for row in rows[1:]] == [("Acme", "Writer", "Pro", "1.10", "A-2")]


def asked(client, address):
    count = 0

    def one_more(*_arguments):
        nonlocal count
        count += 1

    event.listen(Engine, "before_cursor_execute", one_more)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", one_more)
    return count


def test_the_lists_ask_as_often_however_many_there_are(manager, app, cast, url, writer):
    addresses = (url, url + "/unauthorised", f"{url}/{writer[0]}")
    for address in addresses:
        manager.get(address)
    before = [asked(manager, address) for address in addresses]
    table = "Asset | Publisher | Product | Version\n" + "\n".join(f"A-1 | P{n % 9} | X{n} | {n}" for n in range(80))
    table += "\n" + "\n".join(f"A-2 | Acme | Writer Pro | 3.{n}" for n in range(60))
    with on_stage(app, cast.organisation) as w:
        carry_out(w, lines(INSTALLATIONS, table), sent(table))
    assert [asked(manager, address) for address in addresses] == before


def test_from_an_installation_to_owner_authorisation_file_and_journal(manager, app, cast, url, writer):
    table = "Asset | Publisher | Product | Version\nA-2 | Acme | Reader | 2.0"
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        asset = w.all(select(Asset).where(Asset.tag == "A-2"))[0]
        asset_id = asset.id
        w.add(AssetOwnership(asset_id=asset_id, kind=OwnershipKind.LEASED, party="Nordlease", starts_on=w.today))
        batch_id = carry_out(w, lines(INSTALLATIONS, table), sent(table)).id
        row_id = w.all(select(Installation.id).where(Installation.batch_id == batch_id))[0]
    here, home = f"{url}/installations/{row_id}", url.replace("/software", "")
    page = manager.get(here)
    for link in (f"{home}/assets/{asset_id}", f"{home}/assets/{asset_id}#ownership", f"{home}/imports/{batch_id}"):
        assert f'href="{link}"' in page.text
    assert "Leased</a>, Nordlease" in told(page)
    assert f'href="{here}/accept"' in page.text
    assert f'href="{here}"' in manager.get(f"{home}/assets/{asset_id}").text
    assert f'href="{here}"' in manager.get(url + "/unauthorised").text
    assert f'href="{here}"' in manager.get(f"{home}/imports/{batch_id}").text

    post(manager, here + "/accept", {"reason": "The reader of the scanner."})
    page = told(manager.get(here))
    assert f"by {cast.asset_manager.name} on" in page
    assert "The reader of the scanner." in page
    journal = told(manager.get(f"{home}/journal/?noun=installation&row={row_id}"))
    assert journal.count('data-label="No."') == 2
    assert f'value="{row_id}"' in journal


def test_an_installation_names_the_change_behind_it(manager, app, cast, url, writer):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        change = w.add(
            ChangeRequest(
                reference="CR-2026-001",
                action=ChangeAction.INSTALL,
                title="Writer for sales",
                reason="They write.",
                status=ChangeStatus.CHECKED,
                requested_by_id=cast.staff.id,
                requested_at=w.now,
            )
        )
        row = w.all(select(Installation).where(Installation.id == writer[1][0]))[0]
        row.change_id, row.authorisation = change.id, Authorisation.AUTHORISED
        w.flush()
    page = manager.get(f"{url}/installations/{writer[1][0]}")
    assert 'changes/CR-2026-001">CR-2026-001</a> Writer for sales' in page.text
    assert "No ownership is on record" in page.text


def test_a_reader_sees_an_installation_without_its_journal_and_a_stranger_none(client, cast, url, writer):
    here = f"{url}/installations/{writer[1][0]}"
    page = sign_in(client, cast.auditor).get(here)
    assert (page.status_code, "What was done to it" in page.text, "It is gone" in page.text) == (200, False, False)
    assert sign_in(client, cast.staff).get(here).status_code == 403
    assert sign_in(client, cast.stranger).get(here).status_code == 404


def test_an_asset_a_product_and_an_installation_lead_to_a_change_that_is_filled_in(manager, app, cast, url, writer):
    home = url.replace("/software", "")
    with on_stage(app, cast.organisation) as w:
        asset_id = w.all(select(Asset.id).where(Asset.tag == "A-1"))[0]
    pages = {
        f"{home}/assets/{asset_id}": "asset=A-1",
        f"{url}/{writer[0]}": f"product={writer[0]}",
        f"{url}/installations/{writer[1][0]}": f"asset=A-1&product={writer[0]}",
    }
    for page, asked_for in pages.items():
        assert f'href="{home}/changes/new?{asked_for}"' in unescape(manager.get(page).text)
    form = manager.get(f"{home}/changes/new?action=remove&asset=A-1&product={writer[0]}").text
    assert ">A-1</textarea>" in form.replace("\n", "").replace("\r", "") or 'value="A-1"' in form
    record = unescape(manager.get(f"{home}/assets/{asset_id}").text)
    assert f'href="{url}/installations/new?asset=A-1"' in record
    assert 'value="A-1"' in manager.get(f"{url}/installations/new?asset=A-1").text
