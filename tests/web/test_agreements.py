"""Agreements on screen: proposed by one side, accepted with ticks, changed and ended; nobody reaches another's."""

from flask import Flask
from flask.testing import FlaskClient

from app.domain.subscription.agreement import USUAL, Share
from app.operations import agreements
from app.queries.agreements import passage_to
from tests.cast import Cast, post, sign_in
from tests.stage import on_stage


def test_a_client_accepts_with_ticks_changes_them_and_ends(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        id_ = agreements.propose_to_client(w, cast.organisation.slug, USUAL, "As we said on Monday.").id
    base = f"/o/{cast.organisation.slug}/settings/agreements"
    sign_in(client, cast.administrator)
    assert "As we said on Monday." in client.get(f"{base}/").text
    asks = "Birch Hosting proposes an agreement: your answer is awaited."
    settings = f"/o/{cast.organisation.slug}/settings/"
    assert asks in client.get(settings).text
    ticked = ["programme", "findings"]
    assert post(client, f"{base}/{id_}", {"shares": ["programme", "everything"]}).status_code == 422
    assert post(client, f"{base}/{id_}", {"shares": ticked}).status_code == 303
    assert asks not in client.get(settings).text
    with on_stage(app, cast.elsewhere) as w:
        found = passage_to(w, cast.organisation.slug)
        assert found is not None
        assert found.shares == {Share.PROGRAMME, Share.FINDINGS}
    # A page that was opened before is not saved over what stands now.
    assert "was changed by somebody else" in post(client, f"{base}/{id_}", {"shares": [], "seen": "1"}).text
    for unread in ({}, {"seen": ""}, {"seen": "two"}, {"seen": "-1"}):
        blind = post(client, f"{base}/{id_}", {"shares": [], **unread})
        assert (blind.status_code, "Nothing was saved" in blind.text) == (422, True), unread
    assert post(client, f"{base}/{id_}", {"shares": [], "seen": "2"}).status_code == 303
    assert "Nothing but that you are its client" in client.get(f"{base}/").text
    assert "sees nothing of Alder Works" in client.get(f"{base}/{id_}/end").text
    assert post(client, f"{base}/{id_}/end").status_code == 303
    again = post(client, f"{base}/{id_}/end")
    assert (again.status_code, "ended already" in again.text) == (422, True)
    assert client.get(f"{base}/{id_}").status_code == 303


def test_a_provider_proposes_accepts_and_has_no_way_to_see_more(app: Flask, client: FlaskClient, cast: Cast) -> None:
    base = f"/o/{cast.organisation.slug}/client-agreements"
    sign_in(client, cast.provider_staff)
    for address in ("birch-hosting", "nobody-here"):
        said = post(client, f"{base}/propose", {"address": address, "shares": ["programme"]}, follow_redirects=True)
        assert f"Proposed to {address}. If it is there, its administrators have a mail." in said.text
    itself = post(client, f"{base}/propose", {"address": cast.organisation.slug, "shares": []})
    assert (itself.status_code, "not its own provider" in itself.text) == (422, True)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        agreements.decline(w, 1, as_client=True)
        id_ = agreements.propose_to_provider(w, cast.organisation.slug, {Share.PROGRAMME}).id
    # What the provider sends along is nothing to it.
    assert post(client, f"{base}/{id_}/accept", {"shares": ["findings"]}).status_code == 303
    assert post(client, f"{base}/{id_}/accept").status_code == 422
    with on_stage(app, cast.organisation) as w:
        found = passage_to(w, "birch-hosting")
        assert found is not None
        assert found.shares == {Share.PROGRAMME}
    # The side of the one is not the side of the other, nor anybody else's.
    visitor = sign_in(app.test_client(), cast.stranger)
    for path in (f"{id_}/accept", f"{id_}/end"):
        assert post(visitor, f"/o/{cast.elsewhere.slug}/client-agreements/{path}").status_code == 404
    ours = sign_in(app.test_client(), cast.administrator)
    for path in (f"{id_}", f"{id_}/end"):
        assert post(ours, f"/o/{cast.organisation.slug}/settings/agreements/{path}").status_code == 404
    assert post(client, f"{base}/{id_}/end").status_code == 303
