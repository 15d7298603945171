"""The pages of entitlements: recorded with their terms, changed, given up, taken away, listed."""

import io
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from werkzeug.datastructures import FileStorage

from app.domain.licensing.entitlement import EntitlementKind, Term, TermAnswer
from app.models.journal import JournalEntry
from app.models.licence import Entitlement, EntitlementTerm
from app.operations import attachments, seats
from app.operations.attachments import Place
from app.operations.seats import Holder
from app.queries.entitlements import entitlement_by
from tests.cast import post, sign_in
from tests.equipped import employ
from tests.licensed import bought, pooled
from tests.stage import on_stage, site

BOUGHT = {"pool": "LP-001", "kind": "purchase", "quantity": "10", "starts_on": "2024-03-01", "may_downgrade": "y"}


@pytest.fixture
def url(cast):
    return f"/o/{cast.organisation.slug}/licences/entitlements"


@pytest.fixture
def manager(client, cast):
    return sign_in(client, cast.asset_manager)


@pytest.fixture
def pool(app, cast):
    """A pool with ten units of one proof; gives its id."""
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        row = pooled(w)
        bought(w, row, 10, proof="PoE-1")
        return row.id


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def version_of(answer):
    return answer.text.split('name="version"')[1].split('value="')[1].split('"')[0]


def only(app, cast, model, **conditions):
    with on_stage(app, cast.organisation) as w:
        return w.one_or_none(select(model).filter_by(**conditions))


def test_an_entitlement_is_recorded_with_its_terms_and_papers(manager, app, cast, url, pool):
    papers = {"supplier": "Softkontor", "purchase_order": "PO-7", "invoice": "SK-7", "contract": "C-7", "proof": "P-7"}
    with on_stage(app, cast.organisation) as w:
        sites = [site(w, "Munich").id, site(w, "Hamburg, port").id, site(w, "Oslo").id][:2]
    terms = {
        **{"answer_allowed_sites": "yes", "sites_allowed_sites": [str(each) for each in sites]},
        "says_allowed_sites": "As listed in annex 2.",
        **{"answer_virtualisation": "no", "limit_virtualisation": "", "answer_downgrade": "limit"},
        "limit_downgrade": "3",
    }
    said = {**BOUGHT, **papers, **terms, "cost": "1250.5", "currency": "eur", "version_through": "v16"}
    done = post(manager, f"{url}/new", said)
    assert (done.status_code, done.location) == (303, f"{url}/E-002")
    page = told(manager.get(done.location))
    for words in ("10 of 10 count today.", "EUR 1,250.50", "Through 16, older ones too", "PO-7", "SK-7", "C-7", "P-7"):
        assert words in page
    for words in (
        "Allowed sites",
        "<li>Hamburg, port</li><li>Munich</li>",
        "As listed in annex 2.",
        "Virtualisation",
        "Limit: 3",
        "ISO/IEC 19770-1:2017, 8.4",
    ):
        assert words in page
    form = manager.get(f"{done.location}/edit")
    assert form.text.count("checked") == 3, "two sites and older versions"
    journal = told(
        sign_in(app.test_client(), cast.quality_manager).get(f"/o/{cast.organisation.slug}/journal/?reference=E-002")
    )
    assert "<dt>Sites</dt> <dd>Munich, Hamburg, port</dd>" in journal
    kept = {**said, "version": version_of(form), "answer_virtualisation": "", "answer_allowed_sites": "yes"}
    assert post(manager, f"{done.location}/edit", kept).status_code == 303
    with on_stage(app, cast.organisation) as w:
        row = entitlement_by(w, "E-002")
        assert [(each.term.value, each.answer.value) for each in row.terms] == [
            ("allowed-sites", "yes"),
            ("downgrade", "limit"),
        ]
    journal = told(
        sign_in(app.test_client(), cast.quality_manager).get(f"/o/{cast.organisation.slug}/journal/?reference=E-002")
    )
    assert "term" in journal
    assert "E-002" in journal


