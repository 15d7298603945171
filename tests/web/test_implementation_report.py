"""The plan of an implementation as a report: tasks with owner, days, state and days late; drawn, with readiness."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import openpyxl
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.domain.document import Noted
from app.domain.implementation.drawn import DrawnPlan, PlanBar
from app.domain.implementation.plan import Step
from app.operations import implementations as operation
from app.operations.implementations import TaskDetails
from app.outputs.drawing.plan_on_paper import MOST, draw_plan_on_paper
from app.queries.implementations import implementation_by
from app.queries.readiness import readiness
from app.reports import report_named
from app.reports.report import asked_values, document_of
from tests.cast import Cast, sign_in
from tests.stage import on_stage

HOSTILE = "=cmd </td><script>alert(1)</script>"
URL = "reports/implementation-plan"


@pytest.fixture(autouse=True)
def _mid_june() -> Iterator[None]:
    with time_machine.travel("2026-06-16T12:00:00+00:00", tick=False):
        yield


@pytest.fixture
def plan(app: Flask, cast: Cast) -> str:
    """Two weeks old: its first task was done two days late, the second is late, the others wait."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        row = operation.lay_out(w, operation.Wish("ISO/IEC 27001:2022", date(2026, 6, 1), 90))
        held = implementation_by(w, row.reference)
        assert held is not None
        first, second = held.tasks[:2]
        days = (date(2026, 6, 1), date(2026, 6, 14)), (date(2026, 6, 3), date(2026, 6, 10))
        for task, (starts_on, due_on), title in ((first, days[0], HOSTILE), (second, days[1], "Assess")):
            after = tuple(each.after_id for each in task.waits)
            details = TaskDetails(Step.MANUALS, title, starts_on, due_on, cast.staff.id, after)
            operation.change_task(w, row.reference, task.id, None, details)
        operation.finish(w, row.reference, first.id)
        return row.reference


def test_the_rows_are_the_tasks_as_they_stand(app: Flask, cast: Cast, plan: str) -> None:
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        report = report_named("implementation-plan")
        assert report is not None
        document = document_of(w, report, asked_values(w, report, {}), "Quentin Marsh")
        row = implementation_by(w, plan)
        assert row is not None
        ready = readiness(w, row)
        tasks, parts = document.tables
        assert [line[0] for line in tasks.rows] == [task.title for task in row.tasks]
        done = next(line for line in tasks.rows if line[0] == HOSTILE)
        late = next(line for line in tasks.rows if line[0] == "Assess")
        assert done[1:] == (
            "Manuals created", "Stella Farrow", date(2026, 6, 1), date(2026, 6, 14), "Done", 2, date(2026, 6, 16),
        )  # fmt: skip
        assert (late[5].value, late[6], late[7]) == ("Late", 6, date(2026, 6, 23))
        assert isinstance(late[5], Noted)
        notes = {note.number: note for note in document.notes}
        assert "6 days ago, and is not done." in notes[late[5].notes[0]].why[-1].says
        assert {line[6] for line in tasks.rows if line[4] >= w.today} == {None}
        assert [(line[0], line[1]) for line in parts.rows] == [(each.name, each.percent) for each in ready.parts]
        assert document.says.startswith(f"{plan} to ISO/IEC 27001:2022: 1 of {len(row.tasks)} tasks are done, 2 late; ")
        assert [bar.title for bar in document.drawings[0].bars] == [task.title for task in row.tasks]


def test_it_is_drawn_on_the_page_and_on_paper_and_does_no_harm(
    app: Flask, client: FlaskClient, cast: Cast, plan: str
) -> None:
    base = f"/o/{cast.organisation.slug}/{URL}"
    sign_in(client, cast.quality_manager)
    page = client.get(base).get_data(as_text=True)
    assert 'class="plan plan-wide"' in page
    assert "<script>alert" not in page
    assert "Serves" in page
    assert "9.3.1.2.3" in page
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}/download/xlsx").data))
    heads = [cell.value for cell in book["Tasks"][1]]
    assert heads == ["Task", "Step", "Owner", "From", "Until", "State", "Days late", "Expected end", "Note"]
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "Readiness for stage 1" in book.sheetnames
    paper = client.get(f"{base}/download/pdf?plan={plan}")
    assert paper.data.startswith(b"%PDF-")
    refused = client.get(f"{base}?plan=IMP-2020-01")
    assert (refused.status_code, "there is no “IMP-2020-01”" in unescape(refused.text)) == (422, True)
    # Who does not see the programme has no such report, and a stranger's organisation has its own plans alone.
    assert sign_in(app.test_client(), cast.staff).get(base).status_code == 403
    stranger = sign_in(app.test_client(), cast.stranger)
    assert stranger.get(base).status_code == 404
    theirs = stranger.get(f"/o/{cast.elsewhere.slug}/{URL}").get_data(as_text=True)
    assert "No implementation was laid out yet." in theirs
    assert plan not in theirs


@pytest.mark.one_database
def test_a_long_plan_is_drawn_over_several_pages_with_each_task_once() -> None:
    day = date(2026, 6, 1)
    bars = tuple(
        PlanBar(f"Task <{number}>", day, day, day, day + timedelta(days=number), "open") for number in range(MOST + 3)
    )
    parts = draw_plan_on_paper(DrawnPlan("Plan of <b>", bars, day, ("S1-2026-01", day + timedelta(days=90))))
    assert len(parts) == 2
    whole = "".join(parts)
    assert [whole.count(f">Task &lt;{number}&gt;</text>") for number in range(MOST + 3)] == [1] * (MOST + 3)
    assert all("Stage 1, 30 Aug" in part and "Today, 1 Jun" in part for part in parts)
    assert "<b>" not in whole
    assert draw_plan_on_paper(DrawnPlan("Empty", (), day)) == []
