"""The register of audits, the page of one, planning and changing it, its course and its conclusion."""

from datetime import date

import pytest
import time_machine

from app.domain.certification.facts import AuditKind
from tests.cast import post, sign_in
from tests.stage import certificate, on_stage, plan, reread, site

pytestmark = pytest.mark.usefixtures("_today")


@pytest.fixture
def _today():
    with time_machine.travel("2026-05-04T10:00:00+02:00", tick=True):
        yield


@pytest.fixture
def ids(app, cast):
    with on_stage(app, cast.organisation) as w:
        munich = site(w).id
        first = certificate(w, sites=(munich,)).id
        plan(w, first, date(2025, 2, 20), sites=frozenset({munich}))
        plan(w, first, date(2026, 11, 10), date(2026, 11, 11), sites=frozenset({munich}))
    return {"site": munich, "certificate": first}


def url(cast, path=""):
    return f"/o/{cast.organisation.slug}/audits{path}"


def test_pages(client, cast, ids):
    sign_in(client, cast.quality_manager)
    for path in ("", "/new", "/SA-2026-01", "/SA-2026-01/edit", "/SA-2026-01/move", "/SA-2026-01/step?to=cancelled", "/SA-2026-01/conclusion", "/SA-2026-01/move?starts_on=2027-01-05"):
        answer = client.get(url(cast, path))
        assert answer.status_code == 200, (path, answer.text)
        open("/tmp/x.html","a").write(answer.text)
