"""The pages of licence pools: recorded, changed, taken away, listed, and found."""

from html import unescape

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app.domain.licensing.metric import Metric
from app.models.licence import LicencePool, PoolProduct
from app.operations import seats
from app.operations.seats import Holder
from tests.cast import post, sign_in
from tests.equipped import employ
from tests.licensed import bought, catalogued, pooled
from tests.stage import on_stage, site


@pytest.fixture
def url(cast):
    return f"/o/{cast.organisation.slug}/licences/pools"


@pytest.fixture
def manager(client, cast):
    return sign_in(client, cast.asset_manager)


@pytest.fixture
def office(app, cast):
    """A pool of named users, of which two are entitled and one has a seat."""
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        pool = pooled(w)
        bought(w, pool, 2, proof="PoE-1")
        seats.check_out(w, pool.id, [Holder(employ(w).id)], w.today)
        return pool.reference


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def version_of(answer):
    return answer.text.split('name="version"')[1].split('value="')[1].split('"')[0]


SAID = {"name": "Orbital", "metric": "core", "products-0": "Orbital Data: Orbital DB", "site": ""}


@pytest.fixture
def orbital(app, cast):
    with on_stage(app, cast.organisation) as w:
        return catalogued(w, "Orbital DB", "Orbital Data").id


def test_a_pool_is_recorded_with_all_that_it_says(manager, app, cast, url, orbital):
    page = told(manager.get(f"{url}/new?product={orbital}"))
    assert 'value="Orbital Data: Orbital DB"' in page
    numbers = {"minimum_per_socket": "8", "minimum_per_host": "16", "factor": "0.5", "pack_size": "2"}
    done = post(manager, f"{url}/new", {**SAID, **numbers, "unit_price": "9500.5", "currency": "eur", "notes": "N"})
    assert (done.status_code, done.location) == (303, f"{url}/LP-001")
    with on_stage(app, cast.organisation) as w:
        row = w.one_or_none(select(LicencePool))
        assert (row.metric, row.minimum_per_socket, row.minimum_per_host) == (Metric.CORE, 8, 16)
        assert (row.factor_thousandths, row.pack_size, row.unit_price_minor, row.currency) == (500, 2, 950_050, "EUR")
    shown = told(manager.get(done.location))
    for words in ("Orbital DB</a>", "8 per socket, 16 per host", "<dd>0.5</dd>", "EUR 9,500.50", "In balance: 0 cores"):
        assert words in shown
    assert "added" in told(sign_in(app.test_client(), cast.quality_manager).get(
        f"/o/{cast.organisation.slug}/journal/?reference=LP-001"
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"name": " "}, "Give the name."),
        ({"products-0": ""}, "Say which products it covers."),
        ({"products-0": "Nothing"}, "“Nothing” is no product of the catalogue"),
        ({"products-1": "Quillworks: Quill Office"}, "a pool covers products of one publisher"),
        ({"minimum_per_host": "1.5"}, "“1.5” is no whole number. Write a whole number, such as 25."),
        ({"minimum_per_socket": "-1"}, "Give a number from 0"),
        ({"pack_size": "0"}, "Give a number from 1"),
        ({"factor": "0.00001"}, "three decimals at most"),
        ({"factor": "NaN"}, "three decimals at most"),
        ({"unit_price": "12"}, "Give the currency as three letters"),
        ({"unit_price": "12.505", "currency": "EUR"}, "EUR has 2 decimals"),
        ({"unit_price": "-1", "currency": "EUR"}, "A price is no less than 0."),
        ({"site": "77777"}, "Choose a site from the list."),
        ({"metric": "bushel"}, "Not a valid choice"),
    ],
)
def test_what_no_pool_can_be_is_refused_and_the_form_stays_filled_in(manager, app, cast, url, orbital, said, says):
    with on_stage(app, cast.organisation) as w:
        catalogued(w)
    refused = post(manager, f"{url}/new", {**SAID, "notes": "Kept as typed", **said})
    assert (refused.status_code, says in told(refused)) == (422, True)
    assert "Kept as typed" in refused.text
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(LicencePool)) == []


def test_a_pool_shows_what_counts_today_and_why(manager, url, office):
    shown = told(manager.get(f"{url}/{office}"))
    assert "1 to spare: 1 named users against 2 entitled." in shown
    assert "E-001 counts 2." in shown
    assert "for good." in shown
    assert "Seats held today</dt><dd>1" in shown
    assert "PoE-1" in shown


def test_a_change_that_leaves_seats_uncovered_is_refused_and_shows_who_holds_them(manager, app, cast, url, office):
    with on_stage(app, cast.organisation) as w:
        munich = site(w).id
        w.one_or_none(select(LicencePool)).notes = "x"
    form = manager.get(f"{url}/{office}/edit")
    said = {"name": "Quill Office", "products-0": "Quillworks: Quill Office", "version": version_of(form)}
    refused = post(manager, f"{url}/{office}/edit", {**said, "metric": "core"})
    assert (refused.status_code, "it has no seats to check out" in told(refused)) == (422, True)
    there = post(manager, f"{url}/{office}/edit", {**said, "metric": "named-user", "site": str(munich)})
    assert (there.status_code, "would be at another site: Anna Berg" in told(there)) == (422, True)


