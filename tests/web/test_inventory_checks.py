"""Inventory checks: counted by several, differences drawn up and resolved one by one, closed when all are."""

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from html import unescape
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.domain.itam.asset import AssetKind, AssetStatus
from app.domain.itam.inventory import Difference, Resolution
from app.extensions import db
from app.models.asset import Asset
from app.models.inventory_check import InventoryCheck, InventoryLine
from app.operations import inventory_checks as operation
from app.queries.inventory_checks import check_by
from app.work import Work
from tests.cast import Cast, post, sign_in
from tests.equipped import equip
from tests.stage import on_stage, site

YEAR = date.today().year  # noqa: DTZ011 - any day near enough
REFERENCE = f"IC-{YEAR}-01"


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/inventory-checks"


@pytest.fixture
def keeper(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.asset_manager)


@contextmanager
def inside(app: Flask, cast: Cast) -> Iterator[Work]:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        yield w


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def munich(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> int:
    """A check of Munich, where two are expected; a third is elsewhere, a fourth is lost. Gives the id of Berlin."""
    with inside(app, cast) as w:
        here, there = site(w), site(w, "Berlin", subdivision="BE")
        equip(w, "NW-1", site_id=here.id)
        equip(w, "NW-2", "Projector", site_id=here.id, status=AssetStatus.IN_STOCK)
        equip(w, "NW-3", "Scanner", site_id=there.id)
        lost = equip(w, "NW-4", "Camera", site_id=here.id)
        lost.status = AssetStatus.LOST
        equip(w, "NW-5", "Web shop", AssetKind.CLOUD_SERVICE, site_id=here.id)
        ids = here.id, there.id
    answer = post(keeper, f"{home}/new", {"title": "Yearly", "site": str(ids[0])})
    assert (answer.status_code, answer.location) == (303, f"{home}/{REFERENCE}")
    return ids[1]


def lines(app: Flask, cast: Cast) -> dict[str, InventoryLine]:
    with inside(app, cast) as w:
        found = {each.tag: each for each in w.all(select(InventoryLine))}
        w.session.expunge_all()
        return found


def counted(client: FlaskClient, home: str, tags: str) -> str:
    answer = post(client, f"{home}/{REFERENCE}/count", {"tags": tags}, follow_redirects=True)
    return text(answer)


def test_what_the_register_has_there_is_expected(app: Flask, cast: Cast, munich: int) -> None:
    assert {tag: each.is_expected for tag, each in lines(app, cast).items()} == {"NW-1": True, "NW-2": True}


def test_tags_are_counted_once_each_however_they_are_typed(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, munich: int
) -> None:
    page = counted(keeper, home, "  nw-1 \r\n\r\nNW-1\nNW-3\nXX-9\n")
    assert "NW-1: found." in page
    assert "NW-3: found, and not expected here." in page
    assert "XX-9: not known to the register." in page
    assert "NW-1: counted before already." in counted(keeper, home, "NW-1")
    found = lines(app, cast)
    assert set(found) == {"NW-1", "NW-2", "NW-3", "XX-9"}
    assert found["NW-1"].found_by_id == cast.asset_manager.id
    assert found["NW-2"].found_at is None
    assert found["XX-9"].asset_id is None


@pytest.mark.parametrize(
    ("tags", "says"), [("", "Type or scan a tag"), (" \n ", "Type or scan a tag"), ("x" * 41, "is no tag")]
)
def test_what_is_no_tag_counts_nothing_and_stays_in_the_field(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, munich: int, tags: str, says: str
) -> None:
    answer = post(keeper, f"{home}/{REFERENCE}/count", {"tags": f"NW-1\n{tags}" if len(tags) > 9 else tags})
    assert answer.status_code == 422
    assert says in text(answer)
    assert tags.strip() in text(answer)
    assert lines(app, cast)["NW-1"].found_at is None


def test_a_tag_counted_by_mistake_is_taken_back(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, munich: int
) -> None:
    counted(keeper, home, "NW-1\nXX-9")
    for tag in ("NW-1", "XX-9", "NW-2"):
        post(keeper, f"{home}/{REFERENCE}/uncount", {"tag": tag})
    found = lines(app, cast)
    assert set(found) == {"NW-1", "NW-2"}
    assert found["NW-1"].found_at is None


@pytest.fixture
def drawn_up(app: Flask, cast: Cast, keeper: FlaskClient, home: str, munich: int) -> dict[str, int]:
    """Each kind of difference once; gives the ids of the lines by tag."""
    counted(keeper, home, "NW-1\nNW-3\nNW-4\nXX-9")
    assert "1 will stand as missing" in text(keeper.get(f"{home}/{REFERENCE}/end-counting"))
    assert post(keeper, f"{home}/{REFERENCE}/end-counting").status_code == 303
    return {tag: each.id for tag, each in lines(app, cast).items()}


def test_when_counting_ends_the_differences_are_drawn_up(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, drawn_up: dict[str, int]
) -> None:
    assert {tag: each.difference for tag, each in lines(app, cast).items()} == {
        "NW-1": None,
        "NW-2": Difference.MISSING,
        "NW-3": Difference.ELSEWHERE,
        "NW-4": Difference.NOT_EXPECTED,
        "XX-9": Difference.UNKNOWN,
    }
    assert "Counting has ended" in counted(keeper, home, "NW-2")
    assert lines(app, cast)["NW-2"].found_at is None
    answer = keeper.get(f"{home}/{REFERENCE}/export/csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {row["Tag"]: row["Difference"] for row in rows}["XX-9"] == "Unknown"
    refused = post(keeper, f"{home}/{REFERENCE}/close")
    assert refused.status_code == 422
    assert "4 differences are not resolved: NW-2, NW-3, NW-4, XX-9." in text(refused)


def test_each_difference_is_resolved_with_what_it_changes_and_then_the_check_is_closed(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, drawn_up: dict[str, int], munich: int
) -> None:
    def resolve(tag: str, **said: str) -> Any:
        return post(keeper, f"{home}/{REFERENCE}/lines/{drawn_up[tag]}", said)

    assert "nobody found it" in text(keeper.get(f"{home}/{REFERENCE}/lines/{drawn_up['NW-2']}"))
    for tag, said, says in (
        ("NW-2", {"resolution": "declared-lost"}, "Say how it was lost"),
        ("NW-2", {"resolution": "register-corrected"}, "Say at which other site it is."),
        ("NW-2", {"resolution": "register-corrected", "site": "99999"}, "Choose a site from the list."),
        ("NW-2", {"resolution": "recorded", "note": "x"}, "is resolved by one of"),
        ("NW-3", {"resolution": "accepted"}, "Say why the difference may stand."),
        ("NW-4", {"resolution": "register-corrected"}, "Say what it is again"),
        ("XX-9", {"resolution": "recorded"}, "An asset has a name."),
        ("XX-9", {}, "Choose what is done about it."),
    ):
        refused = resolve(tag, **said)  # type: ignore[arg-type]
        assert refused.status_code == 422, tag
        assert says in text(refused), tag
    assert keeper.get(f"{home}/{REFERENCE}/lines/{drawn_up['NW-1']}").status_code == 404
    assert resolve("NW-2", resolution="register-corrected", site=str(munich)).status_code == 303
    assert resolve("NW-3", resolution="register-corrected").status_code == 303
    assert resolve("NW-4", resolution="register-corrected", status="in-stock", note="In a drawer.").status_code == 303
    assert resolve("XX-9", resolution="recorded", name="Router", kind="hardware").status_code == 303
    assert "is resolved already" in text(resolve("XX-9", resolution="accepted", note="Twice."))
    with inside(app, cast) as w:
        rows = {each.tag: each for each in w.all(select(Asset))}
        here = rows["NW-1"].site_id
        assert rows["NW-2"].site_id == munich
        assert rows["NW-3"].site_id == here
        assert rows["NW-4"].status is AssetStatus.IN_STOCK
        assert (rows["XX-9"].name, rows["XX-9"].site_id) == ("Router", here)
        assert {each.resolution for each in w.all(select(InventoryLine))} == {
            None,
            Resolution.REGISTER_CORRECTED,
            Resolution.RECORDED,
        }
    assert post(keeper, f"{home}/{REFERENCE}/close").status_code == 303
    assert "Closed" in text(keeper.get(f"{home}/{REFERENCE}"))
    assert "is closed already" in text(post(keeper, f"{home}/{REFERENCE}/close"))


def test_differences_of_one_kind_are_resolved_together_with_one_reason(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, munich: int
) -> None:
    counted(keeper, home, "XX-7\nXX-8\nNW-3")
    assert post(keeper, f"{home}/{REFERENCE}/end-counting").status_code == 303
    ids = {tag: each.id for tag, each in lines(app, cast).items()}
    url = f"{home}/{REFERENCE}/lines"
    assert "Resolve the ticked ones together" in text(keeper.get(f"{home}/{REFERENCE}"))
    assert keeper.get(url).status_code == 303
    assert keeper.get(f"{url}?line={ids['XX-7']}&line={ids['NW-3']}").status_code == 303
    asked = text(keeper.get(f"{url}?line={ids['XX-7']}&line={ids['XX-8']}"))
    assert "Unknown: XX-7, XX-8." in asked
    assert 'value="recorded"' not in asked
    both = {"line": [str(ids["XX-7"]), str(ids["XX-8"])], "resolution": "accepted"}
    refused = post(keeper, url, both)
    assert refused.status_code == 422
    assert "Say why the difference may stand." in text(refused)
    assert f'name="line" value="{ids["XX-8"]}"' in text(refused)
    assert post(keeper, url, {**both, "note": "A guest's."}).status_code == 303
    found = lines(app, cast)
    assert {found[tag].resolution for tag in ("XX-7", "XX-8")} == {Resolution.ACCEPTED}
    assert found["NW-3"].resolution is None
    assert "is resolved already" in text(post(keeper, url, {**both, "note": "Twice."}))


def test_what_is_declared_lost_is_lost_in_the_register(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, drawn_up: dict[str, int]
) -> None:
    said = {"resolution": "declared-lost", "note": "Stolen with the van; no data on it."}
    assert post(keeper, f"{home}/{REFERENCE}/lines/{drawn_up['NW-2']}", said).status_code == 303
    with inside(app, cast) as w:
        assert w.all(select(Asset.status).where(Asset.tag == "NW-2")) == [AssetStatus.LOST]


def test_two_who_count_at_once_lose_nothing(app: Flask, cast: Cast, munich: int) -> None:
    ready = Barrier(4)

    def one(number: int) -> None:
        ready.wait(timeout=20)
        with on_stage(app, cast.organisation, cast.asset_manager) as w:
            check = check_by(w, REFERENCE, for_update=True)
            assert check is not None
            operation.count(w, check, f"NW-1\nXX-{number}\nXX-99\nNW-{number + 1}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(4)))
    found = lines(app, cast)
    assert set(found) == {"NW-1", "NW-2", "NW-3", "NW-4", "XX-0", "XX-1", "XX-2", "XX-3", "XX-99"}
    assert all(each.found_at for each in found.values())


@pytest.mark.one_database
def test_a_thousand_tags_are_counted_in_few_statements(app: Flask, cast: Cast, keeper: FlaskClient, home: str) -> None:
    with inside(app, cast) as w:
        w.insert_many(
            Asset,
            [
                {
                    "tag": f"T-{number:04d}",
                    "name": "Tablet",
                    "kind": AssetKind.HARDWARE,
                    "status": AssetStatus.DEPLOYED,
                    "created_at": w.now,
                    "version": 1,
                }
                for number in range(1000)
            ],
        )
        operation.start(w)
    heard: list[str] = []
    with app.app_context():
        engine = db.engine

    def hear(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        heard.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        page = counted(keeper, home, "\n".join(f"T-{number:04d}" for number in range(1000)) + "\nXX-1")
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    assert "T-0000, T-0001, T-0002 and 997 more: found." in page
    assert len(heard) < 60
    with inside(app, cast) as w:
        check = w.all(select(InventoryCheck))[0]
        operation.end_counting(w, check)
        differing = w.all(select(InventoryLine.tag).where(InventoryLine.difference.is_not(None)))
        assert differing == ["XX-1"]


def test_another_organisation_s_checks_and_sites_are_not_there(
    app: Flask, cast: Cast, keeper: FlaskClient, home: str, drawn_up: dict[str, int]
) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        their_site = site(w, "Leeds", "GB", None).id
        theirs = operation.start(w).reference
    assert theirs == REFERENCE, "references count within an organisation"
    assert post(keeper, f"{home}/new", {"site": str(their_site)}).status_code == 422
    said = {"resolution": "register-corrected", "site": str(their_site)}
    assert post(keeper, f"{home}/{REFERENCE}/lines/{drawn_up['NW-2']}", said).status_code == 422
    stranger = sign_in(app.test_client(), cast.stranger)
    there = f"/o/{cast.elsewhere.slug}/inventory-checks/{REFERENCE}/lines/{drawn_up['NW-2']}"
    assert stranger.get(there).status_code == 404
    assert stranger.get(f"{home}/{REFERENCE}").status_code == 404


def test_the_next_check_has_the_next_number(cast: Cast, keeper: FlaskClient, home: str, munich: int) -> None:
    answer = post(keeper, f"{home}/new", {"kind": "document"})
    assert answer.location == f"{home}/IC-{YEAR}-02"
    page = text(keeper.get(home))
    assert page.index("-02</a>") < page.index("-01</a>")
    assert "The register has nothing there." in text(keeper.get(answer.location))


def test_checks_are_filtered_and_exported(cast: Cast, keeper: FlaskClient, home: str, munich: int) -> None:
    post(keeper, f"{home}/new", {"kind": "document", "title": "Papers of the year"})
    second = f"IC-{YEAR}-02"
    for asked, found in (
        ("", [second, REFERENCE]),
        ("?q=papers", [second]),
        ("?kind=document&standing=counting", [second]),
        ("?q=year&standing=counting", [second, REFERENCE]),
        ("?standing=closed", []),
        ("?site=999999", []),
    ):
        page = text(keeper.get(home + asked))
        assert [each for each in (second, REFERENCE) if f"{each}</a>" in page] == found
        sheet = keeper.get(f"{home}/export/csv{asked}").text.splitlines()[1:]
        assert [line.split(",")[0] for line in sheet] == found
    assert "No check is like that" in text(keeper.get(home + "?standing=closed"))
    assert f'href="{home}/export/csv?q=papers"' in text(keeper.get(home + "?q=papers"))
    assert keeper.get(f"{home}/export/xlsx").status_code == 200
