"""The audit of a certification body on its own page: the body's reference, for who may see the audit alone."""

from datetime import date

from tests.cast import sign_in
from tests.stage import certificate, on_stage, plan


def test_the_page_says_how_the_body_calls_its_audit(app, client, cast):
    with on_stage(app, cast.organisation) as w:
        audit = plan(w, certificate(w).id, date(2030, 5, 6))
        audit.body_reference = "TC-30-4711"
        reference = audit.reference
    url = f"/o/{cast.organisation.slug}/audits/{reference}"
    assert "TC-30-4711" in sign_in(client, cast.auditor).get(url).text
    assert sign_in(client, cast.stranger).get(url).status_code == 404