def test_sites_of_a_term_are_those_of_the_organisation_and_fit_its_answer(manager, app, cast, url, pool):
    with on_stage(app, cast.elsewhere) as w:
        theirs = site(w, "Elsewhere").id
    with on_stage(app, cast.organisation) as w:
        ours = site(w, "Munich").id
    for said, says in (
        ({"answer_allowed_sites": "yes", "sites_allowed_sites": [str(theirs)]}, "There is no such site."),
        (
            {"answer_allowed_sites": "no", "sites_allowed_sites": [str(ours)]},
            "allows no site but the entitlement's own",
        ),
        ({"answer_allowed_sites": "", "sites_allowed_sites": [str(ours)]}, "Allowed sites: say yes, no or limit."),
        ({"answer_allowed_sites": "limit", "says_allowed_sites": "Munich"}, "or choose the sites"),
    ):
        answer = post(manager, f"{url}/new", {**BOUGHT, **said})
        assert (answer.status_code, says in told(answer)) == (422, True), says
    # What was written before stays, and is in the way of no other change.
    with on_stage(app, cast.organisation) as w:
        row = entitlement_by(w, "E-001")
        w.add(
            EntitlementTerm(
                entitlement_id=row.id, term=Term.ALLOWED_SITES, answer=TermAnswer.LIMIT, says="Munich. Oslo."
            )
        )
    form = manager.get(f"{url}/E-001/edit")
    assert "Munich. Oslo.</textarea>" in form.text
    same = {"answer_allowed_sites": "limit", "says_allowed_sites": "Munich. Oslo.", "proof": "PoE-1"}
    kept = {**BOUGHT, **same, "version": version_of(form), "supplier": "Softkontor"}
    assert post(manager, f"{url}/E-001/edit", kept).status_code == 303
    assert "Munich. Oslo." in told(manager.get(f"{url}/E-001"))


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"pool": "LP-999"}, "There is no pool “LP-999”"),
        ({"quantity": "-3"}, "for at least one whole unit"),
        ({"quantity": "0"}, "for at least one whole unit"),
        ({"quantity": "1.5"}, "“1.5” is no whole number"),
        ({"quantity": "99999999999"}, "more than can be kept"),
        ({"quantity": ""}, "Say how many units."),
        ({"starts_on": "2024-02-30"}, "There is no such day."),
        ({"ends_on": "2024-02-01"}, "before it starts on"),
        ({"kind": "subscription"}, "A subscription has a last day."),
        ({"kind": "upgrade"}, "takes its units from another entitlement: say which"),
        ({"kind": "upgrade", "base": "E-777"}, "There is no entitlement E-777."),
        ({"kind": "upgrade", "base": "E-001", "quantity": "11"}, "no more can be upgraded"),
        ({"base": "E-001"}, "rests on no other entitlement"),
        ({"proof": "PoE-1"}, "one proof counts once"),
        ({"cost": "5"}, "Give the currency as three letters"),
        ({"cost": "-5", "currency": "EUR"}, "A cost is no less than 0."),
        ({"maintained_until": "2023-01-01"}, "Maintenance ends before"),
        ({"renewal_notice_by": "2025-01-01"}, "give the last day, too"),
        ({"site": "88888"}, "Choose a site from the list."),
        ({"answer_downgrade": "limit"}, "say how many the contract allows"),
        ({"answer_downgrade": "limit", "limit_downgrade": "-1"}, "A limit is no less than 0."),
        ({"limit_downgrade": "4"}, "Downgrade: say yes, no or limit."),
        ({"answer_downgrade": "perhaps"}, "Not a valid choice"),
    ],
)
def test_what_no_entitlement_can_be_is_refused_and_the_form_stays_filled_in(manager, app, cast, url, pool, said, says):
    refused = post(manager, f"{url}/new", {**BOUGHT, "notes": "Kept as typed", **said})
    assert (refused.status_code, says in told(refused)) == (422, True)
    assert "Kept as typed" in refused.text
    with on_stage(app, cast.organisation) as w:
        assert len(w.all(select(Entitlement))) == 1


