"""What findings concern: typed and offered, shown on both sides, filled in from everyday screens."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.itam.change import Authorisation, ChangeAction
from app.domain.itam.inventory import Difference
from app.domain.licensing.metric import Metric
from app.models.asset import Asset
from app.models.finding import FindingLink
from app.models.inventory_check import InventoryCheck, InventoryLine
from app.models.process import Process
from app.models.software import Installation
from app.operations import changes
from app.operations.changes import Asked
from tests.cast import Cast, post, sign_in
from tests.certified import NOON
from tests.equipped import equip
from tests.inventory import installation
from tests.licensed import bought, catalogued, pooled
from tests.stage import on_stage, site
from tests.web.test_findings import send

ALL = ("NW-0001", "LP-001", "E-2026-001", "Quill Office 2.0 on nw-0001", "Munich", "Finance", "CR-2026-001")


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}"


@pytest.fixture
def manager(client: FlaskClient, cast: Cast) -> FlaskClient:
    return sign_in(client, cast.quality_manager)


@pytest.fixture
def things(app: Flask, cast: Cast) -> dict[str, Any]:
    """One of everything that a finding may concern; the laptop has no owner and software that nobody authorised."""
    with on_stage(app, cast.organisation, cast.staff) as w:
        munich = site(w, "Munich")
        laptop = equip(w, "NW-0001", "Laptop of finance", site_id=munich.id, is_ours=False)
        quill = catalogued(w)
        pool = pooled(w, product_ids=[quill.id])
        rights = bought(w, pool, 1)
        put = installation(w, laptop, quill, "2.0")
        w.add(Process(reference="P-01", name="Finance"))
        asked = Asked(
            action=ChangeAction.REMOVE, title="Take it off", reason="Old.", tags=("NW-0001",), is_emergency=True
        )
        change = changes.ask(w, asked)
        return {
            "asset": laptop.id,
            "pool": pool.reference,
            "entitlement": rights.reference,
            "installation": put.id,
            "product": put.product_id,
            "change": change.reference,
        }


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def lines(things: dict[str, Any]) -> str:
    return "\n".join((*ALL[:1], things["pool"], things["entitlement"], *ALL[3:6], things["change"]))


def test_each_kind_is_named_by_what_it_is_called_and_shown_on_both_sides(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, things: dict[str, Any]
) -> None:
    send(manager, f"{home}/findings/new")
    answer = post(manager, f"{home}/findings/NC-2026-001/links", {"links": lines(things)})
    assert answer.status_code == 303
    page = text(manager.get(f"{home}/findings/NC-2026-001"))
    assert "7 links were added" in page
    for words in (
        "Laptop of finance, no ownership, deployed",
        "Quillworks, unauthorised",
        "Take it off, requested",
        "purchase of 1 in",
        "Finance",
        "Munich",
    ):
        assert words in page, words
    for path in (
        f"assets/{things['asset']}",
        f"licences/pools/{things['pool']}",
        f"licences/position/{things['pool']}",
        f"licences/entitlements/{things['entitlement']}",
        f"software/installations/{things['installation']}",
        f"software/{things['product']}",
        f"changes/{things['change']}",
        "processes/P-01",
    ):
        there = manager.get(f"{home}/{path}")
        assert there.status_code == 200, path
        assert f"{home}/findings/NC-2026-001" in text(there), path
    sign_in(keeper := app.test_client(), cast.administrator)
    assert "1 finding" in text(keeper.get(f"{home}/settings/"))
    again = post(manager, f"{home}/findings/NC-2026-001/links", {"links": lines(things)})
    assert again.status_code == 303
    assert "It concerned all of them already." in text(manager.get(again.location))


def test_what_a_finding_concerns_is_not_taken_away(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, things: dict[str, Any]
) -> None:
    send(manager, f"{home}/findings/new", links=lines(things))
    keeper = sign_in(app.test_client(), cast.asset_manager)
    for path in (
        f"assets/{things['asset']}/remove",
        f"licences/pools/{things['pool']}/delete",
        f"licences/entitlements/{things['entitlement']}/delete",
    ):
        answer = post(keeper, f"{home}/{path}", {"reason": "By mistake."})
        assert answer.status_code == 422, path
        assert "NC-2026-001" in text(answer), path


def test_a_link_is_taken_back_once(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, things: dict[str, Any]
) -> None:
    send(manager, f"{home}/findings/new", links=lines(things))
    with on_stage(app, cast.organisation) as w:
        ids = [row.id for row in w.all(select(FindingLink))]
    for id_ in ids:
        assert post(manager, f"{home}/findings/NC-2026-001/links/{id_}/remove").status_code == 303
    assert post(manager, f"{home}/findings/NC-2026-001/links/{ids[0]}/remove").status_code == 404
    assert "Nothing is named" in text(manager.get(f"{home}/findings/NC-2026-001"))


def test_what_is_typed_has_to_name_one_thing(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, things: dict[str, Any]
) -> None:
    with on_stage(app, cast.organisation) as w:
        site(w, "Finance")
    send(manager, f"{home}/findings/new")
    url = f"{home}/findings/NC-2026-001/links"
    assert "“finance” is a process and a site" in text(post(manager, url, {"links": "finance"}))
    assert post(manager, url, {"links": "site: Finance\nprocess: finance"}).status_code == 303
    assert "Nothing is called “<b>”" in text(post(manager, url, {"links": "<b>"}))
    assert "Type what it concerns" in text(post(manager, url, {"links": " \n "}))
    many = "\n".join(f"NW-{number}" for number in range(201))
    assert "200 things at most" in text(post(manager, url, {"links": many}))


def test_what_is_typed_is_offered(
    manager: FlaskClient, home: str, things: dict[str, Any], app: Flask, cast: Cast
) -> None:
    names = {each["name"]: each["kind"] for each in manager.get(f"{home}/findings/offered?q=NW-0001").get_json()}
    assert names == {"NW-0001": "Asset", "Quill Office 2.0 on NW-0001": "Installation"}
    assert manager.get(f"{home}/findings/offered?q=%20").get_json() == []
    assert [each["name"] for each in manager.get(f"{home}/findings/offered?q=financ").get_json()] == ["NW-0001", "P-01"]
    strange = sign_in(app.test_client(), cast.stranger)
    assert strange.get(f"{home}/findings/offered?q=NW").status_code == 404
    assert strange.get(f"/o/{cast.elsewhere.slug}/findings/offered?q=NW").get_json() == []


def test_another_organisation_s_things_are_not_named(app: Flask, cast: Cast, things: dict[str, Any]) -> None:
    strange = sign_in(app.test_client(), cast.stranger)
    answer = send(strange, f"/o/{cast.elsewhere.slug}/findings/new", links=lines(things))
    assert answer.status_code == 422
    assert "Nothing is called “NW-0001”" in text(answer)


def refused_emergency(app: Flask, cast: Cast, reference: str) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        changes.do(w, reference, None, on=w.today, by=cast.staff.id)
        changes.refuse(w, reference, None, "Nobody was asked.")


def missing_line(app: Flask, cast: Cast) -> int:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        laptop = w.all(select(Asset))[0]
        given = {"started_by_id": cast.asset_manager.id, "started_at": w.now, "counted_at": w.now}
        check = w.add(InventoryCheck(reference="IC-2026-01", **given))
        line = InventoryLine(
            check_id=check.id, tag=laptop.tag, asset_id=laptop.id, is_expected=True, difference=Difference.MISSING
        )
        return w.add(line).id


DRAFTS = [
    ("installation", "/software/unauthorised", "7.6.3", ("Quill Office 2.0 was found on NW-0001 on 5 Jan 2026",)),
    ("installation", "/software/installations/{installation}", "7.6.3", ("nobody accepted it",)),
    ("gap", "/assets/gaps", "8.7", ("It is not on record whose it is today.",)),
    ("missing", "/inventory-checks/IC-2026-01", "8.3", ("NW-0001 was expected and is missing",)),
    ("change", "/changes/{change}", "8.2", ("done on 1 Jun 2026, refused on 1 Jun 2026",)),
]


@pytest.mark.parametrize(("noun", "path", "clause", "words"), DRAFTS, ids=lambda value: str(value)[:24])
def test_an_everyday_screen_raises_a_finding_in_two_clicks(
    app: Flask,
    cast: Cast,
    home: str,
    things: dict[str, Any],
    noun: str,
    path: str,
    clause: str,
    words: tuple[str, ...],
) -> None:
    refused_emergency(app, cast, things["change"])
    keys = {"installation": things["installation"], "gap": things["asset"], "change": things["change"]}
    keys["missing"] = missing_line(app, cast)
    keeper = sign_in(app.test_client(), cast.asset_manager)
    button = f"{home}/findings/new?from={noun}:{keys[noun]}"
    assert f'href="{button}"' in text(keeper.get(home + path.format(**things))).replace("%3A", ":")
    form = text(keeper.get(button))
    for each in (*words, f'value="{clause}"', "ISO/IEC 19770-1:2017"):
        assert each in form, each
    filled = fields(form)
    answer = post(keeper, f"{home}/findings/new", filled)
    assert answer.status_code == 303, text(answer)
    page = text(keeper.get(answer.location))
    assert "NW-0001" in page
    assert f"ISO/IEC 19770-1:2017, {clause}" in page


def fields(form: str) -> dict[str, str]:
    """What a browser sends of a form as it came."""
    inside = form[form.index('<form class="form') :]
    said = dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\r?\n?([^<]*)</textarea>', inside))
    for tag in re.findall(r"<input[^>]*>", inside):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and ("radio" not in tag or " checked" in tag):
            said[name[1]] = value[1]
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', inside, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        said[name] = chosen[1] if chosen else ""
    return said


def test_a_shortfall_is_raised_with_its_numbers(app: Flask, cast: Cast, home: str) -> None:
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        draw = catalogued(w, "Quill Draw")
        pool = pooled(w, name="Quill Draw", metric=Metric.DEVICE, product_ids=[draw.id])
        bought(w, pool, 1)
        for tag in ("NW-1", "NW-2", "NW-3"):
            installation(w, equip(w, tag), draw, "2.0", authorisation=Authorisation.AUTHORISED)
        reference = pool.reference
    keeper = sign_in(app.test_client(), cast.asset_manager)
    assert f"findings/new?from=pool:{reference}" in text(keeper.get(f"{home}/licences/position/{reference}")).replace(
        "%3A", ":"
    )
    form = text(keeper.get(f"{home}/findings/new?from=pool:{reference}"))
    assert f"Shortfall of 2 in {reference} Quill Draw" in form
    assert "1 entitled, 3 needed, 2 short." in form
    answer = post(keeper, f"{home}/findings/new", fields(form))
    assert "ISO/IEC 19770-1:2017, 8.4" in text(keeper.get(answer.location))


@pytest.mark.parametrize(
    "said", ["installation:999", "installation:x", "pool:LP-999", "gap:1e5", "change:", "nothing:1", ""]
)
def test_an_address_that_names_nothing_opens_an_empty_form(manager: FlaskClient, home: str, said: str) -> None:
    answer = manager.get(f"{home}/findings/new?from={said}&item=99&grade=nonsense")
    assert answer.status_code == 200


def test_what_was_authorised_since_is_no_draft_any_longer(
    app: Flask, cast: Cast, manager: FlaskClient, home: str, things: dict[str, Any]
) -> None:
    with on_stage(app, cast.organisation) as w:
        w.all(select(Installation))[0].authorisation = Authorisation.AUTHORISED
    assert "Quill Office" not in text(manager.get(f"{home}/findings/new?from=installation:{things['installation']}"))
