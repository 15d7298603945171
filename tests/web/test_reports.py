"""Reports: the rows are those of the queries, on the page, in the workbook and on paper; nobody else's, and no harm."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.document import MOST_ON_PAPER, Document, Noted
from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.batch import InstallationSource
from app.domain.itam.change import Authorisation
from app.domain.itam.ownership import OwnershipKind
from app.domain.itam.reconciliation import Finding, Settlement, SourceKind
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.licensing.metric import Metric
from app.domain.permission import Role
from app.models.asset import Asset, AssetOwnership
from app.models.document import Document as ControlledDocument
from app.models.document import DocumentVersion
from app.models.licence import Entitlement, LicencePool, PoolProduct
from app.models.person import Person
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.models.software import Installation, Product, Publisher
from app.operations import competence, device_counts, implementations, invoices, subscriptions
from app.operations.competence import RequirementDetails
from app.operations.invoices import Paper
from app.queries.asset_gaps import all_gaps
from app.queries.assets import AssetFilters, all_assets
from app.queries.installations import InstallationFilters, all_installations
from app.queries.journal import head_of
from app.queries.positions import positions_on, unpooled_on
from app.queries.reconciliations import LineFilters, all_lines, run_by
from app.reports import report_named, reports
from app.reports.report import asked_values, document_of
from app.work import Work, work
from tests.cast import Cast, House, sign_in
from tests.stage import certificate
from tests.subscribed import agree, starting, terms
from tests.trained import course, passed

HOSTILE = "=cmd|' /C calc'!A0 </td><script>alert(1)</script> & “Łódź”"
NAMES = [report.name for report in reports()]
BESIDES = {"training", "competence", "plan", "statement-of-account"}
"""What is evidence of nothing."""


@contextmanager
def inside(app: Flask, house: House, **more: Any) -> Iterator[Work]:
    with app.app_context(), work(house.id, **more) as w:
        yield w


def sell(w: Work, cast: Cast) -> None:
    """A plan that the organisation of the cast accepted, invoiced once."""
    agree(w, cast.organisation, cast.stranger)
    row = subscriptions.offer(w, cast.organisation.id, terms(name=HOSTILE), starting(w.today))
    with w.within(cast.organisation.id) as theirs:
        theirs.actor_id = cast.quality_manager.id
        subscriptions.accept(theirs, row.id)
    invoices.issue_dues(w, row, ["instalment-1"], Paper(due_on=w.today, note=HOSTILE))


def fill(w: Work, mark: str = "") -> None:
    """Two assets, a product in a pool that is one short, one in no pool, and a comparison of two lines."""
    publisher = w.add(Publisher(name=f"{mark}Acme {HOSTILE}"[:120]))
    pooled = w.add(_product(w, publisher, f"{mark}Draw"))
    bare = w.add(_product(w, publisher, f"{mark}Bare"))
    assets = [
        w.add(
            Asset(
                tag=f"{mark}LT-{number}",
                name=HOSTILE,
                kind=AssetKind.HARDWARE,
                status=status,
                created_at=w.now,
            )
        )
        for number, status in ((1, AssetStatus.DEPLOYED), (2, AssetStatus.IN_STOCK))
    ]
    w.add(AssetOwnership(asset_id=assets[0].id, kind=OwnershipKind.OWNED, starts_on=date(2020, 1, 1)))
    for asset, product in ((assets[0], pooled), (assets[1], pooled), (assets[1], bare)):
        w.add(
            Installation(
                asset_id=asset.id,
                product_id=product.id,
                version="1.10",
                version_key="",
                source=InstallationSource.MANUAL,
                found_on=date(2026, 1, 5),
                authorisation=Authorisation.AUTHORISED if product is bare else Authorisation.UNAUTHORISED,
                counted_from=date(2026, 1, 5),
            )
        )
    device_counts.correct(w)
    pool = w.add(
        LicencePool(
            reference=f"{mark}LP-001",
            name="Draw",
            publisher_id=publisher.id,
            metric=Metric.DEVICE,
            unit_price_minor=12_50,
            currency="EUR",
            created_at=w.now,
        )
    )
    w.add(PoolProduct(pool_id=pool.id, product_id=pooled.id))
    w.add(
        Entitlement(
            reference=f"{mark}E-001",
            pool_id=pool.id,
            kind=EntitlementKind.PURCHASE,
            quantity=1,
            starts_on=date(2026, 1, 1),
            currency="EUR",
            created_at=w.now,
        )
    )
    run = w.add(
        Reconciliation(
            reference=f"{mark}RC-2026-01",
            kind=SourceKind.LEDGER,
            source="Ledger",
            file_name="l.csv",
            sha256="0" * 64,
            run_at=w.now,
            asked={},
            totals={"findings": {"matched": 1, "only-there": 1}},
        )
    )
    owner = Person(name=f"{mark}Olga Owner", created_at=w.now)
    w.add(owner)
    w.add(
        ControlledDocument(
            reference=f"{mark}DOC-001", title=HOSTILE, owner_id=owner.id, review_months=12, acknowledge_days=14,
            versions=[DocumentVersion(number=1, written_by_id=owner.id)],
        )
    )  # fmt: skip
    for key, finding in (("tag:a", Finding.MATCHED), ("tag:b", Finding.ONLY_THERE)):
        w.add(
            ReconciliationLine(
                run_id=run.id,
                key=key,
                finding=finding,
                row=2,
                ours={"tag": f"{mark}{key}", "name": HOSTILE} if finding is Finding.MATCHED else {},
                theirs={"tag": f"{mark}{key}", "name": HOSTILE},
                differences=[],
                candidates=[],
                settlement=Settlement.OURS_IS_RIGHT if finding is not Finding.MATCHED else None,
            )
        )


def _product(w: Work, publisher: Publisher, name: str) -> Product:
    return Product(publisher_id=publisher.id, name=name, edition="", category="", needs_licence=True, created_at=w.now)


def told(w: Work, name: str, **said: str) -> Document:
    report = report_named(name)
    assert report is not None
    return document_of(w, report, asked_values(w, report, said), "Asif Malik")


def plain(document: Document, table: int = 0) -> list[list[Any]]:
    rows = document.tables[table].rows
    return [[cell.value if isinstance(cell, Noted) else cell for cell in row] for row in rows]


def test_the_rows_of_each_report_are_those_of_its_query(app: Flask, cast: Cast) -> None:
    with inside(app, cast.organisation) as w:
        fill(w)
    with inside(app, cast.organisation, writes=False) as w:
        head = head_of(w)
        register = told(w, "asset-register")
        assets = list(all_assets(w, AssetFilters()))
        assert [(row[0], row[1], row[3]) for row in plain(register)] == [
            (a.tag, a.name, a.status.label) for a in assets
        ]
        assert register.says == "2 assets. Of 2 in scope and not gone, 1 have an owner."
        assert (register.journal_entries, register.journal_head) == (head.length, head.head)
        assert [row[0] for row in plain(told(w, "asset-register", status="in-stock"))] == ["LT-2"]

        gaps = told(w, "ownership-gaps")
        found = [(row.asset.tag, gap.value.label) for row in all_gaps(w, AssetFilters()) for gap in row.gaps]
        assert [(row[0], row[8]) for row in plain(gaps)] == found
        by_number = {note.number: note for note in gaps.notes}
        for row in gaps.tables[0].rows:
            note = by_number[row[8].notes[0]]
            assert note.about == row[8].value
            assert str(note.why[0].clause) == "ISO/IEC 19770-1:2017, 8.7"

        wanted = InstallationFilters(authorisation=Authorisation.UNAUTHORISED)
        installed = [(row.label, row.tag, row.found_on) for row in all_installations(w, wanted)]
        unauthorised = plain(told(w, "unauthorised-installations"))
        assert [(f"{row[0]} {row[2]}", row[3], row[6]) for row in unauthorised] == installed
        assert len(installed) == 2

        position = told(w, "licence-position")
        (line,) = positions_on(w, w.today)
        p = line.position
        assert [row[5:10] for row in plain(position)] == [[p.entitled, p.demand, p.allocated, p.shortfall, p.surplus]]
        assert [(row[0], row[2]) for row in plain(position, 1)] == [
            (u.name, u.devices) for u in unpooled_on(w, w.today)
        ]
        assert position.says.startswith("1 of 1 pool is short; what is missing and has a price would cost EUR 12.50; ")
        before = told(w, "licence-position", day="2025-12-31")
        assert (before.day, plain(before)[0][5:7], plain(before, 1)) == (date(2025, 12, 31), [0, 0], [])

        run = run_by(w, "RC-2026-01")
        assert run is not None
        lines = list(all_lines(w, run, LineFilters()))
        whole = told(w, "reconciliation")
        compared = plain(whole)
        counted = Counter(each.finding.label.lower() for each in lines)
        for word, count in counted.items():
            assert f"{count} {word}" in whole.says
        assert "no line" not in whole.says
        assert [(row[0], row[2], row[5]) for row in compared] == [
            ((each.ours or each.theirs)["tag"], each.finding.label, each.settlement.label if each.settlement else None)
            for each in lines
        ]
        assert [row[2] for row in plain(told(w, "reconciliation", finding="only-there"))] == ["Only there"]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_page_paper_and_a_workbook_full_or_empty(
    app: Flask, cast: Cast, client: FlaskClient, name: str
) -> None:
    sign_in(client, cast.quality_manager)
    url = f"/o/{cast.organisation.slug}/reports"
    title = next(report.title for report in reports() if report.name == name)
    assert title in client.get(f"{url}/").get_data(as_text=True)
    for is_full in (False, True):
        if is_full:
            with inside(app, cast.organisation) as w:
                fill(w)
                certificate(w, standard="ISO 9001", edition="2015")
                taken = course(w)
                passed(w, cast.staff.id, taken, w.today)
                asked = RequirementDetails(name="Staff", role=Role.STAFF, courses=frozenset({taken.id}))
                competence.create(w, asked)
                implementations.lay_out(w, implementations.Wish("ISO 9001:2015", w.today, 90))
            with inside(app, cast.elsewhere, actor_id=cast.stranger.id) as w:
                fill(w, "Elsewhere ")
                sell(w, cast)
        page = client.get(f"{url}/{name}")
        assert page.status_code == 200
        assert "<script>alert" not in page.get_data(as_text=True)
        assert "Elsewhere" not in page.get_data(as_text=True)
        taken = client.get(f"{url}/{name}/download/xlsx")
        book = openpyxl.load_workbook(io.BytesIO(taken.data))
        about = {row[0]: row[1] for row in book["About"].iter_rows(min_row=2, values_only=True)}
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not any(cell.data_type == "f" or "Elsewhere" in str(cell.value) for cell in cells)
        assert bool(about["Rows"]) is is_full
        assert about["Organisation"] == "Alder Works"
        assert about["Made"].endswith("by Quentin Marsh")
        if name not in BESIDES | {"implementation-plan"}:
            assert "ISO/IEC 19770-1:2017" in about["Serves"]
    paper = client.get(f"{url}/{name}/download/pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF-")
    assert f'filename="{name}-' in paper.headers["Content-Disposition"]
    assert client.get(f"{url}/{name}/download/pdf").data == paper.data


@pytest.mark.one_database
def test_what_nothing_answers_is_refused_in_words(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with inside(app, cast.elsewhere) as w:
        fill(w, "X-")
    sign_in(client, cast.asset_manager)
    url = f"/o/{cast.organisation.slug}/reports"
    assert client.get(f"{url}/no-such-report").status_code == 404
    assert client.get(f"{url}/asset-register/download/docx").status_code == 404
    for asked, words in (
        ("licence-position?day=2026-02-30", "There is no such day. Write it as 2027-03-14."),
        ("reconciliation?run=X-RC-2026-01", "there is no “X-RC-2026-01”"),
        ("asset-register?site=1'--", "Site: there is no"),
    ):
        name, _, query = asked.partition("?")
        for address in (f"{url}/{asked}", f"{url}/{name}/download/pdf?{query}"):
            answer = client.get(address)
            assert answer.status_code == 422
            assert words.casefold() in unescape(answer.get_data(as_text=True)).casefold()
    for day in ("0001-01-01", "9999-12-31"):
        assert client.get(f"{url}/licence-position?day={day}").status_code == 200
    with inside(app, cast.organisation, writes=False) as w, pytest.raises(RefusedError) as refused:
        told(w, "unauthorised-installations", source="nowhere")
    assert refused.value.field == "source"


@pytest.mark.one_database
def test_what_nobody_reads_on_paper_is_refused_and_the_workbook_has_all(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    with inside(app, cast.organisation) as w:
        row = {"name": "Laptop", "kind": AssetKind.HARDWARE, "status": AssetStatus.DEPLOYED, "created_at": w.now}
        made = [Asset(tag=f"LT-{number:05}", **row) for number in range(MOST_ON_PAPER + 1)]
        w.session.add_all(made)
        w.flush()
    sign_in(client, cast.auditor)
    url = f"/o/{cast.organisation.slug}/reports/asset-register"
    refused = client.get(f"{url}/download/pdf")
    assert refused.status_code == 422
    assert "Narrow it, or take the workbook" in refused.get_data(as_text=True)
    assert "More than 2,000 rows" in client.get(url).get_data(as_text=True)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{url}/download/xlsx").data), read_only=True)
    assert len(list(book["Assets"].iter_rows(min_row=2))) == MOST_ON_PAPER + 1


def test_every_report_says_what_it_serves() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(report.is_for.endswith(".") for report in reports())
    assert {report.name for report in reports() if not report.evidence} == BESIDES
    assert {number for report in reports() for number in report.serves} == {1, 2, 3, 4, 5}
