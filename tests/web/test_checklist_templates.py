"""Templates of checklists: written, changed, pasted, retired; nothing of them leaks."""

from html import unescape

import pytest
from sqlalchemy import select

from app.models.checklist import ChecklistTemplate, TemplateQuestion
from app.operations.checklist_templates import AskedLine, lines_in, write
from tests.cast import post, sign_in
from tests.stage import on_stage


@pytest.fixture
def here(cast):
    return f"/o/{cast.organisation.slug}/checklist-templates"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def questions(app, cast):
    with on_stage(app, cast.organisation) as w:
        rows = select(TemplateQuestion).order_by(TemplateQuestion.position)
        return [(row.clause, row.question, row.guidance) for row in w.all(rows)]


@pytest.fixture
def template(app, cast):
    with on_stage(app, cast.organisation) as w:
        lines = [AskedLine(None, "7.2", "Who trains?", "Ask."), AskedLine(None, "7.3", "Who knows?")]
        return write(w, "Ours", "ISO/IEC 27001:2022", lines).id


def test_a_template_is_written_from_rows_and_from_pasted_lines(client, app, cast, here):
    auditor = sign_in(client, cast.auditor)
    assert "No template in use" in told(auditor.get(here))
    data = {
        "name": " Office  round ",
        "questions-0-order": "2",
        "questions-0-question": "Second?",
        "questions-1-order": "1",
        "questions-1-clause": "7.2",
        "questions-1-question": "First?",
        "questions-1-guidance": "Look.",
        "questions-2-question": "",
        "pasted": "A.8.13 Are backups tried out?\n\n8.1\tHow are changes planned?\tTake two.\nFirst come?\nfirst  come",
    }
    done = post(auditor, f"{here}/new", data)
    assert done.status_code == 303
    assert questions(app, cast) == [
        ("7.2", "First?", "Look."),
        ("", "Second?", ""),
        ("A.8.13", "Are backups tried out?", ""),
        ("8.1", "How are changes planned?", "Take two."),
        ("", "First come?", ""),
    ]
    assert "Office round" in told(auditor.get(done.location))


def test_more_rows_come_without_scripts_and_nothing_is_saved(client, app, cast, here):
    data = {"name": "N", "questions-0-question": "Typed?", "pasted": "7.2 Pasted?", "more": "yes"}
    answer = post(sign_in(client, cast.auditor), f"{here}/new", data)
    assert answer.status_code == 200
    assert "Typed?</textarea>" in told(answer)
    assert "Pasted?</textarea>" in told(answer)
    assert 'name="questions-6-question"' in told(answer)
    assert questions(app, cast) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "", "pasted": "Why?"}, "Give the template a name."),
        ({"name": "ours", "pasted": "Why?"}, "There is a template “ours” already."),
        ({"name": "New"}, "Write at least one question."),
        ({"name": "New", "pasted": "Why?\n" * 3 + "\n".join(f"Q {n}" for n in range(400))}, "400 questions at most"),
        ({"name": "New", "pasted": "Why?", "standard": "ISO 1:1"}, "Not a valid choice"),
        ({"name": "New", "questions-0-question": "Q?", "questions-0-order": "first"}, "is no whole number"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(client, app, cast, here, template, data, words):
    answer = post(sign_in(client, cast.auditor), f"{here}/new", data)
    assert answer.status_code == 422
    assert words in told(answer)
    assert len(questions(app, cast)) == 2


def test_questions_are_changed_moved_left_out_and_added(client, app, cast, here, template):
    auditor = sign_in(client, cast.auditor)
    with on_stage(app, cast.organisation) as w:
        first, second = w.all(select(TemplateQuestion.id).order_by(TemplateQuestion.position))
    data = {
        "name": "Ours",
        "version": "1",
        "questions-0-id": first,
        "questions-0-question": "Who trains?",
        "questions-0-leave_out": "y",
        "questions-1-id": second,
        "questions-1-order": "2",
        "questions-1-question": "Who really knows?",
        "questions-2-order": "1",
        "questions-2-question": "New?",
    }
    assert post(auditor, f"{here}/{template}/edit", data).status_code == 303
    assert questions(app, cast) == [("", "New?", ""), ("", "Who really knows?", "")]
    # Who had the old ones open is told, although the name and the standard are the same.
    stale = post(auditor, f"{here}/{template}/edit", {**data, "questions-1-question": "Mine?"})
    assert stale.status_code == 409
    assert "Who really knows?" in told(stale)
    assert "Mine?</textarea>" in told(stale)
    assert questions(app, cast) == [("", "New?", ""), ("", "Who really knows?", "")]


def test_a_change_of_the_words_alone_is_a_new_version_too(client, app, cast, here, template):
    auditor = sign_in(client, cast.auditor)
    data = {"name": "Ours", "standard": "ISO/IEC 27001:2022", "version": "1", "pasted": "7.9 Anew?"}
    assert post(auditor, f"{here}/{template}/edit", data).status_code == 303
    assert post(auditor, f"{here}/{template}/edit", {**data, "pasted": "7.9 Late?"}).status_code == 409


def test_a_template_is_retired_and_comes_back(client, app, cast, here, template):
    auditor = sign_in(client, cast.auditor)
    assert post(auditor, f"{here}/{template}/retire").status_code == 303
    assert "Retired" in told(auditor.get(here))
    assert post(auditor, f"{here}/{template}/bring-back").status_code == 303
    with on_stage(app, cast.organisation) as w:
        assert w.session.scalars(select(ChecklistTemplate)).one().retired_at is None


def test_who_reads_the_programme_reads_templates_and_a_stranger_none(client, app, cast, here, template):
    reader = sign_in(client, cast.asset_manager)
    assert reader.get(f"{here}/{template}").status_code == 200
    assert reader.get(f"{here}/{template}/edit").status_code == 403
    assert sign_in(app.test_client(), cast.staff).get(here).status_code == 403
    stranger = sign_in(app.test_client(), cast.stranger)
    theirs = here.replace(cast.organisation.slug, cast.elsewhere.slug)
    assert "Ours" not in told(stranger.get(theirs))
    for page in ("", "/edit"):
        assert stranger.get(f"{theirs}/{template}{page}").status_code == 404
        assert stranger.get(f"{here}/{template}{page}").status_code == 404
    assert post(stranger, f"{theirs}/{template}/retire").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("line", "clause", "question"),
    [
        ("7.2 Who trains?", "7.2", "Who trains?"),
        ("A.8.13: Are backups tried out?", "A.8.13", "Are backups tried out?"),
        ("F3 Who counts?", "F3", "Who counts?"),
        ("3 of the records, are they signed?", "3", "of the records, are they signed?"),
        ("Who keeps 7.2?", "", "Who keeps 7.2?"),
        ("7.2", "", "7.2"),
    ],
)
def test_a_pasted_line_begins_with_its_clause(line, clause, question):
    assert lines_in(line) == [AskedLine(None, clause, question)]
