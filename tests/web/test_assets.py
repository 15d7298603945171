"""The register of assets: found, filtered, recorded, edited by two, carried through its life, and removed."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event, select

from app.domain.itam.asset import AssetKind, AssetStatus, Criticality
from app.domain.itam.ownership import Duty, OwnershipKind
from app.extensions import db
from app.models.asset import Asset, AssetOwnership
from app.models.inventory_check import InventoryCheck, InventoryLine
from app.models.journal import JournalEntry
from app.operations import ownerships
from app.operations.ownerships import OwnershipDetails
from app.work import Work
from tests.cast import Cast, post, sign_in
from tests.equipped import LONG_AGO, again, answer_for, employ, equip
from tests.stage import on_stage, site

TODAY = date.today()  # noqa: DTZ011 - any day near enough


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/assets"


@pytest.fixture
def keeper(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Work]:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        yield w


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def exported(client: FlaskClient, url: str) -> list[dict[str, str]]:
    answer = client.get(url)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def tags(client: FlaskClient, home: str, asked: str) -> list[str]:
    """What a filter finds, as the export has it; the page finds the same, or the test fails."""
    found = [row["Tag"] for row in exported(client, f"{home}/export/csv?{asked}")]
    page = text(client.get(f"{home}?{asked}"))
    assert all(f">{tag}</a>" in page for tag in found)
    return found


@pytest.fixture
def fleet(app: Flask, cast: Cast) -> None:
    """Four assets of which each filter finds some."""
    with inside(app, cast) as w:
        munich = site(w)
        anna = employ(w)
        laptop = equip(
            w,
            "NW-1",
            "Laptop of finance",
            serial="SN-77",
            maker="Lenovo",
            site_id=munich.id,
            custodian="P-1",
            criticality=Criticality.HIGH,
            keywords="Finance laptop",
            warranty_ends_on=TODAY + timedelta(days=20),
        )
        answer_for(w, laptop.id)
        equip(w, "NW-2", "Laptop of sales", status=AssetStatus.RETIRED, end_of_life_on=TODAY - timedelta(days=9))
        equip(w, "NW-3", "Web shop", AssetKind.CLOUD_SERVICE, is_ours=False, end_of_life_on=TODAY + timedelta(days=90))
        equip(w, "NW-4", "Borrowed scope", in_scope=False, scope_reason="Lent", is_ours=False, site_id=munich.id)
        assert anna.id


FILTERS = [
    ("", ["NW-1", "NW-2", "NW-3", "NW-4"]),
    ("q=laptop", ["NW-1", "NW-2"]),
    ("q=LAPTOP+fin", ["NW-1"]),
    ("q=sn-77", ["NW-1"]),
    ("q=%25", []),
    ("q=nobody", []),
    ("kind=cloud-service", ["NW-3"]),
    ("kind=nonsense", ["NW-1", "NW-2", "NW-3", "NW-4"]),
    ("status=retired", ["NW-2"]),
    ("criticality=high", ["NW-1"]),
    ("scope=out", ["NW-4"]),
    ("scope=in", ["NW-1", "NW-2", "NW-3"]),
    ("ownership=owned", ["NW-1", "NW-2"]),
    ("keyword=finance", ["NW-1"]),
    ("keyword=fin", []),
    ("warranty=30", ["NW-1"]),
    ("warranty=10", []),
    ("end_of_life=0", ["NW-2"]),
    ("end_of_life=90", ["NW-2", "NW-3"]),
    ("gap=any", ["NW-2", "NW-3"]),
    ("gap=ownership", ["NW-3"]),
    ("gap=security", ["NW-2", "NW-3"]),
    ("kind=hardware&status=deployed&q=laptop", ["NW-1"]),
    ("order=name", ["NW-4", "NW-1", "NW-2", "NW-3"]),
    ("order=tag&direction=down", ["NW-4", "NW-3", "NW-2", "NW-1"]),
    ("order=end_of_life", ["NW-2", "NW-3", "NW-1", "NW-4"]),
]


def test_each_filter_finds_its_assets_on_the_page_and_in_the_file(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, fleet: None
) -> None:
    for asked, expected in FILTERS:
        assert tags(keeper, home, asked) == expected, asked
    with inside(app, cast) as w:
        rows = {each.tag: each for each in w.all(select(Asset))}
        by_site, by_custodian = rows["NW-1"].site_id, rows["NW-1"].custodian_id
    assert tags(keeper, home, f"site={by_site}") == ["NW-1", "NW-4"]
    assert tags(keeper, home, f"custodian={by_custodian}") == ["NW-1"]


def test_the_workbook_holds_what_is_filtered(keeper: FlaskClient, home: str, fleet: None) -> None:
    answer = keeper.get(f"{home}/export/xlsx?q=laptop&order=tag&direction=down")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)  # type: ignore[union-attr]
    assert [row[0] for row in rows] == ["Tag", "NW-2", "NW-1"]
    assert keeper.get(f"{home}/export/pdf").status_code == 404


def test_pages_follow_one_another_and_keep_the_filter_in_a_fixed_number_of_queries(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    def asked(path: str) -> tuple[int, str]:
        heard: list[str] = []
        with app.app_context():
            engine = db.engine

        def hear(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            heard.append(statement)

        event.listen(engine, "before_cursor_execute", hear)
        try:
            page = text(keeper.get(path))
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        return len(heard), page

    with inside(app, cast) as w:
        equip(w, "A-000")
    few, _ = asked(f"{home}?kind=hardware")
    with inside(app, cast) as w:
        for number in range(1, 121):
            equip(w, f"A-{number:03d}")
    many, first = asked(f"{home}?kind=hardware")
    assert many == few + 1, "one more counts what lies behind the first page, whatever there is"
    assert "121 assets as asked" in first
    assert "A-049" in first
    assert "A-050" not in first
    assert "kind=hardware&page=2" in first
    again_many, second = asked(f"{home}?kind=hardware&page=2")
    assert again_many == many
    assert ">A-050</a>" in second
    assert ">A-099</a>" in second
    _, last = asked(f"{home}?kind=hardware&page=99")
    assert ">A-120</a>" in last
    _, searched = asked(f"{home}?q=laptop")
    assert "More than 50 assets as asked" in searched


def test_an_asset_is_recorded_with_its_owner_and_its_cost(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        employ(w)
        munich = site(w).id
    said = {
        "tag": "  NW-9 ",
        "name": "Server",
        "kind": "hardware",
        "status": "deployed",
        "criticality": "critical",
        "site": str(munich),
        "custodian": "anna berg",
        "in_scope": "y",
        "cost": "1250.50",
        "currency": "eur",
        "purchased_on": "2024-03-01",
        "is_ours": "y",
        "keywords": "Rack, DMZ",
    }
    answer = post(keeper, f"{home}/new", said)
    assert answer.status_code == 303
    page = text(keeper.get(answer.location))
    for says in (
        "NW-9",
        "EUR 1,250.50",
        "Anna Berg",
        "Munich",
        "Critical",
        "Owned",
        "1 Mar 2024",
        "Nobody for security",
    ):
        assert says in page
    with inside(app, cast) as w:
        row = w.all(select(Asset))[0]
        assert (row.tag, row.cost_minor, row.currency, row.keywords) == ("NW-9", 125050, "EUR", " dmz rack ")
        assert row.found_by == "nw-9 server dmz rack"
        assert w.all(select(AssetOwnership))[0].starts_on == date(2024, 3, 1)
        entry = w.session.scalars(select(JournalEntry).where(JournalEntry.noun == "asset")).one()
        assert "NW-9" in entry.changes


@pytest.mark.parametrize(
    ("cost", "currency", "kept"),
    [
        ("21474836.48", "EUR", 2_147_483_648),
        ("10000000000000", "EUR", 10**15),
        ("1000000000000000", "JPY", 10**15),
        ("10000000000000.01", "EUR", None),
        ("1000000000000.001", "KWD", None),
    ],
)
def test_an_amount_is_kept_up_to_its_bound(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, cost: str, currency: str, kept: int | None
) -> None:
    right = {"tag": "NW-9", "name": "Plant", "kind": "hardware", "status": "deployed", "criticality": "low"}
    answer = post(keeper, f"{home}/new", {**right, "in_scope": "y", "cost": cost, "currency": currency})
    if kept is None:
        assert answer.status_code == 422
        assert "It is too large." in text(answer)
        return
    assert answer.status_code == 303
    assert f"{currency} {Decimal(cost):,}" in text(keeper.get(answer.location))
    with inside(app, cast) as w:
        assert w.all(select(Asset.cost_minor)) == [kept]


WRONG: list[tuple[dict[str, str], str]] = [
    ({"tag": ""}, "An asset has a tag"),
    ({"tag": "NW-1"}, "NW-1 is the tag of another asset: Laptop of finance."),
    ({"name": " "}, "An asset has a name."),
    ({"in_scope": ""}, "Say why the ITAM system does not cover it."),
    ({"cost": "12.505", "currency": "EUR"}, "EUR has 2 decimals"),
    ({"cost": "1,5", "currency": "EUR"}, "no amount of money"),
    ({"cost": "-5", "currency": "EUR"}, "A cost is not below nothing."),
    ({"cost": "5", "currency": ""}, "Give the currency"),
    ({"custodian": "Zoë"}, "No employee has the number or the name “Zoë”"),
    ({"custodian": "P-2"}, "left on"),
    ({"purchased_on": "2024-02-30"}, "There is no such day"),
    ({"purchased_on": "2024-02-01", "warranty_ends_on": "2024-01-01"}, "The warranty would end before the purchase"),
    ({"sockets": "4", "cores": "2"}, "4 sockets have at least 4 cores."),
    ({"sockets": "1.5"}, "no whole number"),
    ({"kind": "spaceship"}, "Not a valid choice"),
    ({"status": "disposed"}, "Not a valid choice"),
    ({"site": "99999"}, "Choose a site from the list."),
    ({"site": "x"}, "Choose a site from the list."),
]


def test_what_an_asset_cannot_be_is_said_at_its_field(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, fleet: None
) -> None:
    with inside(app, cast) as w:
        employ(w, "P-2", "Bo Holm", left_on=TODAY)
    right = {"tag": "NW-9", "name": "Server", "kind": "hardware", "status": "deployed", "criticality": "low"}
    for change, says in WRONG:
        answer = post(keeper, f"{home}/new", {**right, "in_scope": "y", **change})
        assert answer.status_code == 422, change
        assert says in text(answer), change
    with inside(app, cast) as w:
        assert len(w.all(select(Asset))) == 4


def test_all_that_is_wrong_with_an_asset_is_said_at_once(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, fleet: None
) -> None:
    """Shape and meaning together: what cannot be read, and what the rules refuse of the rest."""
    wrong = {"tag": "NW-1", "name": " ", "kind": "spaceship", "status": "deployed", "criticality": "low",
             "custodian": "Zoë", "site": "99999", "cost": "5", "purchased_on": "2024-02-30",
             "warranty_ends_on": "2024-01-01", "sockets": "4", "cores": "2", "threads": "1.5"}  # fmt: skip
    says = ("NW-1 is the tag of another asset", "Not a valid choice", "No employee has the number or the name “Zoë”",
            "Choose a site from the list.", "Give the currency", "There is no such day", "no whole number",
            "4 sockets have at least 4 cores.", "Say why the ITAM system does not cover it.")  # fmt: skip
    answer = post(keeper, f"{home}/new", wrong)
    assert answer.status_code == 422
    page = text(answer)
    assert [each for each in says if each not in page] == []
    assert page.count("An asset has a name.") == 2  # in the summary and at the field
    right = wrong | {"kind": "hardware", "purchased_on": "2024-02-01", "threads": "", "name": "Server"}
    page = text(post(keeper, f"{home}/new", right))
    more = (*says[2:5], "The warranty would end before the purchase", *says[7:])
    assert [each for each in more if each not in page] == []
    with inside(app, cast) as w:
        laptop = next(each for each in w.all(select(Asset)) if each.tag == "NW-2")
    page = text(post(keeper, f"{home}/{laptop.id}/edit", wrong))
    assert [each for each in says if each not in page] == []
    with inside(app, cast) as w:
        assert len(w.all(select(Asset))) == 4


def test_what_is_told_at_length_in_a_wide_script_is_kept_and_found(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    def at_length(first: int, count: int) -> str:
        return "".join(chr(first + number) for number in range(count))

    with inside(app, cast) as w:
        wide = {"serial": at_length(0x20100, 120), "maker": at_length(0x20200, 120), "model": at_length(0x20300, 120)}
        equip(w, at_length(0x20400, 40), at_length(0x20500, 200), **wide)
    assert len(tags(keeper, home, f"q={chr(0x20510)}")) == 1


def test_the_second_of_two_is_shown_both_versions_and_nothing_is_lost(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        asset_id = equip(w).id
    said = {"version": "1", "tag": "NW-0001", "kind": "hardware", "criticality": "low", "in_scope": "y"}
    assert post(keeper, f"{home}/{asset_id}/edit", {**said, "name": "The first"}).status_code == 303
    answer = post(keeper, f"{home}/{asset_id}/edit", {**said, "name": "The second"})
    assert answer.status_code == 422
    assert "was changed by somebody else" in text(answer)
    assert "The first" in text(answer)
    assert 'value="The second"' in text(answer)
    with inside(app, cast) as w:
        assert again(w, asset_id).name == "The first"
    assert post(keeper, f"{home}/{asset_id}/edit", {**said, "version": "2", "name": "The second"}).status_code == 303


def test_an_asset_goes_its_way_and_the_journal_has_the_reason(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        asset_id = equip(w).id
    step = f"{home}/{asset_id}/step"
    refused = post(keeper, step, {"status": "disposed", "reason": "Shredded."})
    assert refused.status_code == 422
    assert "An asset that is deployed cannot become disposed." in text(refused)
    assert post(keeper, step, {"status": "nonsense"}).status_code == 422
    assert post(keeper, step, {"status": "retired", "reason": "Too slow."}).status_code == 303
    refused = post(keeper, step, {"status": "disposed", "reason": "Shredded."})
    assert "Nobody answers for its disposal." in text(refused)
    with inside(app, cast) as w:
        answer_for(w, asset_id, Duty.DISPOSAL)
    refused = post(keeper, step, {"status": "disposed"})
    assert "what became of it, and of the data on it" in text(refused)
    assert post(keeper, step, {"status": "disposed", "reason": "Disk shredded, 17."}).status_code == 303
    assert "Change status" not in text(keeper.get(f"{home}/{asset_id}"))
    with inside(app, cast) as w:
        entries = w.all(select(JournalEntry.reason).where(JournalEntry.noun == "asset").order_by(JournalEntry.number))
        assert entries == ["", "Too slow.", "Disk shredded, 17."]


def test_what_others_point_at_is_not_removed_and_the_refusal_names_them(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        asset_id = equip(w).id
        check = w.add(InventoryCheck(reference="IC-2026-07", started_by_id=cast.asset_manager.id, started_at=w.now))
        line = w.add(InventoryLine(check_id=check.id, tag="NW-0001", asset_id=asset_id, is_expected=True))
        line_id = line.id
    assert "IC-2026-07" in text(keeper.get(f"{home}/{asset_id}"))
    answer = post(keeper, f"{home}/{asset_id}/remove", {"reason": "By mistake."})
    assert answer.status_code == 422
    assert "Inventory check: IC-2026-07" in text(answer)
    with inside(app, cast) as w:
        w.session.delete(w.all(select(InventoryLine).where(InventoryLine.id == line_id))[0])
        answer_for(w, asset_id)
    assert post(keeper, f"{home}/{asset_id}/remove", {"reason": ""}).status_code == 422
    assert post(keeper, f"{home}/{asset_id}/remove", {"reason": "By mistake."}).status_code == 303
    assert keeper.get(f"{home}/{asset_id}").status_code == 404
    with inside(app, cast) as w:
        assert w.all(select(AssetOwnership)) == []


def test_a_change_of_ownership_keeps_what_was(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        asset_id = equip(w, purchased_on=LONG_AGO).id
        employ(w)
    url = f"{home}/{asset_id}/ownership"
    refused = post(keeper, url, {"kind": "leased", "starts_on": "2026-01-01", "party": "Nordlease"})
    assert refused.status_code == 422
    assert "Name the lease" in text(refused)
    leased = {"kind": "leased", "starts_on": "2026-01-01", "party": "Nordlease", "contract": "L-1", "region": "stray"}
    assert post(keeper, url, leased).status_code == 303
    refused = post(keeper, url, {**leased, "starts_on": "2025-12-31"})
    assert "A change of ownership begins after that." in text(refused)
    with inside(app, cast) as w:
        kept = w.all(select(AssetOwnership).order_by(AssetOwnership.starts_on))
        assert [(each.kind, each.ends_on) for each in kept] == [
            (OwnershipKind.OWNED, date(2025, 12, 31)),
            (OwnershipKind.LEASED, None),
        ]
        assert kept[1].region == "", "what the kind does not say is left empty"
    assert "Nordlease" in text(keeper.get(f"{home}/{asset_id}"))
    assert post(keeper, f"{url}/take-back", {"reason": "Wrong device."}).status_code == 303
    with inside(app, cast) as w:
        assert [(each.kind, each.ends_on) for each in w.all(select(AssetOwnership))] == [(OwnershipKind.OWNED, None)]


def test_the_only_ownership_is_replaced_by_what_begins_on_its_day(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        asset_id = equip(w, purchased_on=LONG_AGO).id
    url = f"{home}/{asset_id}/ownership"
    leased = {"kind": "leased", "starts_on": LONG_AGO.isoformat(), "party": "Nordlease", "contract": "L-1"}
    assert post(keeper, url, leased).status_code == 303
    with inside(app, cast) as w:
        kept = w.all(select(AssetOwnership))
        assert [(each.kind, each.party, each.ends_on) for each in kept] == [(OwnershipKind.LEASED, "Nordlease", None)]
    assert post(keeper, url, {**leased, "starts_on": "2026-01-01", "party": "Südlease"}).status_code == 303
    refused = post(keeper, url, {**leased, "starts_on": "2026-01-01"})
    assert refused.status_code == 422
    assert "take back the latest on the page of the asset" in text(refused)


def test_duties_are_held_by_an_employee_or_a_party_and_two_who_change_them_meet(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        asset_id = equip(w).id
        employ(w)
    url = f"{home}/{asset_id}/duties"
    seen = text(keeper.get(url)).partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    both = post(keeper, url, {"security_employee": "P-1", "security_party": "IT", "seen": seen})
    assert both.status_code == 422
    assert "One answers for security" in text(both)
    said = {"security_employee": "P-1", "patching_party": "Hosting Ltd", "seen": seen}
    assert post(keeper, url, said).status_code == 303
    page = text(keeper.get(f"{home}/{asset_id}"))
    assert "Anna Berg" in page
    assert "Hosting Ltd" in page
    assert page.count("Nobody for") >= 2
    late = post(keeper, url, {"security_party": "Others", "seen": seen})
    assert late.status_code == 422
    assert "Hosting Ltd" in text(late)
    now = text(late).partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    assert post(keeper, url, {"security_party": "Others", "seen": now}).status_code == 303
    with inside(app, cast) as w:
        assert [(each.duty, each.party) for each in again(w, asset_id).duties] == [(Duty.SECURITY, "Others")]


def test_nobody_needs_to_patch_a_document(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        equip(w, "DOC-1", kind=AssetKind.DOCUMENT)
        equip(w, "NW-1")
    assert {row["Tag"] for row in exported(keeper, f"{home}/gaps/export/csv?gap=patching")} == {"NW-1"}
    gaps = {row["Gap"] for row in exported(keeper, f"{home}/gaps/export/csv") if row["Tag"] == "DOC-1"}
    assert gaps == {"Nobody for security", "Nobody for licensing", "Nobody for disposal"}


def test_gaps_are_listed_with_their_reasons_and_exported_one_a_line(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        bo = employ(w, "P-2", "Bo Holm")
        whole = equip(w, "NW-1")
        answer_for(w, whole.id)
        own = equip(w, "NW-2", "Telephone", is_ours=False, custodian="P-2")
        answer_for(w, own.id)
        w.add(AssetOwnership(asset_id=own.id, kind=OwnershipKind.OWN_DEVICE, starts_on=LONG_AGO, employee_id=bo.id))
        equip(w, "NW-3", is_ours=False)
        gone = equip(w, "NW-4", is_ours=False)
        gone.status = AssetStatus.LOST
        bo.left_on = TODAY
    page = text(keeper.get(f"{home}/gaps"))
    assert ">NW-2</a>" in page
    assert ">NW-3</a>" in page
    assert ">NW-1</a>" not in page
    assert ">NW-4</a>" not in page
    assert "no signed agreement is on record" in page
    lines = exported(keeper, f"{home}/gaps/export/csv")
    assert {(row["Tag"], row["Gap"]) for row in lines} == {
        ("NW-2", "No agreement on an own device"),
        ("NW-2", "Custodian has left"),
        ("NW-3", "No ownership"),
        ("NW-3", "Nobody for security"),
        ("NW-3", "Nobody for patching"),
        ("NW-3", "Nobody for licensing"),
        ("NW-3", "Nobody for disposal"),
    }
    assert [row["Tag"] for row in exported(keeper, f"{home}/gaps/export/csv?gap=custodian-left")] == ["NW-2"] * 2
    with inside(app, cast) as w:
        bare = w.all(select(Asset.id).where(Asset.tag == "NW-3"))[0]
        owned = OwnershipDetails(kind=OwnershipKind.OWNED, starts_on=TODAY)
        ownerships.change_ownership(w, again(w, bare), owned)
    assert exported(keeper, f"{home}/gaps/export/csv?gap=ownership") == []


def test_labels_lead_to_the_page_of_the_asset(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, fleet: None
) -> None:
    page = text(keeper.get(f"{home}/labels?kind=hardware"))
    assert page.count("QR code of") == 3
    with inside(app, cast) as w:
        some = w.all(select(Asset.id).where(Asset.tag.in_(["NW-1", "NW-3"])))
    ticked = text(keeper.get(f"{home}/labels?asset={some[0]}&asset={some[1]}&kind=document"))
    assert ticked.count("QR code of") == 2, "what is ticked is printed, whatever the filter"
    assert "No label" in text(keeper.get(f"{home}/labels?asset=999999"))


def test_another_organisation_s_ids_do_nothing(app: Flask, cast: Cast, client: FlaskClient, home: str) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        theirs = equip(w, "TH-1", "Their server", serial="THEIRS")
        their_site, their_one = site(w, "Leeds", "GB", None), employ(w, "T-1", "Their Person")
        ids = theirs.id, their_site.id, their_one.id
    with inside(app, cast) as w:
        ours = equip(w).id
    keeper = sign_in(client, cast.asset_manager)
    for path in ("", "/edit", "/step", "/remove", "/ownership", "/duties", "/photograph", "/photograph/change"):
        assert keeper.get(f"{home}/{ids[0]}{path}").status_code == 404, path
    said = {"version": "1", "tag": "NW-0001", "name": "Ours", "kind": "hardware", "criticality": "low", "in_scope": "y"}
    for stray in ({"site": str(ids[1])}, {"custodian": "T-1"}, {"custodian": "Their Person"}):
        assert post(keeper, f"{home}/{ours}/edit", {**said, **stray}).status_code == 422
    assert "TH-1" not in text(keeper.get(f"{home}?q=server"))
    assert "TH-1" not in text(keeper.get(f"{home}/labels?asset={ids[0]}"))
    assert post(keeper, f"{home}/{ours}/duties", {"security_employee": "T-1"}).status_code == 422
    # Their tags are free here.
    assert post(keeper, f"{home}/new", {**said, "tag": "TH-1", "status": "deployed"}).status_code == 303


def test_the_search_of_every_page_finds_assets(
    app: Flask, cast: Cast, client: FlaskClient, home: str, fleet: None
) -> None:
    search = f"/o/{cast.organisation.slug}/search?q=sn-77"
    sign_in(client, cast.auditor)
    assert ">NW-1</a>" in text(client.get(search))
    sign_in(client, cast.staff)
    assert client.get(search).status_code == 403


def test_the_journal_of_an_asset_has_its_ownerships_and_duties_too(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str
) -> None:
    with inside(app, cast) as w:
        first, second = equip(w, "NW-1"), equip(w, "NW-2", "Another")
        answer_for(w, first.id, Duty.SECURITY)
        assert second.id
    page = text(keeper.get(f"/o/{cast.organisation.slug}/journal/?reference=NW-1"))
    assert "asset NW-1" in page
    assert "duty “security” of NW-1" in page
    assert "ownership “owned” of NW-1" in page
    assert "NW-2" not in page