def test_an_upgrade_consumes_its_base_and_both_pages_say_so(manager, url, pool):
    said = {**BOUGHT, "kind": "upgrade", "base": "e-001", "quantity": "4", "starts_on": "2024-06-01"}
    done = post(manager, f"{url}/new", said)
    assert done.status_code == 303
    base = told(manager.get(f"{url}/E-001"))
    assert "6 of 10 count today." in base
    assert "4 of them were upgraded by E-002" in base
    assert "It was taken from by" in base
    assert "It rests on" in told(manager.get(done.location))
    form = manager.get(f"{url}/E-001/edit")
    circle = {**BOUGHT, "kind": "upgrade", "base": "E-002", "version": version_of(form), "proof": "PoE-1"}
    refused = post(manager, f"{url}/E-001/edit", circle)
    assert (refused.status_code, "That is a circle" in told(refused)) == (422, True)
    kept = post(manager, f"{url}/E-001/delete", {"reason": "By mistake"})
    assert (kept.status_code, "Rests on it: E-002." in told(kept)) == (422, True)
    less = {**BOUGHT, "quantity": "3", "version": version_of(form)}
    assert "cannot have fewer" in told(post(manager, f"{url}/E-001/edit", less))


def test_seats_keep_what_covers_them(manager, app, cast, url, pool):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        people = [employ(w, f"P-{number}", f"Person {number}").id for number in range(10)]
        seats.check_out(w, pool, [Holder(each) for each in people], w.today)
    today = date.today()  # noqa: DTZ011 - any day near enough
    version = version_of(manager.get(f"{url}/E-001/edit"))
    for path, said in (
        ("edit", {**BOUGHT, "quantity": "9", "version": version}),
        ("retire", {"retired_on": (today + timedelta(days=9)).isoformat(), "reason": "Sold"}),
        ("delete", {"reason": "By mistake"}),
    ):
        refused = post(manager, f"{url}/E-001/{path}", said)
        assert (refused.status_code, "Held by Person 0" in told(refused)) == (422, True), path
    assert only(app, cast, Entitlement).quantity == 10
    assert only(app, cast, Entitlement).retired_on is None


def test_it_is_given_up_with_a_reason_and_that_is_taken_back(manager, app, cast, url, pool):
    assert manager.get(f"{url}/E-001/reinstate").status_code == 404
    said = {"retired_on": "2025-01-15", "reason": "Sold with the machines"}
    assert post(manager, f"{url}/E-001/retire", {**said, "reason": ""}).status_code == 422
    early = post(manager, f"{url}/E-001/retire", {**said, "retired_on": "2023-01-01"})
    assert (early.status_code, "it cannot be given up before" in told(early)) == (422, True)
    assert post(manager, f"{url}/E-001/retire", said).status_code == 303
    page = told(manager.get(f"{url}/E-001"))
    assert "Nothing of it counts today." in page
    assert "Sold with the machines" in page
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        reasons = select(JournalEntry.reason).where(
            JournalEntry.noun == "entitlement", JournalEntry.action == "changed"
        )
        assert set(w.session.scalars(reasons)) == {"Sold with the machines"}
        again = bought(w, entitlement_by(w, "E-001").pool, 5, date(2025, 2, 1), proof="PoE-1").reference
    back = post(manager, f"{url}/E-001/reinstate", {"reason": "The buyer withdrew"})
    assert (back.status_code, f"stands at {again} already" in told(back)) == (422, True)
    assert post(manager, f"{url}/{again}/delete", {"reason": "Not bought"}).status_code == 303
    assert post(manager, f"{url}/E-001/reinstate", {"reason": "The buyer withdrew"}).status_code == 303
    assert "10 of 10 count today." in told(manager.get(f"{url}/E-001"))


def test_files_and_what_came_with_them_keep_it_and_a_number_is_given_once(manager, app, cast, url, pool):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        row = entitlement_by(w, "E-001")
        attachments.attach(w, Place(entitlement_id=row.id), FileStorage(io.BytesIO(b"The proof.\n"), "proof.txt"))
        gone = bought(w, row.pool, 1, date(2024, 5, 1)).reference
    page = told(manager.get(f"{url}/E-001"))
    assert "proof.txt" in page
    refused = post(manager, f"{url}/E-001/delete", {"reason": "By mistake"})
    assert (refused.status_code, "Files: 1. Remove them first." in told(refused)) == (422, True)
    assert post(manager, f"{url}/{gone}/delete", {"reason": "By mistake"}).status_code == 303
    assert post(manager, f"{url}/new", BOUGHT).location == f"{url}/E-003"


