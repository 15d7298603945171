"""Changes on screen: asked for, authorised by another, done with its effect, checked; and who may do what."""

import threading
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.itam.change import Authorisation, ChangeAction, ChangeStatus
from app.extensions import db
from app.models.asset import Asset
from app.models.change_request import ChangeRequest
from app.models.journal import JournalEntry
from app.models.outbox import OutboxMail
from app.models.software import Installation
from app.operations import changes
from app.operations.changes import Asked
from tests.cast import Cast, post, sign_in
from tests.certified import NOON
from tests.inventory import asset, installation, product
from tests.stage import on_stage, site

HASH = "ab" * 32
INSTALL = {
    "action": "install",
    "title": "Visio for finance",
    "software": "microsoft visio",
    "version": "2.0",
    "assets": "LT-001, LT-002",
    "reason": "Charts of the processes.",
    "wanted_by": "2026-06-20",
}


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/changes"


@pytest.fixture
def ids(app: Flask, cast: Cast) -> dict[str, int]:
    """Two laptops, one of them with an old version that nobody authorised; a product; two sites."""
    with on_stage(app, cast.organisation) as w:
        visio = product(w)
        munich, kiel = site(w, "Munich"), site(w, "Kiel", subdivision="SH")
        first, second = asset(w, "LT-001", site_id=munich.id), asset(w, "LT-002", site_id=munich.id)
        installation(w, second, visio, "2.0")
        return {"visio": visio.id, "kiel": kiel.id, "munich": munich.id, "first": first.id, "second": second.id}


def as_(app: Flask, who: Any) -> FlaskClient:
    return sign_in(app.test_client(), who)


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def seen(app: Flask, cast: Cast, reference: str = "CR-2026-001") -> str:
    with on_stage(app, cast.organisation) as w:
        return str(
            w.session.scalars(select(ChangeRequest.row_version).where(ChangeRequest.reference == reference)).one()
        )


def step(app: Flask, cast: Cast, who: Any, name: str, **typed: str) -> Any:
    reference = typed.pop("reference", "CR-2026-001")
    address = f"/o/{cast.organisation.slug}/changes/{reference}/{name}"
    return post(as_(app, who), address, {"seen": seen(app, cast, reference), **typed})


def found(app: Flask, cast: Cast) -> list[tuple[int, str, str, date | None, bool]]:
    """The installations: on which asset, in which version, what stands behind them, gone since, and whether counted."""
    with on_stage(app, cast.organisation) as w:
        rows = w.all(select(Installation).order_by(Installation.id))
        return [
            (row.asset_id, row.version, row.authorisation.value, row.removed_on, row.counted_from is not None)
            for row in rows
        ]


