"""Comparisons on screen: a ledger is compared, its differences are decided, and the next run shows them as settled."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import event, select

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import Authorisation
from app.domain.itam.ownership import OwnershipKind
from app.domain.itam.reconciliation import Finding, Settlement, SinceLast
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.extensions import db
from app.models.asset import Asset, AssetOwnership
from app.models.attachment import Attachment
from app.models.employee import Employee
from app.models.import_batch import ColumnMapping
from app.models.journal import JournalEntry
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.organisation import Site
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.models.software import Installation, Product, Publisher
from app.work import Work, work
from tests.cast import Cast, post, sign_in

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEAD = "Asset no,Serial,Description,Status,Acquisition cost,Cur,Location"
LEDGER = f"""{HEAD}
LT-1,S1,Dell Latitude 7440,active,1200.00,EUR,Munich
LT-2,S2,Dell Latitude 7440,active,1300.00,EUR,Berlin
,,Cisco Catalyst C9300 48 ports,active,4000.00,EUR,Munich
LS-1,,Leased printer,active,10.00,EUR,Munich
F-77,,"Desk, oak",active,800.00,EUR,Munich
"""
COLUMNS = {
    "column-tag": "Asset no",
    "column-serial": "Serial",
    "column-name": "Description",
    "column-status": "Status",
    "column-cost": "Acquisition cost",
    "column-currency": "Cur",
    "column-site": "Location",
}
READING = {
    "currency": "EUR",
    "tolerance": "0",
    "least_cost": "500",
    "threshold": "85",
    "status_words": "",
    "decimal_sign": "",
    "day_order": "",
}


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/reconciliations"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Work]:
    with app.app_context(), work(cast.organisation.id, cast.asset_manager.id) as w:
        yield w


def asset(w: Work, tag: str, owner: OwnershipKind = OwnershipKind.OWNED, **more: Any) -> Asset:
    values = {"name": "Latitude 7440", "maker": "Dell", "kind": AssetKind.HARDWARE, "status": AssetStatus.DEPLOYED}
    row = w.add(Asset(tag=tag, created_at=w.now, **{**values, **more}))
    w.add(AssetOwnership(asset_id=row.id, kind=owner, starts_on=date(2026, 1, 1)))
    return row


@pytest.fixture
def register(app: Flask, cast: Cast) -> None:
    """Six assets: two laptops, a switch, a leased printer, one that the ledger misses, and a cheap one."""
    with inside(app, cast) as w:
        zone = {"country": "DE", "time_zone": "Europe/Berlin"}
        munich, _berlin = w.add(Site(name="Munich", **zone)), w.add(Site(name="Berlin", **zone))
        at = {"site_id": munich.id, "currency": "EUR"}
        asset(w, "LT-1", serial="S1", cost_minor=120_000, **at)
        asset(w, "LT-2", serial="S2", cost_minor=120_000, **at)
        asset(w, "SW-1", name="Catalyst switch C9300 48 ports", maker="Cisco", cost_minor=400_000, **at)
        asset(w, "LS-1", OwnershipKind.LEASED, name="Printer", cost_minor=1_000, **at)
        asset(w, "LT-9", serial="S9", cost_minor=120_000, **at)
        asset(w, "KB-1", name="Keyboard", cost_minor=2_000, **at)


def text(answer: Any) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def send(client: FlaskClient, url: str, content: bytes | str = LEDGER, name: str = "ledger.csv", **said: Any) -> Any:
    """The first step."""
    data = content.encode() if isinstance(content, str) else content
    form = {"kind": "ledger", "source": "SAP fixed assets", **said, "file": (io.BytesIO(data), name)}
    return post(client, f"{url}/new", form, content_type="multipart/form-data")


def compare(client: FlaskClient, url: str, content: bytes | str = LEDGER, name: str = "ledger.csv", **more: Any) -> Any:
    """Both steps; gives the answer to the second."""
    sent = send(client, url, content, name, **more.pop("said", {}))
    assert sent.status_code == 303, text(sent)
    return post(client, sent.location, {**COLUMNS, **READING, **more})


def lines(app: Flask, cast: Cast, reference: str = "RC-2026-01") -> dict[str, ReconciliationLine]:
    with inside(app, cast) as w:
        rows = w.all(
            select(ReconciliationLine)
            .join(Reconciliation, ReconciliationLine.run_id == Reconciliation.id)
            .where(Reconciliation.reference == reference)
        )
        return {row.key: row for row in rows}


@pytest.mark.usefixtures("register")
def test_a_ledger_is_compared_decided_and_the_next_run_shows_it_settled(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    assert "Nothing was compared yet" in text(manager.get(url))
    step = send(manager, url)
    assert '<option value="Asset no" selected>' in text(manager.get(step.location))
    answer = compare(manager, url)
    assert (answer.status_code, answer.location) == (303, f"{url}/RC-2026-01")
    found = lines(app, cast)
    assert {key: (row.finding, row.row) for key, row in found.items()} == {
        "tag:lt-1": (Finding.MATCHED, 2),
        "tag:lt-2": (Finding.DIFFERENT, 3),
        "tag:sw-1": (Finding.MATCHED, 4),
        "tag:ls-1": (Finding.DIFFERENT, 5),
        "tag:f-77": (Finding.ONLY_THERE, 6),
        "tag:lt-9": (Finding.ONLY_HERE, None),
    }
    assert [each[0] for each in found["tag:lt-2"].differences] == ["cost", "site"]
    page = text(manager.get(f"{url}/RC-2026-01"))
    for words in (
        "2 agree. 4 differences wait for a decision.",
        "EUR 1,200.00 here, EUR 1,300.00 there",
        "It is not our own (leased), and SAP fixed assets has it all the same.",
        "from 85 % on",
        "1: It cost less than EUR 500.00.",
        "ledger.csv",
    ):
        assert words in page.replace('<span class="far">', "").replace("</span>", ""), words
    # Only what differs in a field; only what one finding says.
    assert "LS-1" not in text(manager.get(f"{url}/RC-2026-01?field=cost"))
    assert "F-77" in text(manager.get(f"{url}/RC-2026-01?finding=only-there&q=oak"))

    # Theirs is right: what would change is shown, then it is done by what records assets.
    two = found["tag:lt-2"].id
    shown = text(manager.get(f"{url}/RC-2026-01/decide?line={two}"))
    assert "EUR 1,200.00 → EUR 1,300.00" in shown
    assert "Munich → Berlin" in shown
    right = {"settlement": "theirs-is-right", "reason": "The invoice says so.", "correct": "y"}
    assert post(manager, f"{url}/RC-2026-01/decide?line={two}", right).status_code == 303
    with inside(app, cast) as w:
        row = w.all(select(Asset).where(Asset.tag == "LT-2"))[0]
        site = w.all(select(Site).where(Site.id == row.site_id))[0]
        assert (row.cost_minor, site.name) == (130_000, "Berlin")
        changed = w.all(select(JournalEntry).where(JournalEntry.noun == "asset", JournalEntry.action == "changed"))
        assert "The invoice says so." in {entry.reason for entry in changed}

    # The rest in one act; then the run is closed, and not before.
    assert "3 differences wait" in text(post(manager, f"{url}/RC-2026-01/close"))
    kept = {"settlement": "ours-is-right", "reason": "Told to finance."}
    assert post(manager, f"{url}/RC-2026-01/decide?all=yes&decision=undecided", kept).status_code == 303
    assert post(manager, f"{url}/RC-2026-01/close").status_code == 303
    refused = post(manager, f"{url}/RC-2026-01/decide?line={two}", kept)
    assert refused.status_code == 422
    assert "RC-2026-01 is closed" in text(refused)

    # Next month, the same file in another order: nothing is open that was decided.
    head, *rows = LEDGER.strip().split("\n")
    assert compare(manager, url, "\n".join([head, *reversed(rows)])).status_code == 303
    again = lines(app, cast, "RC-2026-02")
    assert {key: (row.since, row.settlement) for key, row in again.items()} == {
        "tag:lt-1": (SinceLast.SAME, None),
        "tag:lt-2": (SinceLast.RESOLVED, None),
        "tag:sw-1": (SinceLast.SAME, None),
        "tag:ls-1": (SinceLast.SETTLED, Settlement.OURS_IS_RIGHT),
        "tag:f-77": (SinceLast.SETTLED, Settlement.OURS_IS_RIGHT),
        "tag:lt-9": (SinceLast.SETTLED, Settlement.OURS_IS_RIGHT),
    }
    page = text(manager.get(f"{url}/RC-2026-02"))
    assert "Everything is decided; the run can be closed." in page
    assert "settled in" in page
    assert "Told to finance." in page
    # A value that changes opens it again; what is in neither register any longer is gone.
    changed_file = LEDGER.replace('F-77,,"Desk, oak",active,800.00', 'F-77,,"Desk, oak",active,900.00')
    with inside(app, cast) as w:
        w.all(select(Asset).where(Asset.tag == "LT-9"))[0].status = AssetStatus.LOST
    assert compare(manager, url, changed_file).status_code == 303
    third = lines(app, cast, "RC-2026-03")
    assert (third["tag:f-77"].since, third["tag:f-77"].settlement) == (SinceLast.REOPENED, None)
    assert "LT-9" in text(manager.get(f"{url}/RC-2026-03/gone"))
    assert "3 runs" in text(manager.get(url))
    with inside(app, cast) as w:
        assert len(w.all(select(Attachment).where(Attachment.reconciliation_id.is_not(None)))) == 3
        mapping = w.all(select(ColumnMapping))
        assert [(each.purpose, each.columns["tag"]) for each in mapping] == [("reconciliation-ledger", "Asset no")]
        noun = JournalEntry.noun == "reconciliation_line"
        created = w.all(select(JournalEntry).where(noun, JournalEntry.action == "created"))
        assert len(created) == len(found) + len(again) + len(third)


@pytest.mark.usefixtures("register")
def test_a_correction_that_cannot_be_leaves_everything_as_it_was(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    ledger = f"{HEAD}\nLT-1,S1,Laptop,scrapped,1250.00,EUR,Munich\nLT-2,S2,Laptop,active,1300.00,EUR,Atlantis\n"
    compare(manager, url, ledger)
    found = lines(app, cast)
    ticked = f"{url}/RC-2026-01/decide?line={found['tag:lt-1'].id}&line={found['tag:lt-2'].id}"
    page = text(manager.get(ticked))
    assert "We have no open site called Atlantis." in page
    assert "Deployed is not followed by disposed" in page
    answer = post(manager, ticked, {"settlement": "theirs-is-right", "reason": "So it is.", "correct": "y"})
    assert answer.status_code == 422
    assert "LT-2: We have no open site called Atlantis." in text(answer)
    odd = post(manager, ticked, {"settlement": "ours-is-right", "reason": "No.", "correct": "y"})
    assert "only where theirs is right" in text(odd)
    with inside(app, cast) as w:
        assert {row.cost_minor for row in w.all(select(Asset).where(Asset.tag.in_(["LT-1", "LT-2"])))} == {120_000}
        assert not w.all(select(ReconciliationLine).where(ReconciliationLine.settlement.is_not(None)))
    # Without the correction, the decision alone stands.
    assert post(manager, ticked, {"settlement": "theirs-is-right", "reason": "So it is."}).status_code == 303


@pytest.mark.usefixtures("register")
def test_what_is_only_there_is_recorded_with_one_click(manager: FlaskClient, url: str) -> None:
    compare(manager, url)
    page = unescape(manager.get(f"{url}/RC-2026-01?finding=only-there").get_data(as_text=True))
    address = page[: page.index('">Record it here')].rpartition('href="')[2]
    form = text(manager.get(address))
    for value in ("F-77", "Desk, oak", "800.00", "EUR"):
        assert f'value="{value}"' in form, value
    assert re.search(r"<option selected[^>]*>Munich</option>", form)


@pytest.mark.usefixtures("register")
def test_the_file_that_was_compared_is_fetched_and_stays(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    compare(manager, url)
    with inside(app, cast) as w:
        file = w.all(select(Attachment).where(Attachment.reconciliation_id.is_not(None)))[0].id
    there = f"/o/{cast.organisation.slug}/attachments/{file}"
    assert manager.get(there).get_data(as_text=True) == LEDGER
    refused = post(manager, f"{there}/remove")
    assert refused.status_code == 422
    assert "is the file that was compared" in text(refused)
    assert manager.get(there).status_code == 200


@pytest.mark.usefixtures("register")
def test_the_lines_come_as_files(manager: FlaskClient, url: str) -> None:
    compare(manager, url)
    sent = manager.get(f"{url}/RC-2026-01/export/csv?finding=different")
    rows = list(csv.DictReader(io.StringIO(sent.get_data().decode("utf-8-sig"))))
    assert [row["Tag here"] for row in rows] == ["LS-1", "LT-2"]
    assert rows[1]["Differences"].startswith("Cost: EUR 1,200.00 here, EUR 1,300.00 there")
    book = load_workbook(io.BytesIO(manager.get(f"{url}/RC-2026-01/export/xlsx").get_data()))
    assert book.active is not None
    assert book.active.max_row == 7


FAULTY = [
    ("", "ledger.csv", "is empty"),
    ("Tag,Tag\n1,2\n", "ledger.csv", "Two columns are named"),
    ("Tag\n", "ledger.csv", "no line below"),
    (b"PK\x03\x04nothing", "ledger.xlsx", "damaged"),
    (b"\xff\xfe\x00\xd8", "ledger.csv", "no text"),
]


@pytest.mark.parametrize(("content", "name", "says"), FAULTY)
def test_a_file_that_is_none_is_refused_at_once(
    manager: FlaskClient, url: str, content: bytes | str, name: str, says: str
) -> None:
    answer = send(manager, url, content, name)
    assert answer.status_code == 422
    assert says in text(answer)


def test_every_faulty_line_is_named_and_nothing_is_kept(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    rows = "\n".join(f"T-{n},,Thing,active,many,EUR,Munich" for n in range(150))
    step = send(manager, url, f"{HEAD}\n{rows}\n,,,active,1.00,EUR,\n").location
    answer = post(manager, step, {**COLUMNS, **READING})
    assert answer.status_code == 422
    page = text(answer)
    assert "151 lines cannot be read" in page
    assert "Line 2, Cost: “many” is no amount of money." in page
    assert "Line 102," not in page
    wrong = post(manager, f"{step}/faults", {**COLUMNS, **READING}).get_data().decode("utf-8-sig")
    assert len(wrong.strip().splitlines()) == 152
    assert "Nothing in it says what it is" in wrong
    with inside(app, cast) as w:
        assert not w.all(select(Reconciliation))


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"column-tag": "", "column-serial": "", "column-name": ""}, "No column says what a row is"),
    ({"column-tag": "Serial"}, "is chosen for both"),
    ({"column-tag": "Nowhere"}, "there is no column “Nowhere”"),
    ({"threshold": "12"}, "from 60 to 100 percent"),
    ({"threshold": "x"}, "no whole number"),
    ({"tolerance": "-1"}, "not less than nothing"),
    ({"tolerance": "much"}, "is no amount"),
    ({"currency": "E1R"}, "three letters"),
    ({"currency": "", "least_cost": "5"}, "Give the currency of the least cost"),
    ({"status_words": "Aktiv: deployed"}, "which status a word means"),
    ({"decimal_sign": "dash"}, "Not a valid choice"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("typed", "says"), REFUSED)
def test_what_cannot_be_meant_is_refused(manager: FlaskClient, url: str, typed: dict[str, str], says: str) -> None:
    answer = compare(manager, url, **typed)
    assert answer.status_code == 422
    assert says in text(answer)


def test_the_first_step_needs_a_name_and_a_file(manager: FlaskClient, url: str) -> None:
    answer = post(manager, f"{url}/new", {"kind": "ledger", "source": " "})
    assert answer.status_code == 422
    assert "Give the name of the other register" in text(answer)
    answer = post(manager, f"{url}/new", {"kind": "ledger", "source": "SAP"})
    assert "Choose a file." in text(answer)


@pytest.mark.usefixtures("register")
def test_a_stranger_sees_and_decides_nothing(app: Flask, cast: Cast, client: FlaskClient, url: str) -> None:
    manager = sign_in(app.test_client(), cast.asset_manager)
    step = send(manager, url).location
    compare(manager, url)
    line = next(iter(lines(app, cast).values())).id
    stranger = sign_in(client, cast.stranger)
    there = f"/o/{cast.elsewhere.slug}/reconciliations"
    for address in (f"{url}/RC-2026-01", f"{there}/RC-2026-01", f"{there}/RC-2026-01/export/csv"):
        assert stranger.get(address).status_code == 404
    # The file that waits for somebody else is no file here.
    assert stranger.get(step.replace(cast.organisation.slug, cast.elsewhere.slug)).status_code == 404
    # A run of one's own, and a line of somebody else's.
    own = compare(stranger, there, f"{HEAD}\nX,,,,,,\n")
    assert own.status_code == 303
    decided = post(
        stranger, f"{there}/RC-2026-01/decide?line={line}", {"settlement": "ours-is-right", "reason": "Mine."}
    )
    assert decided.status_code == 422
    assert lines(app, cast)["tag:lt-2"].settlement is None
    auditor = sign_in(app.test_client(), cast.auditor)
    assert auditor.get(f"{url}/RC-2026-01").status_code == 200
    assert auditor.get(f"{url}/RC-2026-01/decide").status_code == 403


def test_a_leaver_who_still_holds_things_is_found(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        anna = w.add(Employee(number="17", name="Anna Berg", created_at=w.now))
        w.add(Employee(number="18", name="Bo Lind", left_on=date(2026, 5, 1), created_at=w.now))
        asset(w, "LT-1", custodian_id=anna.id)
        phone = asset(w, "PH-1", OwnershipKind.OWN_DEVICE)
        w.all(select(AssetOwnership).where(AssetOwnership.asset_id == phone.id))[0].employee_id = anna.id
    sheet = Workbook()
    assert sheet.active is not None
    sheet.active.append(["Personnel number", "Name", "Last day"])
    sheet.active.append([17, "Anna Berg", datetime(2026, 4, 30)])  # noqa: DTZ001 - a day of a sheet
    held = io.BytesIO()
    sheet.save(held)
    step = send(manager, url, held.getvalue(), "leavers.xlsx", kind="leavers", source="HR").location
    answer = post(
        manager,
        step,
        {
            "column-number": "Personnel number",
            "column-name": "Name",
            "column-left_on": "Last day",
            "last_day_given": "y",
            "day_order": "",
            "threshold": "85",
        },
    )
    assert answer.status_code == 303, text(answer)
    found = lines(app, cast)
    assert found["number:17"].differences == [
        ["left_on", "", "2026-05-01"],
        ["holds", "LT-1, PH-1 (own device)", "left on 1 May 2026"],
    ]
    assert found["number:18"].finding is Finding.ONLY_HERE
    page = text(manager.get(answer.location))
    assert "They left on 1 May 2026, and still hold LT-1, PH-1 (own device)." in page
    correct = {"settlement": "theirs-is-right", "reason": "HR knows.", "correct": "y"}
    assert post(manager, f"{answer.location}/decide?line={found['number:17'].id}", correct).status_code == 303
    with inside(app, cast) as w:
        assert w.all(select(Employee).where(Employee.number == "17"))[0].left_on == date(2026, 5, 1)
        said = w.all(select(JournalEntry.changes).where(JournalEntry.noun == "reconciliation_line"))
        assert not any("Anna" in each for each in said)


def test_software_is_matched_three_ways(app: Flask, cast: Cast, manager: FlaskClient, url: str) -> None:
    with inside(app, cast) as w:
        publisher = w.add(Publisher(name="Contoso"))
        product = w.add(Product(publisher_id=publisher.id, name="Draw", edition="Pro", created_at=w.now))
        pool = w.add(
            LicencePool(
                reference="LP-001", name="Draw", publisher_id=publisher.id, metric=Metric.DEVICE, created_at=w.now
            )
        )
        w.add(PoolProduct(pool_id=pool.id, product_id=product.id))
        for number, quantity, order in ((1, 10, "PO-1"), (2, 5, "PO-2")):
            w.add(
                Entitlement(
                    reference=f"E-00{number}",
                    pool_id=pool.id,
                    kind=EntitlementKind.PURCHASE,
                    quantity=quantity,
                    starts_on=date(2026, 1, 1),
                    purchase_order=order,
                    created_at=w.now,
                )
            )
        for number in range(2):
            device = asset(w, f"LT-{number}")
            w.add(
                Installation(
                    asset_id=device.id,
                    product_id=product.id,
                    source=InstallationSource.MANUAL,
                    found_on=date(2026, 2, 1),
                    counted_from=date(2026, 2, 1),
                    authorisation=Authorisation.AUTHORISED,
                )
            )
    invoices = "PO,Product,Qty\nPO-1,Draw,10\nPO-2,Draw,4\n,Draw Pro,3\n,Coffee,1\n"
    step = send(manager, url, invoices, "invoices.csv", kind="invoices", source="Creditors").location
    columns = {"column-purchase_order": "PO", "column-name": "Product", "column-quantity": "Qty"}
    answer = post(manager, step, {**columns, "threshold": "100", "tolerance": "0", "decimal_sign": ""})
    assert answer.status_code == 303, text(answer)
    found = lines(app, cast)
    assert [row.finding.value for _, row in sorted(found.items())].count("only-there") == 2
    page = text(manager.get(f"{answer.location}/three-way"))
    for words in (
        "15 bought, 17 invoiced: 2 more than bought.",
        "2 devices have it; 13 of those bought are not in use.",
        "5 bought, 4 invoiced: 1 fewer than bought.",
        "Coffee",
        "1 pool does not agree.",
    ):
        assert words in page, words
    sent = manager.get(f"{answer.location}/three-way/export/csv").get_data(as_text=True)
    assert "Pool,LP-001,Draw,15,17,15,2,no" in sent
    assert manager.get(f"{url}/RC-2026-09/three-way").status_code == 404
    ours = next(row for row in found.values() if row.ours.get("purchase_order") == "PO-2")
    decide = f"{answer.location}/decide?line={ours.id}"
    assert "5 → 4" in text(manager.get(decide))
    right = {"settlement": "theirs-is-right", "reason": "Four were delivered.", "correct": "y"}
    assert post(manager, decide, right).status_code == 303
    with inside(app, cast) as w:
        row = w.all(select(Entitlement).where(Entitlement.reference == "E-002"))[0]
        assert (row.quantity, row.purchase_order, row.starts_on) == (4, "PO-2", date(2026, 1, 1))
        said = w.all(select(JournalEntry.reason).where(JournalEntry.noun == "entitlement"))
        assert "Four were delivered." in said


@pytest.mark.usefixtures("register")
def test_a_page_of_lines_asks_as_much_for_many_as_for_few(
    app: Flask, cast: Cast, manager: FlaskClient, url: str
) -> None:
    few = f"{HEAD}\nLT-1,S1,Laptop,active,1.00,EUR,Munich\n"
    compare(manager, url, few)
    many = few + "".join(f"X-{n},,Thing {n},active,1.00,EUR,Munich\n" for n in range(120))
    compare(manager, url, many, said={"source": "Another"})
    asked: list[int] = []
    for reference in ("RC-2026-01", "RC-2026-01", "RC-2026-02"):
        statements: list[str] = []

        def count(*arguments: Any, heard: list[str] = statements) -> None:
            heard.append(arguments[2])

        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", count)
        page = manager.get(f"{url}/{reference}?page=2" if reference.endswith("2") else f"{url}/{reference}")
        with app.app_context():
            event.remove(db.engine, "before_cursor_execute", count)
        assert page.status_code == 200
        asked.append(len(statements))
    assert asked[2] <= asked[1]
    assert "126 lines, page 2 of 3" in text(page) or "page 2 of 3" in text(page)
