"""Imports: what a file adds, changes and leaves is said before; all or nothing; the same file again changes nothing."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.batch import BatchKind
from app.domain.itam.import_fields import FIELDS
from app.domain.itam.mapping import guess, mapped
from app.domain.itam.ownership import OwnershipKind
from app.domain.itam.rows import Conventions, Lines
from app.domain.itam.usage import UsageMetric
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.models.asset import Asset, AssetOwnership
from app.models.capacity import UsageRecord
from app.models.employee import Employee
from app.models.import_batch import ImportBatch
from app.models.journal import JournalEntry
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.software import Installation, Product, ProductAlias, Publisher
from app.operations import device_counts, entitlements, installations, seats, usage
from app.operations.entitlements import EntitlementDetails
from app.operations.imports import Sent, carry_out, prepare
from app.operations.seats import Holder
from app.operations.usage import UsageDetails
from app.queries.journal_proof import prove
from app.work import work
from app.work.journal import chain_of
from tests.equipped import equip
from tests.stage import on_stage, site

ASSETS, EMPLOYEES, INSTALLATIONS = BatchKind.ASSETS, BatchKind.EMPLOYEES, BatchKind.INSTALLATIONS
ENTITLEMENTS, USAGE = BatchKind.ENTITLEMENTS, BatchKind.USAGE


def lines(kind: BatchKind, table: str, **conventions: object) -> Lines:
    """Lines from a table of text, as a CSV with the columns guessed."""
    head, *rows = [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]
    columns = guess(FIELDS[kind], head)
    return Lines(
        kind, [(n, mapped(columns, head, row)) for n, row in enumerate(rows, start=2)], Conventions(**conventions)
    )


def sent(table: str) -> Sent:
    return Sent("file.csv", sha256(table.encode()).hexdigest(), "Discovery")


def bring(w, kind, table, **conventions):
    return carry_out(w, lines(kind, table, **conventions), sent(table))


def counts(batch):
    return batch.added, batch.changed, batch.left


def faults(w, kind, table, **conventions):
    return [str(fault) for fault in prepare(w, lines(kind, table, **conventions), sent(table)).faults]


def entries(w, noun):
    return w.session.scalar(select(func.count(JournalEntry.id)).where(JournalEntry.noun == noun))


SNIPE = """
Asset Name | Asset Tag | Serial | Model | Manufacturer | Category | Status | Checked Out To | Location | Purchase Date | Cost | Order Number
Mail host | SN-1 | C02X | ProLiant | HPE | Servers | Ready to Deploy |  | Munich | 2025-03-01 | €4,200.00 | PO-7
 | SN-2 | C02Y | Latitude | Dell | Laptops | Ready to Deploy | Asif Malik |  | 2025-04-01 | 1199.90 | PO-8
 | SN-3 |  | Latitude | Dell | Laptops | Archived |  |  |  |  |
