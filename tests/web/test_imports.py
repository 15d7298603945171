"""The steps of an import: the file, its columns, what it will do; then all of it, or nothing."""

import io
import re
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.permission import Role
from app.models.asset import Asset
from app.models.import_batch import ImportBatch
from app.models.licence import Entitlement
from app.models.organisation import Membership
from app.models.software import Installation
from app.operations import assets as operation
from app.queries.asset_page import asset_by_id
from tests.cast import post, sign_in
from tests.operations.test_imports import BOUGHT, ENTITLEMENTS, bring, pooled
from tests.stage import on_stage
from tests.web.test_software import asked

FILES = Path(__file__).parents[1] / "inputs" / "files"
GOOD = "Asset Tag;Asset Name;Purchase Date\nA-1;First;01/02/2026\nA-2;Second;\n"


@pytest.fixture
def url(cast):
    return f"/o/{cast.organisation.slug}/imports"


@pytest.fixture
def manager(client, cast):
    return sign_in(client, cast.asset_manager)


def send(client, url, data, name="assets.csv", **said):
    data = data.encode() if isinstance(data, str) else data
    return post(client, url + "/new", {"kind": "assets", "file": (io.BytesIO(data), name), **said})


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def agreed(page):
    return page.text.split('name="agreed" value="')[1].split('"')[0]


def count(app, cast, model):
    with on_stage(app, cast.organisation) as w:
        return w.session.scalar(select(func.count(model.id)))


def test_from_the_file_to_the_register_and_the_columns_are_remembered(manager, app, cast, url):
    step = send(manager, url, GOOD, source="Snipe-IT")
    assert step.status_code == 303
    page = manager.get(step.location)
    assert '<option value="Asset Tag" selected>' in page.text
    assert "01/02/2026" in page.text
    columns = {"column-tag": "Asset Tag", "column-name": "Asset Name", "column-purchased_on": "Purchase Date"}
    refused = post(manager, step.location, {**columns, "column-tag": ""})
    assert (refused.status_code, "Asset tag is needed" in refused.text) == (422, True)
    step = post(manager, step.location, {**columns, "day_order": "day-first"})
    assert step.status_code == 303
    page = manager.get(step.location)
    assert "2 added, 0 changed, 0 left as they are. Nothing is changed yet." in told(page)
    assert count(app, cast, Asset) == 0
    done = post(manager, step.location, {"agreed": agreed(page)})
    assert (done.status_code, done.location.startswith(url + "/")) == (303, True)
    assert "assets.csv is imported: 2 added, 0 changed, 0 left as they are." in told(manager.get(done.location))
    with on_stage(app, cast.organisation) as w:
        row = w.one_or_none(select(Asset).where(Asset.tag == "A-1"))
        assert (row.name, row.purchased_on.isoformat()) == ("First", "2026-02-01")
        batch = w.one_or_none(select(ImportBatch))
        assert (batch.source, batch.added, batch.imported_by_id) == ("Snipe-IT", 2, cast.asset_manager.id)
    again = send(manager, url, GOOD.replace("Second", "Changed"), source="Snipe-IT")
    assert "as they were the last time" in told(manager.get(again.location))
    preview = manager.get(again.location + "/preview?day_order=day-first")
    assert "Name: <del>Second</del> → <ins>Changed</ins>" in preview.text


def test_a_thousand_faulty_lines_the_first_hundred_shown_and_all_in_a_file(manager, app, cast, url):
    data = "Asset tag,Name,Purchased on\n" + "".join(f"A-{n},x,soon\n" for n in range(1000))
    step = send(manager, url, data)
    step = post(manager, step.location, {"column-tag": "Asset tag", "column-purchased_on": "Purchased on"})
    page = manager.get(step.location)
    assert "1,000 lines are faulty, so nothing can be imported." in told(page)
    assert page.text.count("is no day. Write it as") == 100
    assert 'name="agreed"' not in page.text
    whole = manager.get(step.location.replace("/preview", "/faults.csv"))
    lines = whole.data.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[1]) == (1001, "Line 2,Purchased on,“soon” is no day. Write it as 2026-03-14.")
    assert post(manager, step.location, {"agreed": "whatever"}).status_code == 422
    assert count(app, cast, Asset) == 0


def test_who_saw_something_else_sees_it_anew(manager, app, cast, url):
    step = send(manager, url, "Asset tag,Name\nA-1,First\n")
    step = post(manager, step.location, {"column-tag": "Asset tag", "column-name": "Name"})
    seen = agreed(manager.get(step.location))
    with on_stage(app, cast.organisation) as w:
        w.add(Asset(tag="A-1", name="x", kind=AssetKind.HARDWARE, status=AssetStatus.DEPLOYED, created_at=w.now))
    refused = post(manager, step.location, {"agreed": seen})
    assert refused.status_code == 422
    assert "The register has changed since you saw what this import does." in told(refused)
    assert post(manager, step.location, {"agreed": agreed(refused)}).status_code == 303


