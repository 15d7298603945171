"""The demonstration's ledger reconciles, its differences are decided, and the next run shows them as settled."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import demonstration
from app.domain.itam.reconciliation import Finding, MatchedBy, SinceLast
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.work import Work, work
from tests.cast import Member, post, sign_in

HOME = "/o/northwind/reconciliations"


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    with time_machine.travel("2026-11-26T10:00:00+00:00", tick=True):
        yield


@pytest.fixture
def priya(app: Flask, client: FlaskClient) -> FlaskClient:
    """The demonstration's asset manager."""
    with app.app_context(), work(None) as w:
        demonstration.load(w)
    with app.app_context(), work(None) as w:
        row = w.session.scalars(select(Person).where(Person.email == "priya@northwind.example")).one()
        who = Member(row.id, row.name, row.email or "")
    return sign_in(client, who)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def lines_of(app: Flask, reference: str) -> dict[str, ReconciliationLine]:
    """The lines of a run: by our tag, or by their number where we have none."""

    def told(w: Work) -> dict[str, ReconciliationLine]:
        run = w.all(select(Reconciliation).where(Reconciliation.reference == reference))[0]
        found = w.all(select(ReconciliationLine).where(ReconciliationLine.run_id == run.id))
        return {line.ours.get("tag") or line.theirs.get("tag") or line.theirs["name"]: line for line in found}

    with app.app_context():
        with work(None) as w:
            home = w.session.scalars(select(Organisation.id).where(Organisation.slug == "northwind")).one()
        with work(home) as w:
            return told(w)


def again(client: FlaskClient, content: bytes) -> str:
    """Compare another file of the ledger, as the remembered columns and the run before propose; gives its reference."""
    said = {"kind": "ledger", "source": "SAP fixed assets", "file": (io.BytesIO(content), "sap-fixed-assets.csv")}
    step = post(client, f"{HOME}/new", said, content_type="multipart/form-data")
    assert step.status_code == 303
    page = text(client.get(step.location))
    chosen = {
        name: re.search(r'<option[^>]*value="([^"]*)"[^>]*selected', block)
        for name, block in re.findall(r'<select[^>]*name="(column-\w+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    }
    said = {name: found[1] for name, found in chosen.items() if found}
    assert said["column-tag"] == "Asset no"
    for name in ("threshold", "tolerance", "currency", "least_cost"):
        found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert found is not None
        value = re.search(r'value="([^"]*)"', found[0])
        said[name] = value[1] if value else ""
    words = re.search(r'<textarea[^>]*name="status_words"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    said["status_words"] = words[1].strip() if words else ""
    done = post(client, step.location, {**said, "decimal_sign": "", "day_order": ""})
    assert done.status_code == 303, text(done)
    return str(done.location).rsplit("/", 1)[1]


def test_the_ledger_reconciles_is_decided_and_the_next_runs_show_it(app: Flask, priya: FlaskClient) -> None:
    first = lines_of(app, "RC-2026-01")
    assert Counter(line.finding for line in first.values())[Finding.MATCHED] > 200
    assert {line.matched_by for line in first.values()} >= {
        MatchedBy.TAG,
        MatchedBy.SERIAL,
        MatchedBy.PURCHASE_ORDER,
        MatchedBy.SIMILARITY,
    }
    differing = {entry[0] for line in first.values() for entry in line.differences}
    assert differing >= {"cost", "status", "site", "quantity", "purchased_on", "ownership"}
    decide = f"{HOME}/RC-2026-01/decide?all=yes&decision=undecided"
    asked = text(priya.get(decide))
    assert "LT-0011" in asked
    said = {"settlement": "ours-is-right", "reason": "Looked at one by one with the accountants."}
    assert post(priya, decide, said).status_code == 303
    assert post(priya, f"{HOME}/RC-2026-01/close").status_code == 303

    where = re.search(r'href="(/o/northwind/attachments/\d+[^"]*)"', text(priya.get(f"{HOME}/RC-2026-01")))
    assert where is not None
    file = priya.get(where[1]).get_data()
    second = again(priya, file)
    now = lines_of(app, second)
    assert {line.since for tag, line in now.items() if first[tag].finding.needs_decision and tag != "LT-0012"} == {
        SinceLast.SETTLED
    }
    # What is to be followed up is asked again.
    assert now["LT-0012"].settlement is None
    assert now["LT-0010"].settled_reason == "The invoice says so, docking station included."
    assert "settled" in text(priya.get(f"{HOME}/{second}")).lower()

    rows = list(csv.reader(io.StringIO(file.decode())))
    cost, status = rows[0].index("Acquisition cost"), rows[0].index("Status")
    changed = [row for row in rows if row[0] != "9100003"]
    for row in changed:
        if row[0] == "LT-0010":
            row[cost] = "1500.00"
        if row[0] == "LT-0012":
            row[status] = "active"
        if row[0] == "LT-0001":
            row[cost] = "1.00"
    out = io.StringIO()
    csv.writer(out).writerows(changed)
    third = lines_of(app, again(priya, out.getvalue().encode()))
    assert third["LT-0010"].since is SinceLast.REOPENED
    assert third["LT-0010"].settlement is None
    assert third["LT-0012"].since is SinceLast.RESOLVED
    assert third["LT-0001"].since is SinceLast.NEW
    assert third["NET-003"].since is SinceLast.SETTLED
    assert "9100003" not in third


def test_invoices_and_leavers_are_compared_too(app: Flask, priya: FlaskClient) -> None:
    invoices = text(priya.get(f"{HOME}/RC-2026-02"))
    assert "Wireframe tool, 5 seats" in invoices
    assert priya.get(f"{HOME}/RC-2026-02/three-way").status_code == 200
    leavers = lines_of(app, "RC-2026-03")
    assert any(entry[0] == "holds" for line in leavers.values() for entry in line.differences)