"""  # noqa: E501


def test_an_export_of_snipe_it_comes_in_as_it_is(app, cast):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        site(w)
        w.add(Employee(number="7", name="Asif Malik", created_at=w.now))
        assert counts(bring(w, ASSETS, SNIPE, currency="EUR")) == (3, 0, 0)
        rows = {row.tag: row for row in w.all(select(Asset))}
        assert (rows["SN-1"].name, rows["SN-1"].cost_minor, rows["SN-1"].purchase_order) == (
            "Mail host",
            420000,
            "PO-7",
        )
        assert rows["SN-1"].status is AssetStatus.IN_STOCK
        assert (rows["SN-2"].name, rows["SN-2"].status) == ("Dell Latitude", AssetStatus.DEPLOYED)
        assert rows["SN-2"].custodian_id is not None
        assert rows["SN-3"].status is AssetStatus.RETIRED
        assert rows["SN-3"].keywords == " laptops "
        assert "latitude" in rows["SN-3"].found_by
        assert counts(bring(w, ASSETS, SNIPE, currency="EUR")) == (0, 0, 3)


def test_signs_that_nobody_sees_do_not_come_in(app, cast):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        bring(w, ASSETS, "Asset Tag | Name\nSN-1 | Lap\u202etop\u200b")
        assert w.all(select(Asset.name)) == ["Laptop"]
        assert faults(w, ASSETS, "Asset Tag | Name\n\u202e | Laptop") == [
            "Line 2, Asset tag: It has only signs that nobody sees."
        ]


def test_tags_that_differ_in_large_and_small_letters_alone_are_pointed_out(app, cast):
    with on_stage(app, cast.organisation) as w:
        bring(w, ASSETS, "Asset tag | Name\nA-1 | Old")
        table = "Asset tag | Name\na-1 | New\nB-1 | One\nb-1 | Two\nA-1 | Old"
        plan = prepare(w, lines(ASSETS, table), sent(table))
        assert plan.notes == [
            "Line 2: a-1 and A-1 differ in large and small letters alone.",
            "Line 4: b-1 and B-1 differ in large and small letters alone.",
        ]


def test_it_is_said_before_what_changes_from_what_to_what(app, cast):
    with on_stage(app, cast.organisation) as w:
        bring(w, ASSETS, "Asset tag | Name | Cost\nA-1 | Old | EUR 10\nA-2 | Kept | EUR 5")
        later = "Asset tag | Name | Cost\nA-1 | New | EUR 12.50\nA-2 |  | \nA-3 | Third | "
        plan = prepare(w, lines(ASSETS, later), sent(later))
        assert [(each.line, each.label) for each in plan.additions] == [(4, "A-3 Third")]
        (changed,) = plan.alterations
        assert (changed.line, changed.label) == (2, "A-1 Old")
        assert [tuple(each) for each in changed.differences] == [
            ("Name", "Old", "New"),
            ("Cost", "EUR 10.00", "EUR 12.50"),
        ]
        assert plan.left == 1
        before = entries(w, "asset")
        assert w.session.scalar(select(func.count(Asset.id))) == 2
        carry_out(w, lines(ASSETS, later), sent(later), plan.digest)
    with on_stage(app, cast.organisation) as w:
        assert entries(w, "asset") == before + 4
        assert [row.name for row in w.all(select(Asset).order_by(Asset.tag))] == ["New", "Kept", "Third"]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("Asset tag | Name\nA-1 | x\nA-2 | y\nA-1 | z", "Line 4, Asset tag: A-1 stands in line 2 too."),
        ("Asset tag | Name\n | x", "Line 2, Asset tag: It is empty."),
        ("Asset tag | Purchased on\nA-1 | 01/02/2026", "Line 2, Purchased on: “01/02/2026” can be two days."),
        ("Asset tag | Purchased on\nA-1 | 2026-02-30", "Line 2, Purchased on: There is no day “2026-02-30”."),
        (
            "Asset tag | Purchased on | Warranty ends on\nA-1 | 2025-02-01 | 2025-01-01",
            "Line 2, Warranty ends on: The warranty would end before",
        ),
        ("Asset tag | Cost | Currency\nA-1 | -5 | EUR", "Line 2, Cost: “-5” is less than nothing."),
        ("Asset tag | Cores\nA-1 | 2.5", "Line 2, Cores: “2.5” is a fraction"),
        ("Asset tag | Site\nA-1 | Atlantis", "Line 2, Site: No site is called “Atlantis”."),
        ("Asset tag | Custodian\nA-1 | Nobody", "Line 2, Custodian: No employee has the number or the name “Nobody”."),
        ("Asset tag | Status\nA-1 | Disposed", "Line 2, Status: An asset is lost or disposed of on its own page"),
        ("Asset tag | Kind\nA-1 | Teapot", "Line 2, Kind: “Teapot” is none of: hardware"),
        (f"Asset tag | Name\n{'x' * 41} | x", "Line 2, Asset tag: It has 41 signs; at most 40 are kept."),
        ("Asset tag | In scope\nA-1 | no", "Line 2, Reason of the scope: Say why"),
    ],
)
def test_a_faulty_line_is_named_with_its_field(app, cast, table, says):
    with on_stage(app, cast.organisation) as w:
        (fault,) = faults(w, ASSETS, table)
        assert fault.startswith(says)
        with pytest.raises(RefusedError, match="nothing was imported"):
            bring(w, ASSETS, table)
        assert w.session.scalar(select(func.count(ImportBatch.id))) == 0


OWNED = """
Asset tag | Name | Purchased on | Ownership | Ownership from | Ownership party | Ownership contract | Cloud tenant | Cloud region | Own device of | Agreement signed on | What may be wiped
O-1 | Laptop | 2025-03-01 | Owned | | | | | | | |
O-2 | Printer | | leased | 2025-05-01 | Nordlease | L-7 | | | | |
O-3 | Mail | | Cloud provider's | 2025-05-01 | Skylane | | prod | eu | | |
O-4 | Phone | | own device | 2025-05-01 | | | | | 7 | 2025-04-30 | The mailbox
O-5 | Old | | owned | | | | | | | |
O-6 | Silent | | | | | | | | | |
"""  # noqa: E501


def test_a_file_says_whose_the_assets_are_once(app, cast):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        w.add(Employee(number="7", name="Asif Malik", created_at=w.now))
        bring(w, ASSETS, "Asset tag | Name\nO-5 | Old")
        plan = prepare(w, lines(ASSETS, OWNED), sent(OWNED))
        assert [str(each.differences) for each in plan.alterations] == [
            "(Difference(field='Ownership', old='nothing', new='Owned'),)"
        ]
        assert counts(bring(w, ASSETS, OWNED)) == (5, 1, 0)
        tagged = select(Asset.tag, AssetOwnership).join(AssetOwnership, AssetOwnership.asset_id == Asset.id)
        held = dict(map(tuple, w.execute(tagged)))
        assert sorted(held) == ["O-1", "O-2", "O-3", "O-4", "O-5"]
        assert (held["O-1"].kind, held["O-1"].starts_on) == (OwnershipKind.OWNED, date(2025, 3, 1))
        assert (held["O-2"].party, held["O-2"].contract) == ("Nordlease", "L-7")
        assert (held["O-3"].tenant, held["O-3"].region) == ("prod", "eu")
        assert (held["O-4"].agreement_signed_on, held["O-4"].may_wipe) == (date(2025, 4, 30), "The mailbox")
        assert held["O-5"].starts_on == w.today
        assert counts(bring(w, ASSETS, OWNED)) == (0, 0, 6)
    with on_stage(app, cast.organisation) as w:
        assert entries(w, "asset_ownership") == 5


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("L-1 | One | leased | | ", "Line 2, Ownership party: Say who leases it to us."),
        ("L-1 | One | rented | | ", "Line 2, Ownership: “rented” is none of: owned, leased,"),
        ("L-1 | One | | Nordlease | ", "Line 2, Ownership: It is empty, and other columns say something of it."),
        ("L-1 | One | own device | | 99", "Line 2, Own device of: "),
        ("K-1 | Kept | customer | Weber | ", "Line 2, Ownership: A change of ownership is recorded on the page"),
    ],
)
def test_a_faulty_ownership(app, cast, line, says):
    with on_stage(app, cast.organisation) as w:
        bring(w, ASSETS, "Asset tag | Name | Ownership\nK-1 | Kept | owned")
        head = "Asset tag | Name | Ownership | Ownership party | Own device of\n"
        found = faults(w, ASSETS, head + line)
        assert (len(found), found[0][: len(says)]) == (1, says)


def test_a_status_that_cannot_follow_is_refused(app, cast):
    with on_stage(app, cast.organisation) as w:
        bring(w, ASSETS, "Asset tag | Status\nA-1 | Retired")
        (fault,) = faults(w, ASSETS, "Asset tag | Status\nA-1 | Deployed")
        assert "An asset that is retired cannot become deployed" in fault


def test_who_saw_another_plan_is_refused(app, cast):
    table = "Asset tag | Name\nA-1 | x"
    with on_stage(app, cast.organisation) as w:
        agreed = prepare(w, lines(ASSETS, table), sent(table)).digest
        bring(w, ASSETS, "Asset tag | Name\nA-1 | y")
        with pytest.raises(RefusedError, match="has changed since"):
            carry_out(w, lines(ASSETS, table), sent(table), agreed)


def test_employees_are_known_by_their_number(app, cast):
    head = "Employee number | Full name | Email | Location | Left on"
    table = f"{head}\n7 | Ann Lee | ann@example.org | Munich | \n8 | Bo | | | 31.12.2025"
    with on_stage(app, cast.organisation) as w:
        site(w)
        assert counts(bring(w, EMPLOYEES, table)) == (2, 0, 0)
        assert counts(bring(w, EMPLOYEES, table)) == (0, 0, 2)
        assert counts(bring(w, EMPLOYEES, table.replace("Ann Lee", "Ann Leigh"))) == (0, 1, 1)
        assert {row.number: row.left_on for row in w.all(select(Employee))} == {"7": None, "8": date(2025, 12, 31)}
        said = faults(w, EMPLOYEES, "Number | Name | Email\n9 | | x\n9 | Cy | c@example.org")
        assert [each.split(":")[0] for each in said] == ["Line 2, E-mail", "Line 3, Number"]
    with on_stage(app, cast.organisation) as w:
        kept = w.session.scalars(select(JournalEntry.changes).where(JournalEntry.noun == "employee")).all()
        assert not any("Ann" in str(each) for each in kept)


FOUND = """
Computer name | Publisher | Software | Version | First seen | Last seen
A-1 | Acme Corporation | Writer | 1.9 | 2026-01-05 | 2026-02-01
A-1 | ACME | writer | 1.10 | 2026-01-20 | 2026-02-01
S-2 | Acme, Inc. | Acme Writer | 2.0 | | 2026-02-01
A-1 | | Solo | | | 2026-02-01
"""


def machines(w):
    for tag, serial in (("A-1", ""), ("A-2", "S-2")):
        w.add(
            Asset(
                tag=tag, name=tag, serial=serial, kind=AssetKind.HARDWARE, status=AssetStatus.DEPLOYED, created_at=w.now
            )
        )


def test_installations_are_joined_by_product_however_it_is_written(app, cast):
    with on_stage(app, cast.organisation) as w:
        machines(w)
        plan = prepare(w, lines(INSTALLATIONS, FOUND), sent(FOUND))
        assert [str(each) for each in plan.products] == ["Writer (Acme Corporation)", "Solo"]
        assert counts(bring(w, INSTALLATIONS, FOUND)) == (4, 0, 0)
        rows = w.all(select(Installation).order_by(Installation.id))
        assert len({row.product_id for row in rows}) == 2
        counted = [(row.version, row.counted_from, row.counted_until) for row in rows]
        assert counted[:2] == [("1.9", date(2026, 1, 5), None), ("1.10", None, None)]
        assert counted[3] == ("", date(2026, 2, 1), None)
        assert installations.recount(w, [(row.asset_id, row.product_id) for row in rows]) == 0
        assert counts(bring(w, INSTALLATIONS, FOUND)) == (0, 0, 4)
        assert counts(bring(w, INSTALLATIONS, FOUND.replace("2026-02-01", "2026-03-01"))) == (0, 4, 0)
    with on_stage(app, cast.organisation) as w:
        assert entries(w, "installation") == 8
        assert prove(w.session, chain_of(cast.organisation.id), None).is_whole


def test_an_alias_says_which_product_is_meant(app, cast):
    with on_stage(app, cast.organisation) as w:
        machines(w)
        publisher = w.add(Publisher(name="Acme"))
        product = w.add(Product(publisher_id=publisher.id, name="Writer", created_at=w.now))
        w.add(ProductAlias(product_id=product.id, publisher="acme", name="wrt pro"))
        bring(w, INSTALLATIONS, "Asset | Publisher | Product\nA-1 | Acme GmbH | WRT  Pro\nA-2 | | writer")
        assert {row.product_id for row in w.all(select(Installation))} == {product.id}


def test_lines_without_a_day_are_of_the_day_of_the_file(app, cast):
    table = "Asset | Product\nA-1 | Writer"
    with on_stage(app, cast.organisation) as w:
        machines(w)
        today = w.today
        bring(w, INSTALLATIONS, table)
    with app.app_context(), work(cast.organisation.id, now=w.now + timedelta(days=40)) as w:
        assert counts(bring(w, INSTALLATIONS, table)) == (0, 0, 1)
        assert counts(bring(w, INSTALLATIONS, table + "\nA-2 | Writer")) == (1, 1, 0)
        seen = {row.asset_id: (row.found_on, row.last_seen_on) for row in w.all(select(Installation))}
        assert sorted(seen.values()) == [(today, w.today), (w.today, w.today)]


def test_what_was_removed_comes_back_only_by_a_newer_file(app, cast):
    table = "Asset | Product | Found on | Last seen\nA-1 | Writer | 2026-01-01 | 2026-02-01"
    with on_stage(app, cast.organisation) as w:
        machines(w)
        bring(w, INSTALLATIONS, table)
        installations.remove(w, w.all(select(Installation))[0], date(2026, 3, 1))
        assert counts(bring(w, INSTALLATIONS, table)) == (0, 0, 1)
        newer = table.replace("2026-02-01", "2026-04-01")
        assert counts(bring(w, INSTALLATIONS, newer)) == (1, 0, 0)
        assert counts(bring(w, INSTALLATIONS, newer)) == (0, 0, 1)
        days = [(row.counted_from, row.counted_until) for row in w.all(select(Installation).order_by(Installation.id))]
        assert days == [(date(2026, 1, 1), date(2026, 3, 1)), (date(2026, 3, 1), None)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Z-9 | Writer | 1 | | ", "Asset: No asset has the tag or the serial number “Z-9”."),
        ("A-1 |  | 1 | | ", "Product: It is empty."),
        ("A-1 | Writer | 1 | 2026-02-01 | 2026-01-01", "Removed on: It would be gone before it was found"),
        ("A-1 | Writer | 1 | 2199-01-01 | ", "Found on: 1 Jan 2199 is still to come."),
    ],
)
def test_a_faulty_installation(app, cast, line, says):
    with on_stage(app, cast.organisation) as w:
        machines(w)
        (fault,) = faults(w, INSTALLATIONS, f"Asset | Product | Version | Found on | Removed on\n{line}")
        assert says in fault


def test_the_same_version_twice_in_a_file_must_say_the_same(app, cast):
    with on_stage(app, cast.organisation) as w:
        machines(w)
        same = "Asset | Product | Version\nA-1 | Writer | 1.0\nA-1 | Writer | 1.0.0"
        assert counts(bring(w, INSTALLATIONS, same)) == (1, 0, 1)
        other = "Asset | Product | Version | Found on\nA-1 | Writer | 1.0 | 2026-01-01\nA-1 | Writer | 1.0 | 2026-01-02"
        assert "Line 2 says something else" in faults(w, INSTALLATIONS, other)[0]


def pooled(w):
    publisher = w.add(Publisher(name="Acme"))
    product = w.add(Product(publisher_id=publisher.id, name="Writer", created_at=w.now))
    pool = w.add(
        LicencePool(
            reference="LP-001", name="Writer", publisher_id=publisher.id, metric=Metric.DEVICE, created_at=w.now
        )
    )
    w.add(PoolProduct(pool_id=pool.id, product_id=product.id))
    return pool


BOUGHT = """
Pool | Publisher | Product | Metric | Qty | Start date | End date | Cost | Order number | Proof
LP-001 | | | | 10 | 2026-01-01 | | EUR 1000 | PO-1 | P-1
 | Acme | Writer | Device | 5 | 2026-02-01 | 2027-01-31 | EUR 250,50 | PO-2 |