def test_of_two_who_change_a_pool_the_second_sees_both_versions(manager, url, office):
    said = {"metric": "named-user", "products-0": "Quillworks: Quill Office"}
    version = version_of(manager.get(f"{url}/{office}/edit"))
    assert post(manager, f"{url}/{office}/edit", {**said, "name": "First", "version": version}).status_code == 303
    late = post(manager, f"{url}/{office}/edit", {**said, "name": "Second", "version": version})
    page = told(late)
    assert late.status_code == 422
    for words in ("was changed by somebody else", "<td>First</td><td>Second</td>"):
        assert words in page
    version = version_of(late)
    assert post(manager, f"{url}/{office}/edit", {**said, "name": "Second", "version": version}).status_code == 303


def test_what_points_at_a_pool_keeps_it(manager, url, office, app, cast):
    refused = post(manager, f"{url}/{office}/delete", {"reason": "By mistake"})
    page = told(refused)
    assert refused.status_code == 422
    assert "Entitlements: E-001." in page
    assert "Seats, held now or before: 1." in page
    with on_stage(app, cast.organisation) as w:
        empty = pooled(w, Metric.DEVICE, "Empty").reference
    assert post(manager, f"{url}/{empty}/delete", {"reason": " "}).status_code == 422
    assert post(manager, f"{url}/{empty}/delete", {"reason": "By mistake"}).status_code == 303
    assert manager.get(f"{url}/{empty}").status_code == 404


def test_the_list_is_filtered_sorted_and_exported(manager, app, cast, url, office):
    with on_stage(app, cast.organisation) as w:
        pooled(w, Metric.DEVICE, "Sentry")
    page = told(manager.get(f"{url}?metric=device"))
    assert ("LP-002" in page, "LP-001" in page) == (True, False)
    assert "No pool is like that" in told(manager.get(f"{url}?q=nothing-of-it"))
    down = told(manager.get(f"{url}?order=reference&direction=down"))
    assert down.index("LP-002") < down.index("LP-001")
    sheet = manager.get(f"{url}/export/csv?q=quill+office").get_data(as_text=True)
    assert "LP-001,Quill Office,Quillworks,Named user,,1,1,1" in sheet
    assert "LP-002" not in sheet
    assert manager.get(f"{url}/export/xlsx").status_code == 200
    assert manager.get(f"{url}/export/pdf").status_code == 404
    assert manager.get(f"{url}?page=99999999&publisher=x&site=-1&order=evil").status_code == 200


def test_who_may_see_and_who_may_change(client, app, cast, url, office):
    auditor = sign_in(app.test_client(), cast.auditor)
    assert auditor.get(f"{url}/{office}").status_code == 200
    assert "Record an entitlement" not in auditor.get(f"{url}/{office}").text
    assert auditor.get(f"{url}/new").status_code == 403
    assert sign_in(app.test_client(), cast.staff).get(url).status_code == 403
    stranger = sign_in(client, cast.stranger)
    elsewhere = f"/o/{cast.elsewhere.slug}/licences/pools"
    assert stranger.get(f"{url}/{office}").status_code == 404
    assert stranger.get(f"{elsewhere}/{office}").status_code == 404
    assert post(stranger, f"{elsewhere}/{office}/delete", {"reason": "x"}).status_code == 404


def test_pools_are_found_from_every_page_and_from_their_product(manager, app, cast, url, office):
    found = told(manager.get(f"/o/{cast.organisation.slug}/search?q=quill"))
    assert f'href="{url}/{office}"' in found
    assert 'href="' + url.replace("pools", "entitlements") + '/E-001"' in found
    staff = sign_in(app.test_client(), cast.auditor).get(f"/o/{cast.organisation.slug}/search?q=quill")
    assert staff.status_code == 200
    with on_stage(app, cast.organisation) as w:
        product_id = w.all(select(PoolProduct.product_id))[0]
    assert f'href="{url}/{office}"' in told(manager.get(f"/o/{cast.organisation.slug}/software/{product_id}"))


def test_a_list_takes_a_fixed_number_of_queries(manager, app, cast, url, office):
    def count():
        said = []

        def hear(*heard):
            said.append(heard[2])

        event.listen(Engine, "before_cursor_execute", hear)
        try:
            assert manager.get(url).status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", hear)
        return len(said)

    count()
    few = count()
    with on_stage(app, cast.organisation) as w:
        for number in range(12):
            bought(w, pooled(w, name=f"Pool {number}"), 3)
    assert count() == few


@pytest.mark.parametrize(
    "said",
    ["Orbital Data: Orbital DB", "orbital db", "Orbital Data Orbital DB", "Orbital DB (Orbital Data)"],
)
def test_a_product_is_known_by_its_name_however_its_publisher_stands(manager, url, orbital, said):
    answer = post(manager, f"{url}/new", {**SAID, "products-0": said})
    assert answer.status_code == 303