def test_all_or_nothing_also_where_the_last_step_fails(manager, app, cast, url, monkeypatch):
    app.config["PROPAGATE_EXCEPTIONS"], before = False, app.config["PROPAGATE_EXCEPTIONS"]
    step = send(manager, url, "Asset tag,Name\nA-1,First\n")
    step = post(manager, step.location, {"column-tag": "Asset tag", "column-name": "Name"})
    seen = agreed(manager.get(step.location))

    def fail(*_arguments):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("app.work.journal._append", fail)
    assert post(manager, step.location, {"agreed": seen}).status_code == 500
    app.config["PROPAGATE_EXCEPTIONS"] = before
    monkeypatch.undo()
    assert (count(app, cast, Asset), count(app, cast, ImportBatch)) == (0, 0)


@pytest.mark.parametrize(
    ("data", "name", "said", "says"),
    [
        (b"", "a.csv", {}, "is empty"),
        (b"x", "", {}, "Choose a file"),
        (b"tag,name\nA,\x81\n", "a.csv", {}, "Line 2 of “a.csv” is no text"),
        (b"tag,tag\nA,b\n", "a.csv", {}, "Two columns are named “tag”"),
        (b"<x/>", "a.swidtag", {"kind": "swid"}, "no SWID tag"),
        (b"{}", "a.json", {"kind": "cyclonedx", "asset": "A-1"}, "no CycloneDX file"),
        (b"{}", "a.json", {"kind": "cyclonedx"}, "Say which asset it describes"),
        (b"x" * (21 << 20), "a.csv", {}, "too large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(manager, url, data, name, said, says):
    answer = send(manager, url, data, name, **said)
    assert (answer.status_code, says in told(answer)) == (422, True)


def test_software_from_a_bill_of_materials(manager, app, cast, url):
    with on_stage(app, cast.organisation) as w:
        w.add(Asset(tag="A-1", name="x", kind=AssetKind.HARDWARE, status=AssetStatus.DEPLOYED, created_at=w.now))
    data = (FILES / "pillow-13.0.0.cdx.json").read_bytes()
    step = send(manager, url, data, "pillow.cdx.json", kind="cyclonedx", asset="A-1")
    page = manager.get(step.location)
    assert "Pillow" in page.text
    assert post(manager, step.location, {"agreed": agreed(page)}).status_code == 303
    assert count(app, cast, Installation) > 5


def test_a_token_that_was_made_up_or_is_of_another_house_names_nothing(manager, client, app, cast, url):
    step = send(manager, url, "Asset tag,Name\nA-1,First\n")
    stranger = app.test_client()
    sign_in(stranger, cast.stranger)
    assert stranger.get(step.location).status_code == 404
    theirs = step.location.replace(cast.organisation.slug, cast.elsewhere.slug)
    for path in ("", "/preview", "/faults.csv"):
        assert stranger.get(theirs + path).status_code == 404
        assert manager.get(step.location[:-3] + "xyz" + path).status_code == 404


def test_a_file_that_waits_is_shown_to_who_sent_it_alone(manager, app, cast, url):
    step = send(manager, url, "Asset tag,Name\nA-1,First\n")
    with on_stage(app, cast.organisation) as w:
        member = w.one_or_none(select(Membership).where(Membership.person_id == cast.quality_manager.id))
        member.roles |= {Role.ASSET_MANAGER}
    colleague = sign_in(app.test_client(), cast.quality_manager)
    assert colleague.get(url + "/new").status_code == 200
    for path in ("", "/preview", "/faults.csv"):
        assert colleague.get(step.location + path).status_code == 404
    assert manager.get(step.location).status_code == 200


def test_a_file_that_waited_too_long_is_asked_for_again(manager, cast, url, settings):
    step = send(manager, url, "Asset tag,Name\nA-1,First\n")
    for path in settings.uploads.glob("*/*"):
        path.unlink()
    answer = manager.get(step.location)
    assert (answer.status_code, answer.location) == (303, url + "/new")
    assert "no longer here" in told(manager.get(answer.location))


def imported(client, url, data, name="assets.csv", **said):
    """Bring a file in by its three steps; gives the page of the import."""
    step = send(client, url, data, name, **said)
    columns = {"column-tag": "Asset Tag", "column-name": "Asset Name", "column-purchased_on": "Purchase Date"}
    step = post(client, step.location, {**columns, "day_order": "day-first"})
    assert step.status_code == 303, told(step)
    done = post(client, step.location, {"agreed": agreed(client.get(step.location))})
    assert done.status_code == 303, told(done)
    return done.location


def test_the_page_of_an_import_has_its_hash_and_the_entry_of_each_row(manager, app, cast, url):
    first = imported(manager, url, GOOD, source="Snipe-IT")
    changed = GOOD.replace("Second", "Twice").replace("\n", "\nA-3;Third;\n", 1)
    second = imported(manager, url, changed, "again.csv", source="Snipe-IT")
    with on_stage(app, cast.organisation) as w:
        ids = {row.tag: row.id for row in w.all(select(Asset).order_by(Asset.id))}
    assets = url.replace("/imports", "/assets")

    page = manager.get(first)
    assert sha256(GOOD.encode()).hexdigest() in page.text
    assert "2 added, 0 changed, 0 left as they were" in told(page)
    assert [each for each in ids.values() if f'href="{assets}/{each}"' in page.text] == [ids["A-1"], ids["A-2"]]

    page = manager.get(second)
    assert "1 added, 1 changed, 1 left as they were" in told(page)
    assert f'href="{assets}/{ids["A-1"]}"' not in page.text
    assert "Second → Twice" in told(page)
    assert "2 entries" in told(page)

    shown = told(manager.get(f"{assets}/{ids['A-2']}"))
    assert shown.index('again.csv</a> <span class="far">changed it') < shown.index("recorded it")
    assert first in manager.get(url).text
    assert manager.get(f"{first}?page=9").status_code == 200


def test_what_is_gone_has_no_link_and_who_reads_no_journal_sees_the_counts(manager, client, app, cast, url):
    here = imported(manager, url, GOOD)
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        gone = w.all(select(Asset.id).where(Asset.tag == "A-2"))[0]
        operation.remove(w, asset_by_id(w, gone), "Recorded twice.")
    assert f"/assets/{gone}" not in manager.get(here).text
    seen = sign_in(client, cast.auditor).get(here)
    assert "2 added" in told(seen)
    assert "What it brought" not in told(seen)
    assert "Import a file" not in told(client.get(url))
    assert sign_in(client, cast.staff).get(here).status_code == 403
    assert sign_in(client, cast.stranger).get(here).status_code == 404


def test_the_page_of_an_import_asks_as_often_however_many_rows(manager, url):
    few = imported(manager, url, GOOD)
    rows = "".join(f"B-{number};Machine {number};\n" for number in range(120))
    many = imported(manager, url, "Asset Tag;Asset Name;Purchase Date\n" + rows)
    manager.get(few)
    assert asked(manager, many) == asked(manager, few)
    assert "120 entries, page 1 of 3" in told(manager.get(many))


def test_imports_are_filtered_sorted_and_exported(manager, url):
    first = imported(manager, url, GOOD, "zebra.csv", source="Snipe-IT")
    second = imported(manager, url, "Asset Tag;Asset Name;Purchase Date\nB-1;One;\n", "apple.csv", source="Store")
    digest = sha256(GOOD.encode()).hexdigest()
    for asked_for in ("q=zebra", "q=snipe", f"q={digest[:9].upper()}", "q=zebra&kind=assets", "q=snipe+zebra"):
        page = manager.get(f"{url}?{asked_for}")
        assert (first in page.text, f'href="{second}"' in page.text, "1 file as asked" in told(page)) == (
            True,
            False,
            True,
        )
        sheet = manager.get(f"{url}/export/csv?{asked_for}").text.splitlines()
        assert len(sheet) == 2
        assert sheet[1].startswith("zebra.csv,Assets,Snipe-IT,2,0,0,")
        assert sheet[1].endswith(digest)
    assert "No import is like that" in told(manager.get(url + "?kind=usage"))

    def order(asked_for):
        text = manager.get(url + asked_for).text
        return text.index(f'href="{first}"') < text.index(f'href="{second}"')

    assert [order(each) for each in ("", "?order=when&direction=up", "?order=file", "?order=added&direction=down")] == [
        False,
        True,
        False,
        True,
    ]
    assert 'href="' + url + '?q=a&amp;order=file&amp;direction=up"' in manager.get(url + "?q=a").text
    assert manager.get(url + "/export/xlsx").content_type.endswith("sheet")


def test_the_import_of_entitlements_and_each_of_them_lead_to_each_other(manager, app, cast, url):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        pooled(w)
        batch_id = bring(w, ENTITLEMENTS, BOUGHT).id
        references = w.all(select(Entitlement.reference).where(Entitlement.batch_id == batch_id))
    here, home = f"{url}/{batch_id}", url.replace("/imports", "")
    page = manager.get(here).text
    links = re.findall(rf'href="({home}/licences/entitlements/[^"]+)"', page)
    assert sorted(link.rpartition("/")[2] for link in links) == sorted(references)
    assert all(f'href="{here}"' in manager.get(link).text for link in links)