def test_of_two_who_change_it_the_second_sees_both_versions(manager, url, pool):
    version = version_of(manager.get(f"{url}/E-001/edit"))
    first = {**BOUGHT, "supplier": "First", "version": version}
    assert post(manager, f"{url}/E-001/edit", first).status_code == 303
    late = post(manager, f"{url}/E-001/edit", {**first, "supplier": "Second"})
    assert late.status_code == 422
    assert "<td>First</td><td>Second</td>" in told(late)


def test_terms_alone_are_changed_and_kept_from_overwriting(manager, app, cast, url, pool):
    version = version_of(manager.get(f"{url}/E-001/edit"))
    said = {**BOUGHT, "proof": "PoE-1", "version": version, "answer_transfer": "yes"}
    assert post(manager, f"{url}/E-001/edit", said).status_code == 303
    late = post(manager, f"{url}/E-001/edit", {**said, "answer_transfer": "no"})
    assert late.status_code == 422
    assert only(app, cast, EntitlementTerm).answer.value == "yes"


def test_the_list_is_filtered_sorted_and_exported(manager, app, cast, url, pool):
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        row = entitlement_by(w, "E-001").pool
        ended = {"ends_on": date(2024, 12, 31), "supplier": "Softkontor"}
        bought(w, row, 3, date(2024, 1, 1), EntitlementKind.SUBSCRIPTION, **ended)
    assert "E-002" not in told(manager.get(f"{url}?standing=active"))
    assert "E-001" not in told(manager.get(f"{url}?kind=subscription"))
    assert "No entitlement is like that" in told(manager.get(f"{url}?pool=LP-999"))
    up = told(manager.get(f"{url}?order=starts"))
    assert up.index("E-002") < up.index("E-001")
    assert "from the day after, it counts as none" in up
    sheet = manager.get(f"{url}/export/csv?standing=ended").get_data(as_text=True)
    assert "E-002,LP-001,Quill Office,Quillworks,Subscription,3,2024-01-01,2024-12-31" in sheet
    assert "E-001" not in sheet
    assert manager.get(f"{url}/export/xlsx").status_code == 200
    assert manager.get(f"{url}?page=99999999&publisher=x&order=evil&standing=none").status_code == 200


def test_who_may_see_and_who_may_change(client, app, cast, url, pool):
    auditor = sign_in(app.test_client(), cast.auditor)
    assert auditor.get(f"{url}/E-001").status_code == 200
    assert auditor.get(f"{url}/E-001/retire").status_code == 403
    assert sign_in(app.test_client(), cast.staff).get(url).status_code == 403
    stranger = sign_in(client, cast.stranger)
    elsewhere = f"/o/{cast.elsewhere.slug}/licences/entitlements"
    assert stranger.get(f"{url}/E-001").status_code == 404
    assert stranger.get(f"{elsewhere}/E-001").status_code == 404
    foreign = post(stranger, f"{elsewhere}/new", BOUGHT)
    assert (foreign.status_code, "There is no pool" in told(foreign)) == (422, True)


def test_a_list_takes_a_fixed_number_of_queries(manager, app, cast, url, pool):
    def count(address):
        said = []

        def hear(*heard):
            said.append(heard[2])

        event.listen(Engine, "before_cursor_execute", hear)
        try:
            assert manager.get(address).status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", hear)
        return len(said)

    page = url.replace("/entitlements", "/pools/LP-001")
    count(url)
    few = count(url), count(page)
    with on_stage(app, cast.organisation, cast.asset_manager) as w:
        row = entitlement_by(w, "E-001").pool
        for number in range(12):
            each = bought(w, row, 3, date(2024, 5, 1), proof=f"P-{number}")
            taken = {"base": each.reference}
            bought(w, row, 1, date(2024, 6, 1), EntitlementKind.UPGRADE, **taken)
    assert (count(url), count(page)) == few
