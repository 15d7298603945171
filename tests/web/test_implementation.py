"""An implementation on screen: shown before it is laid out, late and moved, done by its owners, ended step by step."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.implementation.plan import Step
from app.models.implementation import ImplementationTask
from app.operations import blackout_periods
from app.operations import implementations as operation
from app.queries.implementations import implementation_by, standing_of
from app.queries.readiness import readiness
from tests.cast import Cast, post, sign_in
from tests.stage import certificate, on_stage, plan

ISMS = "ISO/IEC 27001:2022"


@pytest.fixture(autouse=True)
def june() -> Iterator[None]:
    with time_machine.travel("2026-06-01T08:00:00+00:00", tick=True):
        yield


def text(answer: Any) -> str:
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def said(**more: str) -> dict[str, str]:
    return {"standard": ISMS, "starts_on": "2026-06-01", "days": "90", "certificate": "", **more}


def laid_out(client: FlaskClient, url: str, **more: str) -> str:
    """Lay one out as a person does: look at it first; gives its page."""
    form = said(entry_key=str(uuid4()), **more)
    shown = post(client, f"{url}/new", form)
    assert shown.status_code == 200
    assert "Nothing is kept yet." in text(shown)
    stamp = re.search(r'name="shown"[^>]*value="([^"]+)"', shown.get_data(as_text=True))
    assert stamp is not None
    answer = post(client, f"{url}/new", {**form, "shown": unescape(stamp[1])})
    assert answer.status_code == 303
    return str(answer.location)


def test_the_way_from_a_template_to_the_end_of_its_first_step(app: Flask, cast: Cast) -> None:
    home = f"/o/{cast.organisation.slug}/implementation"
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        cert = certificate(w, "C-27001-1", standard="ISO/IEC 27001", edition="2022")
        stage_1 = plan(w, cert.id, date(2026, 9, 3), kind=AuditKind.STAGE_1).reference
        cert_id = cert.id
    manager = sign_in(app.test_client(), cast.quality_manager)
    assert "No implementation yet" in text(manager.get(home))
    for field, value, says in (
        ("days", "0", "From 1 to 366 days."),
        ("standard", "ISO 1", "Choose a standard from the list."),
        ("certificate", "999", "Choose a certificate of this standard."),
    ):
        answer = post(manager, f"{home}/new", said(**{field: value}))
        assert (answer.status_code, says in text(answer)) == (422, True), field
    page = laid_out(manager, home, certificate=str(cert_id))
    seen = text(manager.get(page))
    assert f"It ends on 28 Aug 2026, 6 days before stage 1 ({stage_1}) begins on 3 Sep 2026." in seen
    assert "Nobody was told to take a course yet." in seen
    assert "No approved document speaks of this standard yet." in seen
    assert "No internal audit of ISO/IEC 27001 was held since" in seen
    # Staff own a task without seeing the programme: it stands in their work, and they finish it there.
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = implementation_by(w, page.rsplit("/", 1)[1])
        assert row is not None
        first, second, last = row.tasks[0], row.tasks[1], row.tasks[-1]
        own = [each.id for each in row.tasks if each.step is Step.MANUALS]
    change = {
        "title": first.title,
        "step": "manuals",
        "owner": str(cast.staff.id),
        "starts_on": "2026-06-01",
        "due_on": "2026-06-05",
        "seen": str(first.version),
        "entry_key": str(uuid4()),
    }
    circle = post(manager, f"{page}/tasks/{first.id}", {**change, "after": str(last.id)})
    assert (circle.status_code, "That is a circle: Agree the scope" in text(circle)) == (422, True)
    assert post(manager, f"{page}/tasks/{first.id}", change).status_code == 303
    staff = sign_in(app.test_client(), cast.staff)
    assert "Agree the scope" in text(staff.get(f"/o/{cast.organisation.slug}/my-work"))
    assert staff.get(page).status_code == 403
    assert post(staff, f"{page}/tasks/{second.id}/done").status_code == 404
    assert post(manager, f"{page}/tasks/{second.id}/done").status_code == 303
    assert "It waits for what is not done yet: Agree the scope" in text(manager.get(page))
    with time_machine.travel("2026-06-16T08:00:00+00:00", tick=True):
        manager, staff = sign_in(app.test_client(), cast.quality_manager), sign_in(app.test_client(), cast.staff)
        late = text(manager.get(page))
        assert "It was due on 5 Jun 2026, 11 days ago, and is not done." in late
        assert "later than the plan of 29 Aug 2026" in late
        assert "move stage 1 by at least" in late
        assert post(staff, f"{page}/tasks/{first.id}/done").status_code == 303
        assert "Agree the scope" not in text(staff.get(f"/o/{cast.organisation.slug}/my-work"))
        assert "End this step" not in manager.get(page).text
        assert "This step cannot end yet: " in manager.get(page).text
        post(manager, f"{page}/end/manuals")
        assert "tasks of “Manuals created” are done." in text(manager.get(page))
        ordered = [first.id]
        while len(ordered) < len(own):
            for each in own:
                if each not in ordered:
                    post(manager, f"{page}/tasks/{each}/done")
                    with on_stage(app, cast.organisation, cast.quality_manager) as w:
                        if w.session.get_one(ImplementationTask, each).done_on:
                            ordered.append(each)
        assert "End this step" in manager.get(page).text
        assert "Each of the 7 parts counts the same." in manager.get(page).text
        assert post(manager, f"{page}/end/manuals").status_code == 303
        assert "“Manuals created” has ended." in text(manager.get(page))
        post(manager, f"{page}/tasks/{first.id}/reopen")
        assert "its tasks stay as they are" in text(manager.get(page))
    manager = sign_in(app.test_client(), cast.quality_manager)
    journal = text(manager.get(f"/o/{cast.organisation.slug}/journal/?reference=IMP-2026-01"))
    assert "implementation IMP-2026-01" in journal
    assert app.test_cli_runner().invoke(args=["journal", "verify"]).exit_code == 0


def test_tasks_of_ones_own_come_and_go_with_what_waits_for_them(app: Flask, cast: Cast) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        wish = operation.Wish("ISO 9001:2015", w.today, 60)
        reference = operation.lay_out(w, wish).reference
        details = operation.TaskDetails(Step.DELIVERY, "Print the posters", w.today, w.today)
        task = operation.add_task(w, reference, details)
    manager = sign_in(app.test_client(), cast.quality_manager)
    page = f"/o/{cast.organisation.slug}/implementation/{reference}"
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = implementation_by(w, reference)
        assert row is not None
        other = next(each for each in row.tasks if each.step is Step.DELIVERY and each.id != task.id)
        after = (*(each.after_id for each in other.waits), task.id)
        details = operation.TaskDetails(other.step, other.title, other.starts_on, other.due_on, None, after)
        operation.change_task(w, reference, other.id, other.version, details)
        with pytest.raises(RefusedError, match="Choose a member"):
            operation.add_task(
                w, reference, operation.TaskDetails(Step.DELIVERY, "Steal", w.today, w.today, cast.stranger.id)
            )
    assert post(manager, f"{page}/tasks/{task.id}/remove").status_code == 303
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = implementation_by(w, reference)
        assert row is not None
        assert task.id not in {wait.after_id for each in row.tasks for wait in each.waits}
        assert standing_of(w, row).stage_1 is None
        ready = readiness(w, row)
        assert (ready.score.value, len(ready.parts), len(ready.wanting)) == (0, 7, 7)
    theirs = sign_in(app.test_client(), cast.stranger)
    assert theirs.get(page).status_code == 404
    assert theirs.get(page.replace(cast.organisation.slug, cast.elsewhere.slug)).status_code in (403, 404)


def test_blackout_periods_of_the_organisation_are_stepped_over_and_said(app: Flask, cast: Cast) -> None:
    manager, home = sign_in(app.test_client(), cast.quality_manager), f"/o/{cast.organisation.slug}/implementation"
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        first, last = date(2026, 6, 3), date(2026, 6, 14)
        blackout_periods.add(w, name="Summer fair", starts_on=first, ends_on=last, site_id=None)
    shown = post(manager, f"{home}/new", said(entry_key=str(uuid4())))
    assert "blackout period Summer fair" in text(shown)
    page = laid_out(manager, home)
    with on_stage(app, cast.organisation) as w:
        days = [day for row in w.all(select(ImplementationTask)) for day in (row.starts_on, row.due_on)]
    assert days
    assert page
    assert not [day for day in days if first <= day <= last or day.weekday() > 4]