def test_from_asked_to_checked_with_the_register_following(
    app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    asked = post(as_(app, cast.staff), f"{url}/new", INSTALL)
    assert (asked.status_code, asked.location) == (303, f"{url}/CR-2026-001")
    assert step(app, cast, cast.quality_manager, "decide", decision="authorise", note="Licensed.").status_code == 303
    done = step(app, cast, cast.staff, "done", done_by=str(cast.staff.id), done_on="2026-06-01")
    assert done.status_code == 303
    # The one that discovery had found is authorised now; the other is new.
    assert found(app, cast) == [
        (ids["second"], "2.0", "authorised", None, True),
        (ids["first"], "2.0", "authorised", None, True),
    ]
    wrong = step(app, cast, cast.staff, "check", check_kind="version", check_value="1.9", checked_on="2026-06-01")
    assert wrong.status_code == 422
    assert "Version 1.9 was read; 2.0 was authorised." in text(wrong)
    right = step(app, cast, cast.staff, "check", check_kind="version", check_value="2.0", checked_on="2026-06-01")
    assert right.status_code == 303
    page = text(as_(app, cast.auditor).get(f"{url}/CR-2026-001"))
    for words in ("Stella Farrow", "Quentin Marsh", "Licensed.", "Checked by version", "LT-002", "Done and checked"):
        assert words in page, words
    with on_stage(app, cast.organisation) as w:
        told = w.execute(select(OutboxMail.to_email, OutboxMail.subject).order_by(OutboxMail.id)).all()
        entries = w.all(select(JournalEntry.changes).where(JournalEntry.noun == "change_request"))
    deciders = {cast.quality_manager.email, cast.asset_manager.email, cast.administrator.email}
    assert {row.to_email for row in told if "waits for an authorisation" in row.subject} == deciders
    assert [row.to_email for row in told if "was authorised" in row.subject] == [cast.staff.email]
    # The software's version is journalled; the lock of the row is not.
    assert any('"version":[null,"2.0"]' in each for each in entries)
    assert not any("row_version" in each for each in entries)


def test_the_journal_of_a_change_tells_of_what_it_brought(
    app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    post(as_(app, cast.staff), f"{url}/new", INSTALL)
    step(app, cast, cast.quality_manager, "decide", decision="authorise")
    step(app, cast, cast.staff, "done", done_by=str(cast.staff.id), done_on="2026-06-01")
    page = text(as_(app, cast.asset_manager).get(f"/o/{cast.organisation.slug}/journal/?reference=CR-2026-001"))
    for words in (
        "asset LT-001 of CR-2026-001",
        "change CR-2026-001",
        "installation",
        "Stella Farrow",
        "Quentin Marsh",
    ):
        assert words in page, words


def test_nobody_authorises_their_own(app: Flask, cast: Cast, url: str, ids: dict[str, int]) -> None:
    post(as_(app, cast.asset_manager), f"{url}/new", INSTALL)
    page = text(as_(app, cast.asset_manager).get(f"{url}/CR-2026-001"))
    assert "somebody else decides" in page
    assert "Authorise or refuse" not in page
    refused = step(app, cast, cast.asset_manager, "decide", decision="authorise")
    assert refused.status_code == 422
    assert "ISO/IEC 19770-1:2017, 8.5" in text(refused)
    assert step(app, cast, cast.quality_manager, "decide", decision="authorise").status_code == 303
    by_decider = step(app, cast, cast.asset_manager, "done", done_by=str(cast.quality_manager.id), done_on="2026-06-01")
    assert by_decider.status_code == 422
    assert "Whoever authorised a change does not do it." in text(by_decider)
    assert [row[2] for row in found(app, cast)] == ["unauthorised"]


def test_the_second_of_two_deciders_is_told(app: Flask, cast: Cast, url: str, ids: dict[str, int]) -> None:
    post(as_(app, cast.staff), f"{url}/new", INSTALL)
    both_saw = seen(app, cast)
    assert step(app, cast, cast.asset_manager, "decide", decision="refuse", note="No licence.").status_code == 303
    late = post(
        as_(app, cast.quality_manager),
        f"{url}/CR-2026-001/decide",
        {"seen": both_saw, "decision": "authorise", "note": "Fine."},
    )
    assert late.status_code == 422
    assert "was changed by somebody else while you had it open" in text(late)
    assert "It is refused now." in text(late)
    assert "Fine." in text(late)
    again = step(app, cast, cast.quality_manager, "decide", decision="authorise")
    assert "there is nothing to authorise" in text(again)
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(ChangeRequest.status)) == [ChangeStatus.REFUSED]
        assert w.all(select(ChangeRequest.decided_by_id)) == [cast.asset_manager.id]


def test_an_emergency_stands_out_until_somebody_authorises_it(
    app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    post(as_(app, cast.staff), f"{url}/new", {**INSTALL, "is_emergency": "y"})
    assert step(
        app, cast, cast.staff, "done", done_by=str(cast.staff.id), done_on="2026-05-20", note="The audit is today."
    ).location.endswith("CR-2026-001")
    # Nothing stands behind what it brought, and the register says so.
    assert [row[2] for row in found(app, cast)] == ["unauthorised", "unauthorised"]
    register = text(as_(app, cast.auditor).get(url))
    assert "1 emergency waits for an authorisation afterwards." in register
    assert "Done, authorisation overdue" in register
    page = text(as_(app, cast.quality_manager).get(f"{url}/CR-2026-001"))
    assert "It waits for you:</strong> authorise or refuse it afterwards" in page
    assert "12 days ago, and nobody has authorised it" in page
    assert "An emergency change is authorised within 7 days." in page
    assert "CR-2026-001" in text(as_(app, cast.quality_manager).get(f"/o/{cast.organisation.slug}/my-work"))
    assert step(app, cast, cast.quality_manager, "decide", decision="authorise").status_code == 303
    assert [row[2] for row in found(app, cast)] == ["authorised", "authorised"]
    assert "waits for an authorisation afterwards" not in text(as_(app, cast.auditor).get(url))


def test_the_pages_of_all_steps_come_whatever_the_turn(
    app: Flask, client: FlaskClient, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    post(sign_in(client, cast.staff), f"{url}/new", INSTALL)
    for path in ("done", "check", "undo", "withdraw"):
        assert client.get(f"{url}/CR-2026-001/{path}").status_code == 200, path
    refused = post(client, f"{url}/CR-2026-001/undo", {"undone_on": "2026-06-01", "note": "Gone."})
    assert refused.status_code == 422


def test_a_refused_emergency_is_undone_and_the_register_goes_back(
    app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    with on_stage(app, cast.organisation) as w:
        visio = w.all(select(Installation))[0]
        visio.authorisation = Authorisation.ACCEPTED
    upgrade = {**INSTALL, "action": "modify", "version": "3.0", "assets": "LT-002", "is_emergency": "y"}
    post(as_(app, cast.staff), f"{url}/new", upgrade)
    step(app, cast, cast.staff, "done", done_by=str(cast.staff.id), done_on="2026-05-30")
    assert (
        step(app, cast, cast.asset_manager, "decide", decision="refuse", note="3.0 is not licensed.").status_code == 303
    )
    assert "1 done without authorisation: it has to be undone." in text(as_(app, cast.auditor).get(url))
    assert "Undo it: it was refused." in text(as_(app, cast.staff).get(f"/o/{cast.organisation.slug}/my-work"))
    assert step(app, cast, cast.staff, "undo", undone_on="2026-06-01").status_code == 303
    here = ids["second"]
    assert found(app, cast) == [
        (here, "2.0", "accepted", date(2026, 5, 30), True),
        (here, "3.0", "unauthorised", date(2026, 6, 1), True),
        (here, "2.0", "accepted", None, True),
    ]
    assert "Refused and undone" in text(as_(app, cast.auditor).get(f"{url}/CR-2026-001"))


def test_what_moves_is_where_it_was_moved_and_what_is_removed_is_gone(
    app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    asker = as_(app, cast.staff)
    post(asker, f"{url}/new", {"action": "move", "title": "To Kiel", "reason": "Moved", "assets": "LT-001",
                               "to_site": str(ids["kiel"])})  # fmt: skip
    post(asker, f"{url}/new", {"action": "remove", "title": "Visio off", "reason": "Unused", "assets": "LT-002",
                               "software": "Visio"})  # fmt: skip
    post(asker, f"{url}/new", {"action": "remove", "title": "Worn out", "reason": "Old", "assets": "LT-001"})
    post(asker, f"{url}/new", {"action": "copy", "title": "Copies", "reason": "Back-up", "software": "Visio",
                               "copies": "2", "target": "The vault", "sha256": HASH})  # fmt: skip
    for number in range(1, 5):
        named = {"reference": f"CR-2026-00{number}"}
        assert step(app, cast, cast.asset_manager, "decide", decision="authorise", **named).status_code == 303
        assert (
            step(app, cast, cast.staff, "done", done_by=str(cast.staff.id), done_on="2026-06-01", **named).status_code
            == 303
        )
    with on_stage(app, cast.organisation) as w:
        laptop = w.all(select(Asset).where(Asset.tag == "LT-001"))[0]
        assert (laptop.site_id, laptop.status.value) == (ids["kiel"], "retired")
    assert [row[3] for row in found(app, cast)] == [date(2026, 6, 1)]
    page = text(as_(app, cast.auditor).get(f"{url}/CR-2026-004"))
    assert "2 to The vault" in page
    by_hash = step(app, cast, cast.staff, "check", reference="CR-2026-004", check_kind="hash", check_value=HASH.upper(),
                   checked_on="2026-06-01")  # fmt: skip
    assert by_hash.status_code == 303
    assert "from Munich" in text(as_(app, cast.auditor).get(f"{url}/CR-2026-001"))
    by_sight = step(app, cast, cast.staff, "check", check_kind="sight", checked_on="2026-06-01")
    assert by_sight.status_code == 303


ASKED_WRONG = [
    ({"title": ""}, "Say in a few words what is asked for."),
    ({"reason": " "}, "Say why"),
    ({"software": "Vizio"}, "The catalogue has no software “Vizio”"),
    ({"software": ""}, "Say which software is to be installed."),
    ({"assets": "LT-001 LT-404"}, "The register has no asset LT-404."),
    ({"assets": ""}, "Say which assets it touches"),
    ({"sha256": "xyz"}, "A SHA-256 has 64 signs"),
    ({"wanted_by": "2026-05-31"}, "has passed"),
    ({"wanted_by": "2026-02-30"}, "There is no such day"),
    ({"action": "explode"}, "What is to be done"),
]


def test_a_request_that_cannot_be_is_refused_in_words_and_keeps_what_was_typed(
    app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    visitor = as_(app, cast.staff)
    for typed, says in ASKED_WRONG:
        answer = post(visitor, f"{url}/new", {**INSTALL, **typed})
        assert answer.status_code == 422, typed
        assert says in text(answer), typed
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(ChangeRequest)) == []
    move = {"action": "move", "title": "To Kiel", "reason": "Moved", "assets": "LT-001", "to_site": ""}
    assert "Say to which site it is moved." in text(post(visitor, f"{url}/new", move))


def test_staff_see_their_own_and_nobody_elses(app: Flask, cast: Cast, url: str, ids: dict[str, int]) -> None:
    post(as_(app, cast.asset_manager), f"{url}/new", {**INSTALL, "title": "Not yours"})
    post(as_(app, cast.staff), f"{url}/new", {**INSTALL, "title": "My own wish"})
    staff = as_(app, cast.staff)
    page = text(staff.get(url))
    assert "My own wish" in page
    assert "Not yours" not in page
    assert "Not yours" not in text(staff.get(f"{url}/export/csv"))
    for path in ("", "/done", "/check", "/undo", "/withdraw"):
        assert staff.get(f"{url}/CR-2026-001{path}").status_code == 404
    assert staff.get(f"{url}/CR-2026-002/decide").status_code == 403
    # One's own is one's own to withdraw; another's is not, whoever may authorise it.
    assert as_(app, cast.quality_manager).get(f"{url}/CR-2026-002/withdraw").status_code == 403
    assert as_(app, cast.auditor).get(f"{url}/CR-2026-002/done").status_code == 403
    assert as_(app, cast.stranger).get(f"{url}/CR-2026-002").status_code == 404
    assert step(app, cast, cast.staff, "withdraw", reference="CR-2026-002").status_code == 303
    assert "Withdrawn" in text(staff.get(f"{url}/CR-2026-002"))


def test_the_register_is_filtered_sorted_and_exported(app: Flask, cast: Cast, url: str, ids: dict[str, int]) -> None:
    with on_stage(app, cast.organisation, cast.staff) as w:
        for number in range(3):
            changes.ask(w, Asked(**_asked(title=f"Wish {number}", tags=("LT-001",), is_emergency=number == 1)))
        changes.ask(w, Asked(**_asked(title="Another", tags=("LT-002",))))
    visitor = as_(app, cast.auditor)
    for query, there, not_there in (
        ("asset=LT-002", "Another", "Wish 0"),
        ("emergency=any", "Wish 1", "Wish 0"),
        ("q=anoth", "Another", "Wish 0"),
        ("action=move", "No change is like that", "Wish 0"),
        ("status=requested", "Wish 0", "None"),
        ("status=nonsense&sort=nonsense&page=99", "Wish 0", "None"),
        (f"product={ids['visio']}&mine=yes", "No change is like that", "Wish 0"),
    ):
        page = text(visitor.get(f"{url}?{query}"))
        assert there in page, query
        assert not_there not in page, query
    rising = text(visitor.get(f"{url}?sort=title&order=up"))
    assert rising.index("Another") < rising.index("Wish 0") < rising.index("Wish 2")
    sheet = visitor.get(f"{url}/export/csv?asset=LT-001")
    lines = sheet.get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "Wish 2" in lines[1]
    assert visitor.get(f"{url}/export/xlsx").data[:2] == b"PK"
    assert visitor.get(f"{url}/export/exe").status_code == 404


def test_the_register_asks_the_same_number_of_questions_however_many_there_are(
    app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    visitor = as_(app, cast.auditor)
    counts = []
    for more in (1, 59):
        with on_stage(app, cast.organisation, cast.staff) as w:
            for _ in range(more):
                changes.ask(w, Asked(**_asked(title="Again", tags=("LT-001", "LT-002"))))
        visitor.get(url)
        asked: list[str] = []

        def listen(_c: Any, _cursor: Any, statement: str, *_more: Any, into: list[str] = asked) -> None:
            into.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            assert "Page 2" in text(visitor.get(url)) or more == 1
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_two_who_ask_at_once_get_two_references(app: Flask, cast: Cast, ids: dict[str, int]) -> None:
    def ask() -> None:
        with on_stage(app, cast.organisation, cast.staff) as w:
            changes.ask(w, Asked(**_asked(title="At once", tags=("LT-001",))))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with on_stage(app, cast.organisation) as w:
        found = sorted(w.all(select(ChangeRequest.reference)))
    assert found == [f"CR-2026-00{number}" for number in range(1, 7)]


def test_a_request_reaches_no_row_of_another_organisation(
    app: Flask, cast: Cast, url: str, ids: dict[str, int]
) -> None:
    with on_stage(app, cast.elsewhere) as w:
        asset(w, "XX-001")
        product(w, "Secret", "Elsewhere Ltd")
        theirs = site(w, "Elsewhere")
    visitor = as_(app, cast.staff)
    assert "The register has no asset XX-001." in text(post(visitor, f"{url}/new", {**INSTALL, "assets": "XX-001"}))
    assert "The catalogue has no software" in text(post(visitor, f"{url}/new", {**INSTALL, "software": "Secret"}))
    move = {"action": "move", "title": "Off", "reason": "Off", "assets": "LT-001", "to_site": str(theirs.id)}
    assert post(visitor, f"{url}/new", move).status_code == 422
    assert "Secret" not in text(visitor.get(f"{url}/new?action=install"))
    post(visitor, f"{url}/new", INSTALL)
    step(app, cast, cast.asset_manager, "decide", decision="authorise")
    assert cast.assessor.name not in text(as_(app, cast.staff).get(f"{url}/CR-2026-001/done"))
    for who in (cast.stranger, cast.assessor):
        done = step(app, cast, cast.staff, "done", done_by=str(who.id), done_on="2026-06-01")
        assert done.status_code == 422
        assert "Choose a member of this organisation." in text(done)


def _asked(**typed: Any) -> dict[str, Any]:
    return {"action": ChangeAction.INSTALL, "reason": "Charts", "software": "Visio", "version": "2.0", **typed}