"""


def test_entitlements_go_into_their_pool(app, cast):
    with on_stage(app, cast.organisation) as w:
        pool = pooled(w)
        assert counts(bring(w, ENTITLEMENTS, BOUGHT)) == (2, 0, 0)
        rows = w.all(select(Entitlement).order_by(Entitlement.reference))
        assert [(row.reference, row.pool_id, row.kind.value, row.quantity, row.cost_minor) for row in rows] == [
            ("E-001", pool.id, "purchase", 10, 100000),
            ("E-002", pool.id, "subscription", 5, 25050),
        ]
        assert counts(bring(w, ENTITLEMENTS, BOUGHT)) == (0, 0, 2)
        assert counts(bring(w, ENTITLEMENTS, BOUGHT.replace("| 10 |", "| 12 |"))) == (0, 1, 1)


def test_a_file_leaves_no_entitlement_with_fewer_than_were_taken_from_it(app, cast):
    def table(quantity):
        return f"Pool | Quantity | Starts on | Proof\nLP-001 | {quantity} | 2026-01-01 | P-1"

    with on_stage(app, cast.organisation) as w:
        pool = pooled(w)
        bring(w, ENTITLEMENTS, table(10))
        taken = EntitlementDetails(kind=EntitlementKind.TRANSFER, quantity=8, starts_on=date(2026, 2, 1), base="E-001")
        entitlements.create(w, pool.id, taken)
    with on_stage(app, cast.organisation) as w:
        (fault,) = faults(w, ENTITLEMENTS, table(2))
        assert "8 units were taken from it by E-002" in fault
        assert counts(bring(w, ENTITLEMENTS, table(9))) == (0, 1, 0)


def test_a_file_that_takes_the_cover_of_a_seat_is_refused_whole(app, cast):
    def table(quantity):
        return f"Pool | Quantity | Starts on | Proof\nLP-001 | {quantity} | 2026-01-01 | P-1"

    with on_stage(app, cast.organisation) as w:
        pool = pooled(w)
        bring(w, ENTITLEMENTS, table(3))
        holders = [Holder(asset_id=equip(w, f"A-{number}").id) for number in (1, 2, 3)]
        seats.check_out(w, pool.id, holders, w.today)
    with pytest.raises(RefusedError) as caught, on_stage(app, cast.organisation) as w:
        bring(w, ENTITLEMENTS, table(2))
    says = " ".join(str(each) for each in caught.value.why)
    assert "the file changes what covers seats of LP-001" in says
    assert "Held by A-1" in says
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(Entitlement.quantity)) == [3]
        assert counts(bring(w, ENTITLEMENTS, table(4))) == (0, 1, 0)


def test_a_file_leaves_what_was_taken_no_longer_than_what_it_came_from(app, cast):
    def table(last):
        head = "Pool | Kind | Quantity | Starts on | Ends on | Proof"
        return f"{head}\nLP-001 | subscription | 5 | 2026-01-01 | {last} | P-1"

    with on_stage(app, cast.organisation) as w:
        pool = pooled(w)
        bring(w, ENTITLEMENTS, table("2026-12-31"))
        moved = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 12, 31), "base": "E-001"}
        entitlements.create(w, pool.id, EntitlementDetails(kind=EntitlementKind.TRANSFER, quantity=2, **moved))
        (fault,) = faults(w, ENTITLEMENTS, table("2026-11-30"))
        assert "Ends on: E-002 took units from it and counts through 31 Dec 2026" in fault


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("LP-001 | | 0 | 2026-01-01 | ", "Quantity: “0” must be from 1"),
        ("LP-001 | | -3 | 2026-01-01 | ", "Quantity: “-3” must be from 1"),
        ("LP-001 | | 2.5 | 2026-01-01 | ", "Quantity: “2.5” is a fraction"),
        ("LP-001 | | 5 | 2026-01-01 | 2025-12-31", "Ends on: It would end on 31 Dec 2025, before it starts"),
        ("LP-009 | | 5 | 2026-01-01 | ", "Pool: There is no pool “LP-009”."),
        (" | Reader | 5 | 2026-01-01 | ", "Product: No product is called “Reader”."),
        (" | | 5 | 2026-01-01 | ", "Pool: Name the pool, or the product and the metric."),
        ("LP-001 | | 5 |  | ", "Starts on: It is empty."),
    ],
)
def test_a_faulty_entitlement(app, cast, line, says):
    with on_stage(app, cast.organisation) as w:
        pooled(w)
        (fault,) = faults(w, ENTITLEMENTS, f"Pool | Product | Quantity | Starts on | Ends on\n{line}")
        assert says in fault


@pytest.mark.parametrize("again", ["P-1", "p1", "P / 1", "p.1"])
def test_one_proof_counts_once(app, cast, again):
    table = f"Pool | Quantity | Starts on | Proof\nLP-001 | 5 | 2026-01-01 | P-1\nLP-001 | 6 | 2026-03-01 | {again}"
    with on_stage(app, cast.organisation) as w:
        pooled(w)
        (fault,) = faults(w, ENTITLEMENTS, table)
        assert f"The proof {again} stands at line 2 already" in fault


def test_a_file_does_not_count_again_what_is_on_record_with_the_proof_written_differently(app, cast):
    head = "Pool | Quantity | Starts on | Proof\n"
    with on_stage(app, cast.organisation) as w:
        pooled(w)
        bring(w, ENTITLEMENTS, f"{head}LP-001 | 5 | 2026-01-01 | P-1")
        (fault,) = faults(w, ENTITLEMENTS, f"{head}LP-001 | 5 | 2026-01-01 | p 1")
        assert "The proof p 1 stands at E-001 already" in fault


USED = """
Asset tag | Product | Metric | Unit | Value | Start | End | Source
A-1 | Writer | last-used | | | 2026-01-01 | 2026-01-31 | Agent
 | Writer | Peak sessions | session | 12 | 2026-01-01 | 2026-01-31 | Server
