"""The demonstration's ledger: it reconciles, differences are decided, and the next run shows them as settled."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.itam.reconciliation import Finding, MatchedBy, Settlement, SinceLast, SourceKind
from app.models.attachment import Attachment
from app.models.organisation import Organisation
from app.models.person import Person
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.operations.attachments import folder
from app.storage import path_of
from app.work import Work, work
from tests.cast import Member, post, sign_in

URL = "/o/northwind/reconciliations"


@pytest.fixture(autouse=True)
def _a_monday() -> Iterator[None]:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=True):
        yield


@pytest.fixture
def told(app: Flask, demonstrate: Callable[[], None]) -> dict[str, int]:
    demonstrate()
    with app.app_context(), work(None, writes=False) as w:
        ids = {"home": w.session.scalars(select(Organisation.id).where(Organisation.slug == "northwind")).one()}
        return ids | {each.name: each.id for each in w.all(select(Person))}


def lines_of(w: Work, reference: str) -> dict[str, ReconciliationLine]:
    run = w.all(select(Reconciliation).where(Reconciliation.reference == reference))[0]
    return {line.key: line for line in w.all(select(ReconciliationLine).where(ReconciliationLine.run_id == run.id))}


def ledger_of(app: Flask, home: int) -> bytes:
    with app.app_context(), work(home) as w:
        run = w.all(select(Reconciliation).where(Reconciliation.kind == SourceKind.LEDGER))[0]
        kept = w.all(select(Attachment).where(Attachment.reconciliation_id == run.id))[0]
        return path_of(folder(), kept.sha256).read_bytes()


def test_each_way_to_agree_and_to_differ_is_in_it(app: Flask, told: dict[str, int]) -> None:
    with app.app_context(), work(told["home"]) as w:
        runs = {row.kind: row for row in w.all(select(Reconciliation))}
        lines = lines_of(w, runs[SourceKind.LEDGER].reference).values()
        assert {row.run_by_id for row in runs.values()} == {told["Priya Nair"]}
        assert set(runs) == {SourceKind.LEDGER, SourceKind.INVOICES, SourceKind.LEAVERS}
        found = Counter(line.finding for line in lines)
        assert found[Finding.MATCHED] > 100
        assert set(found) == set(Finding)
        ways = {line.matched_by for line in lines if line.matched_by}
        assert ways == {MatchedBy.TAG, MatchedBy.SERIAL, MatchedBy.PURCHASE_ORDER, MatchedBy.SIMILARITY}
        fields = {field for line in lines for field, _, _ in line.differences}
        assert fields == {"cost", "status", "quantity", "site", "purchased_on", "ownership"}
        alike = [line for line in lines if line.finding is Finding.ONLY_THERE and line.candidates]
        assert [line.theirs["name"] for line in alike] == ["Granite Backup tape set"]
        assert {line.settlement for line in lines} == {
            None, Settlement.OURS_IS_RIGHT, Settlement.BOTH_ARE_RIGHT, Settlement.TO_FOLLOW_UP,
        }  # fmt: skip
        assert {line.settled_by_id for line in lines if line.settlement} == {told["Priya Nair"]}
        for kind in (SourceKind.INVOICES, SourceKind.LEAVERS):
            others = lines_of(w, runs[kind].reference).values()
            assert {line.finding for line in others} >= {
                Finding.MATCHED, Finding.DIFFERENT, Finding.ONLY_HERE, Finding.ONLY_THERE,
            }  # fmt: skip


def compare(client: FlaskClient, content: bytes) -> str:
    """Through the pages, as in the month before: the columns and the reading are those that are offered."""
    sent: dict[str, Any] = {
        "kind": "ledger", "source": "SAP fixed assets", "file": (io.BytesIO(content), "ledger.csv"),
    }  # fmt: skip
    first = post(client, f"{URL}/new", sent)
    assert first.status_code == 303, first.get_data(as_text=True)
    page = client.get(first.location).get_data(as_text=True)
    offered = {}
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option(?=[^>]*\bselected\b)[^>]*value="([^"]*)"', options)
        offered[name] = chosen[0] if chosen else ""
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and 'type="hidden"' not in tag:
            offered[name[1]] = value[1] if value else ""
    assert offered["column-tag"] == "Asset no"
    assert (offered["currency"], offered["least_cost"]) == ("EUR", "500")
    second = post(client, first.location, offered)
    assert second.status_code == 303, second.get_data(as_text=True)
    return str(second.location.rpartition("/")[2])


def test_next_month_shows_what_was_settled_and_what_has_changed(
    app: Flask, client: FlaskClient, told: dict[str, int]
) -> None:
    priya = sign_in(client, Member(told["Priya Nair"], "Priya Nair", "priya@northwind.example"))
    content = ledger_of(app, told["home"])
    with app.app_context(), work(told["home"]) as w:
        first = w.all(select(Reconciliation.reference).where(Reconciliation.kind == SourceKind.LEDGER))[0]
        before = lines_of(w, first)
    cost = next(line for line in before.values() if line.ours.get("tag") == "LT-0022")
    decided = post(
        priya,
        f"{URL}/{first}/decide?line={cost.id}",
        {"settlement": "both-are-right", "reason": "Ours is before the discount."},
    )
    assert decided.status_code == 303
    again = compare(priya, content)
    with app.app_context(), work(told["home"]) as w:
        second = lines_of(w, again)
    assert second[cost.key].since is SinceLast.SETTLED
    assert second[cost.key].settled_reason == "Ours is before the discount."
    for key, line in before.items():
        if line.settlement is not None and line.settlement.is_final:
            assert second[key].since is SinceLast.SETTLED, key
        elif line.finding.needs_decision and key != cost.key:
            assert second[key].since is SinceLast.STILL_OPEN, key
    # A month later finance has corrected one line, changed another, and taken a table out of its books.
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    by_tag = {row[0]: row for row in rows if row[0]}
    by_tag["LT-0022"][5] = "1000.00"
    by_tag["LT-0024"][7] = "1"
    changed = io.StringIO()
    csv.writer(changed).writerows(row for row in rows if row[0] != "F-0077")
    third_run = compare(priya, changed.getvalue().encode())
    with app.app_context(), work(told["home"]) as w:
        third = lines_of(w, third_run)
    assert third[cost.key].since is SinceLast.REOPENED
    assert third[cost.key].settlement is None
    assert third["tag:lt-0024"].since is SinceLast.RESOLVED
    assert "tag:f-0077" in before
    assert "tag:f-0077" not in third
    assert "Conference table, oak" in priya.get(f"{URL}/{third_run}/gone").get_data(as_text=True)