"""


def test_use_by_period_says_what_was_last_used(app, cast):
    with on_stage(app, cast.organisation) as w:
        machines(w)
        pooled(w)
        bring(w, INSTALLATIONS, "Asset | Product | Found on\nA-1 | Writer | 2025-06-01")
        assert counts(bring(w, USAGE, USED)) == (2, 0, 0)
        assert w.all(select(Installation))[0].last_used_on == date(2026, 1, 31)
        assert counts(bring(w, USAGE, USED)) == (0, 0, 2)
        assert counts(bring(w, USAGE, USED.replace("12", "13"))) == (0, 1, 1)
        assert sorted(float(row.value) for row in w.all(select(UsageRecord))) == [0.0, 13.0]
        head, period = "Product | Metric | Value | Start | End", "2026-01-01 | 2026-01-01"
        said = faults(w, USAGE, f"{head}\nWriter | Sessions | | 2026-02-01 | 2026-01-01\nX | Units | 1 | {period}")
        assert [each.split(":")[0] for each in said] == ["Line 2, Value", "Line 2, Ends on", "Line 3, Product"]


MESSAGES = """
Product | Metric | Value | Unit | Start | End
Writer | Units consumed | 12 | {unit} | 2026-01-01 | 2026-01-31
"""


@pytest.mark.parametrize(("by_hand", "imported"), [("messages", ""), ("", "messages"), ("messages", "Messages")])
def test_use_that_was_recorded_by_hand_and_comes_in_without_a_unit_counts_once(app, cast, by_hand, imported):
    with on_stage(app, cast.organisation) as w:
        pooled(w)
        said = {"product_id": w.all(select(Product.id))[0], "metric": UsageMetric.UNITS_CONSUMED}
        days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 31)}
        usage.record(w, UsageDetails(unit=by_hand, value=Decimal(12), **said, **days))
        batch = bring(w, USAGE, MESSAGES.format(unit=imported))
        assert counts(batch) == ((0, 1, 0) if imported and not by_hand else (0, 0, 1))
        assert counts(bring(w, USAGE, MESSAGES.format(unit=imported))) == (0, 0, 1)
        assert counts(bring(w, USAGE, MESSAGES.format(unit=imported).replace("12", "13"))) == (0, 1, 0)
        ((unit, value),) = w.execute(select(UsageRecord.unit, UsageRecord.value))
        assert (unit, value) == ("messages", Decimal(13))
        for again in ("", "messages", "MESSAGES"):
            with pytest.raises(RefusedError) as refused:
                usage.record(w, UsageDetails(unit=again, value=Decimal(12), **said, **days))
            assert refused.value.field == "starts_on"
        usage.record(w, UsageDetails(unit="calls", value=Decimal(1), **said, **days))
        assert "in messages and calls: say which" in faults(w, USAGE, MESSAGES.format(unit=""))[0]


def test_two_lines_of_one_file_are_not_of_one_use_where_one_says_no_unit(app, cast):
    with on_stage(app, cast.organisation) as w:
        pooled(w)
        twice = MESSAGES.format(unit="messages") + "Writer | Units consumed | 12 | | 2026-01-01 | 2026-01-31"
        assert faults(w, USAGE, twice) == ["Line 3, Starts on: Line 2 is of the same use in the same period."]
        other = MESSAGES.format(unit="messages") + "Writer | Units consumed | 12 | calls | 2026-01-01 | 2026-01-31"
        assert counts(bring(w, USAGE, other)) == (2, 0, 0)


def test_what_is_too_long_to_be_kept_whole_or_still_to_come_is_a_fault_of_its_line(app, cast):
    with on_stage(app, cast.organisation) as w:
        pooled(w)
        line = "Product | Metric | Value | Start | End\nWriter | Units | {} | 2026-01-01 | {}"
        large = "99999999999999"
        assert counts(bring(w, USAGE, line.format(large, "2026-01-31"))) == (1, 0, 0)
        assert w.all(select(UsageRecord.value)) == [Decimal(large)]
        assert "Round it" in faults(w, USAGE, line.format("999999999999.5", "2026-01-30"))[0]
        assert "still to come" in faults(w, USAGE, line.format("1", (w.today + timedelta(days=9)).isoformat()))[0]


cell = st.sampled_from(["", "1.0", "1.0.0", "2.0"])
day = st.sampled_from(["", "2026-01-01", "2026-02-01", "2026-03-01"])
row = st.tuples(st.sampled_from(["A-1", "A-2"]), st.sampled_from(["Writer", "Reader"]), cell, day, day, day)


@pytest.mark.one_database
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(row, max_size=6), st.lists(row, max_size=6))
def test_any_file_twice_changes_nothing_the_second_time(app, cast, first, second):
    head = "Asset | Product | Version | Found on | Last seen on | Removed on\n"
    with app.app_context():
        try:
            with work(cast.organisation.id) as w:
                machines(w)
                for rows in (first, second):
                    table = head + "\n".join(" | ".join(each) for each in rows)
                    if faults(w, INSTALLATIONS, table):
                        continue
                    bring(w, INSTALLATIONS, table)
                    assert counts(bring(w, INSTALLATIONS, table)) == (0, 0, len(rows))
                pairs = [(each.asset_id, each.product_id) for each in w.all(select(Installation))]
                assert installations.recount(w, pairs) == device_counts.correct(w) == 0
                raise Undone
        except Undone:
            pass


class Undone(Exception):
    """Leaves the database as it was."""
