"""The checklist of an audit over the web: who may, what is saved, what is refused, what two say at once."""

from datetime import UTC, date, datetime
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from app.domain.programme.checklist import ClauseResult, ItemField
from app.domain.programme.progress import AuditProgress
from app.extensions import db
from app.models.audit import Audit
from app.models.audit_plan import AuditClause
from app.models.checklist import ChecklistItem
from app.models.finding import Finding
from app.models.journal import JournalEntry
from app.models.received_entry import ReceivedEntry
from app.operations import checklist, processes
from app.operations.checklist import ItemConflictError, Said
from app.operations.processes import ProcessDetails
from app.queries.audits import audit_of
from app.queries.checklist import item_of
from tests.audited import SECURITY, asked, internal_audit
from tests.cast import post, sign_in
from tests.findings import HELD_ON
from tests.stage import on_stage

JSON = {"Accept": "application/json"}


@pytest.fixture
def reference(app, cast):
    with on_stage(app, cast.organisation) as w:
        return internal_audit(w, cast, HELD_ON).reference


@pytest.fixture
def ids(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        return asked(w, reference)


@pytest.fixture
def here(cast, reference):
    return f"/o/{cast.organisation.slug}/audits/{reference}/checklist"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def row(app, cast, item_id):
    with on_stage(app, cast.organisation) as w:
        return w.session.scalars(select(ChecklistItem).where(ChecklistItem.id == item_id)).one()


def send(client, here, item_id, key=None, **fields):
    data = {"entry_key": key or str(uuid4())}
    for name, value in fields.items():
        to, seen = value if isinstance(value, tuple) else (value, None)
        data[name] = to
        if seen is not None:
            data[f"seen_{name}"] = seen
    return post(client, f"{here}/items/{item_id}", data, headers=JSON)


def count(app, cast, model, **conditions):
    with on_stage(app, cast.organisation) as w:
        return w.session.scalar(select(func.count(model.id)).filter_by(**conditions))


def test_a_verdict_is_saved_with_who_and_when(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    answer = send(auditor, here, ids[0], result=("minor", "not-assessed"))
    assert answer.status_code == 200
    assert (answer.json["result"], answer.json["by"]) == ("minor", "Aud Lindqvist")
    assert answer.json["at"]
    assert len(answer.data) < 1000
    assert row(app, cast, ids[0]).assessed_by_id == cast.auditor.id
    page = told(auditor.get(here))
    assert "1 of 3 assessed." in page
    assert "Minor nonconformity" in page


def test_who_owns_what_the_clause_is_about_does_not_judge_it(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    assert send(auditor, here, ids[0], result="conforms").status_code == 200
    with on_stage(app, cast.organisation) as w:
        clauses = frozenset({(SECURITY, "7.1")})
        processes.create(w, ProcessDetails(name="Means", owner_id=cast.auditor.id, clauses=clauses))
        mine = next(each.id for each in audit_of(w, here.split("/")[4]).team if each.person_id == cast.auditor.id)
    # It was built before the process was theirs: the line stays, and the verdict is somebody else's.
    for fields, field in (({"result": "minor"}, "result"), ({"assigned_to_id": str(mine)}, "assigned_to_id")):
        refused = send(auditor, here, ids[0], **fields)
        assert (refused.status_code, refused.json["field"]) == (422, field)
        assert f"Aud Lindqvist owns P-01 Means, which serves 7.1 of {SECURITY}" in refused.json["words"]
    assert send(auditor, here, ids[0], result="not-sampled").status_code == 200
    assert send(auditor, here, ids[1], result="minor").status_code == 200
    manager = sign_in(app.test_client(), cast.quality_manager)
    assert send(manager, here, ids[0], result="minor").status_code == 200
    plain = post(auditor, f"{here}/items/{ids[0]}", {"entry_key": str(uuid4()), "result": "conforms"})
    assert plain.status_code == 422
    assert "ISO/IEC 27001:2022, 9.2.2" in told(plain)


def test_no_nonconformity_is_found_outside_the_plan(client, app, cast, here, ids):
    with on_stage(app, cast.organisation) as w:
        w.add(AuditClause(audit_id=audit_of(w, here.split("/")[4]).id, standard=SECURITY, clause="7.2"))
    auditor = sign_in(client, cast.auditor)
    refused = send(auditor, here, ids[0], result="minor")
    assert (refused.status_code, refused.json["field"]) == (422, "result")
    assert f"{SECURITY}, 7.1 is outside the criteria of" in refused.json["words"]
    assert send(auditor, here, ids[0], result="conforms").status_code == 200
    assert send(auditor, here, ids[1], result="minor").status_code == 200


def test_no_verdict_is_taken_before_the_first_day(client, app, cast):
    with on_stage(app, cast.organisation) as w:
        reference = internal_audit(w, cast, date(2030, 5, 6)).reference
        one, *_ = asked(w, reference)
    here = f"/o/{cast.organisation.slug}/audits/{reference}/checklist"
    auditor = sign_in(client, cast.auditor)
    page = told(auditor.get(here, query_string={"item": one}))
    assert f"{reference} begins on 6 May 2030." in page
    assert '<fieldset class="field verdicts" disabled>' in page
    refused = send(auditor, here, one, result="conforms")
    assert (refused.status_code, refused.json["field"]) == (422, "result")
    assert f"{reference} begins on 6 May 2030: it has found nothing yet." in refused.json["words"]
    assert send(auditor, here, one, notes="Ask for the training plan.").status_code == 200


def test_the_same_entry_sent_five_times_is_made_once(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    key = str(uuid4())
    before = count(app, cast, JournalEntry, noun="checklist_item")
    answers = [send(auditor, here, ids[0], key, evidence=("Seen.", "")) for _ in range(5)]
    assert [each.status_code for each in answers] == [200] * 5
    assert {each.json["evidence"] for each in answers} == {"Seen."}
    assert count(app, cast, ReceivedEntry, key=key) == 1
    assert count(app, cast, JournalEntry, noun="checklist_item") == before + 1


def test_two_who_change_different_fields_of_one_question_both_win(client, app, cast, here, ids):
    auditor, other = sign_in(client, cast.auditor), sign_in(app.test_client(), cast.quality_manager)
    assert send(auditor, here, ids[0], evidence=("The plan of May.", "")).status_code == 200
    assert send(other, here, ids[0], result=("conforms", "not-assessed")).status_code == 200
    assert send(other, here, ids[0], notes=("Nice.", "")).status_code == 200
    now = row(app, cast, ids[0])
    assert (now.evidence, now.result, now.notes) == ("The plan of May.", ClauseResult.CONFORMS, "Nice.")


def test_of_two_who_change_the_same_field_the_second_sees_both(client, app, cast, here, ids):
    auditor, other = sign_in(client, cast.auditor), sign_in(app.test_client(), cast.quality_manager)
    assert send(auditor, here, ids[0], evidence=("The plan of May.", "")).status_code == 200
    answer = send(other, here, ids[0], evidence=("Nothing found.", ""), notes=("Hm.", ""))
    assert answer.status_code == 409
    assert answer.json["theirs"] == {"evidence": "The plan of May."}
    now = row(app, cast, ids[0])
    assert (now.evidence, now.notes) == ("The plan of May.", "")
    # Having seen the other version, theirs may stand instead.
    assert send(other, here, ids[0], evidence=("Both.", "The plan of May."), notes=("Hm.", "")).status_code == 200
    assert row(app, cast, ids[0]).evidence == "Both."


def test_who_says_what_stands_there_already_contradicts_nobody(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    send(auditor, here, ids[0], result=("conforms", "not-assessed"))
    assert send(auditor, here, ids[0], result=("conforms", "not-assessed")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"result": "not-applicable"}, "notes", "why it does not apply"),
        ({"result": "perfect"}, "result", "Choose one of the verdicts"),
        ({"assigned_to_id": "999"}, "assigned_to_id", "Choose somebody of the team"),
        ({"evidence": "x" * 20_001}, "evidence", "at most 20000"),
    ],
)
def test_a_refusal_names_its_field_and_changes_nothing(client, app, cast, here, ids, fields, field, words):
    answer = send(sign_in(client, cast.auditor), here, ids[0], **fields)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert words in answer.json["words"]
    now = row(app, cast, ids[0])
    assert (now.result, now.evidence, now.assigned_to_id) == (ClauseResult.NOT_ASSESSED, "", None)


def test_what_does_not_apply_is_taken_with_its_note_and_the_note_stays(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    assert send(auditor, here, ids[0], result="not-applicable", notes="Nothing is developed.").status_code == 200
    assert send(auditor, here, ids[0], notes="").status_code == 422


def test_a_verdict_is_taken_back_with_a_reason_that_the_journal_keeps(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    send(auditor, here, ids[0], result="conforms")
    assert send(auditor, here, ids[0], result="not-assessed").json["field"] == "reason"
    assert send(auditor, here, ids[0], result="not-assessed", reason="It was another site.").status_code == 200
    now = row(app, cast, ids[0])
    assert (now.result, now.assessed_by_id, now.assessed_at) == (ClauseResult.NOT_ASSESSED, None, None)
    with on_stage(app, cast.organisation) as w:
        entries = w.session.scalars(select(JournalEntry).where(JournalEntry.reason == "It was another site."))
        assert [each.noun for each in entries] == ["checklist_item"]


def test_without_scripts_a_question_has_a_plain_form_that_returns_to_it(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    page = told(auditor.get(f"{here}?item={ids[1]}&q=question"))
    assert f'action="{here}/items/{ids[1]}?q=question"' in page
    assert 'name="seen_evidence"' in page
    assert "Look at shelf 2." in page
    data = {"entry_key": str(uuid4()), "result": "major", "seen_result": "not-assessed", "evidence": "a\r\nb"}
    done = post(auditor, f"{here}/items/{ids[1]}?q=question", data)
    assert (done.status_code, done.location) == (303, f"{here}?q=question&item={ids[1]}#item-{ids[1]}")
    assert row(app, cast, ids[1]).evidence == "a\nb"
    # What stood there comes back as it was sent, with the line ends of a form: it is the same.
    again = {"entry_key": str(uuid4()), "evidence": "a\r\nb\r\nc", "seen_evidence": "a\r\nb"}
    assert post(auditor, f"{here}/items/{ids[1]}", again).status_code == 303


def test_without_scripts_a_refusal_and_two_versions_keep_what_was_typed(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    data = {"entry_key": str(uuid4()), "result": "not-applicable", "evidence": "Typed with care."}
    refused = post(auditor, f"{here}/items/{ids[0]}", data)
    assert refused.status_code == 422
    assert "Typed with care." in told(refused)
    assert "Say in the notes why it does not apply" in told(refused)
    send(auditor, here, ids[0], evidence="Theirs.")
    data = {"entry_key": str(uuid4()), "evidence": "Mine.", "seen_evidence": ""}
    outrun = post(auditor, f"{here}/items/{ids[0]}", data)
    assert outrun.status_code == 409
    page = told(outrun)
    assert "Somebody else wrote meanwhile:" in page
    assert "Mine.</textarea>" in page
    assert 'name="seen_evidence" value="Theirs."' in page


def test_the_filter_stands_in_the_address_and_hides_the_rest(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    with on_stage(app, cast.organisation) as w:
        place = audit_of(w, here.split("/")[-2]).team[0].id
    send(auditor, here, ids[0], result="conforms", assigned_to_id=str(place))

    def visible(query):
        page = auditor.get(f"{here}?{query}").get_data(as_text=True)
        return [each for each in ids if f'<li id="item-{each}">' in page]

    assert visible("") == ids
    assert visible("result=conforms") == ids[:1]
    assert visible("result=not-assessed") == ids[1:]
    assert visible("mine=yes") == ids[:1]
    assert visible("q=7.2") == [ids[1]]
    assert visible("result=nonsense&page=9") == ids
    assert "No question fits this filter." in told(auditor.get(f"{here}?q=nothing+at+all"))


def test_the_state_says_what_changed_since_and_no_more(client, app, cast, here, ids):
    auditor, other = sign_in(client, cast.auditor), sign_in(app.test_client(), cast.quality_manager)
    whole = auditor.get(f"{here}/state").json
    assert [each["id"] for each in whole["items"]] == ids
    assert whole["items"][0]["guidance"] == "Look at shelf 1."
    nothing = auditor.get(f"{here}/state?since={whole['seen']}").json
    assert (nothing["items"], nothing["gone"]) == ([], [])
    send(other, here, ids[2], notes="Look here.")
    post(other, f"{here}/items/{ids[1]}/remove")
    changed = auditor.get(f"{here}/state?since={whole['seen']}").json
    assert [(each["id"], each["notes"]) for each in changed["items"]] == [(ids[2], "Look here.")]
    assert changed["gone"] == [ids[1]]
    with on_stage(app, cast.organisation) as w:
        another = internal_audit(w, cast, date(2030, 9, 9))
        theirs = asked(w, another.reference)
    send(other, here.replace(here.split("/")[-2], another.reference), theirs[0], notes="Elsewhere.")
    post(other, f"{here.replace(here.split('/')[-2], another.reference)}/items/{theirs[1]}/remove")
    told_of = auditor.get(f"{here}/state?since={changed['seen']}").json
    assert (told_of["items"], told_of["gone"]) == ([], [])
    assert auditor.get(f"{here}/state?since=-5").json["all"]
    assert auditor.get(f"{here}/state?since=99999999").json["all"]


def test_who_is_not_on_the_team_reads_and_saves_nothing(client, app, cast, here, ids):
    reader = sign_in(client, cast.asset_manager)
    assert reader.get(f"{here}?item={ids[0]}").status_code == 200
    assert "data-pattern" not in told(reader.get(here))
    assert reader.get(f"{here}/build").status_code == 403
    assert send(reader, here, ids[0], result="conforms").status_code == 403
    assert sign_in(app.test_client(), cast.staff).get(here).status_code == 404
    assert sign_in(app.test_client(), cast.assessor).get(f"{here}/state").status_code == 404


def test_a_stranger_finds_nothing(client, app, cast, here, ids):
    stranger = sign_in(client, cast.stranger)
    theirs = here.replace(cast.organisation.slug, cast.elsewhere.slug)
    for address in (here, theirs):
        for page in ("", "/state", "/build", "/add", f"/items/{ids[0]}"):
            assert stranger.get(address + page).status_code == 404
        assert send(stranger, address, ids[0], result="conforms").status_code == 404
        assert post(stranger, f"{address}/items/{ids[0]}/remove").status_code == 404


def test_a_question_of_another_audit_is_not_there(client, app, cast, here, ids):
    with on_stage(app, cast.organisation) as w:
        other = internal_audit(w, cast, date(2030, 9, 1)).reference
        strange = asked(w, other, 1)[0]
    auditor = sign_in(client, cast.auditor)
    assert send(auditor, here, strange, result="conforms").status_code == 404
    assert auditor.get(f"{here}/items/{strange}").status_code == 404


def test_signed_out_the_script_is_told_by_a_redirect(client, here, ids):
    assert send(client, here, ids[0], result="conforms").status_code == 303


@pytest.mark.parametrize("how", ["frozen", "cancelled"])
def test_a_frozen_or_cancelled_audit_is_found_nothing_more_at(client, app, cast, here, ids, how):
    with on_stage(app, cast.organisation) as w:
        audit = w.session.scalars(select(Audit)).one()
        if how == "frozen":
            audit.frozen_at = datetime(2030, 6, 1, tzinfo=UTC)
        else:
            audit.progress, audit.cancelled_reason = AuditProgress.CANCELLED, "Flood."
    auditor = sign_in(client, cast.auditor)
    answer = send(auditor, here, ids[0], result="conforms")
    assert answer.status_code == 422
    assert how in answer.json["words"]
    assert post(auditor, f"{here}/items/{ids[0]}/remove").status_code == 422
    data = {"entry_key": str(uuid4()), "question": "One more?"}
    assert post(auditor, f"{here}/add", data).status_code == 422
    assert "data-pattern" not in told(auditor.get(here))


def test_a_question_goes_only_while_nothing_was_said_of_it(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)
    send(auditor, here, ids[0], samples="Two of nine.")
    with on_stage(app, cast.organisation) as w:
        w.add(
            Finding(
                reference="F-2030-001",
                audit_id=w.session.scalars(select(Audit.id)).one(),
                item_id=ids[1],
                grade="observation",
                title="t",
                statement="s",
                raised_on=date(2030, 5, 6),
            )
        )
    assert "it stays" in told(post(auditor, f"{here}/items/{ids[0]}/remove"))
    assert "it stays" in told(post(auditor, f"{here}/items/{ids[1]}/remove"))
    assert post(auditor, f"{here}/items/{ids[2]}/remove").status_code == 303
    assert count(app, cast, ChecklistItem) == 2


def test_who_leaves_the_team_leaves_their_questions_to_nobody(client, app, cast, here, ids):
    from dataclasses import replace

    from app.operations import audits

    reference = here.split("/")[-2]
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        audit = audit_of(w, reference, lock=True)
        for item_id, member in zip(ids, (*audit.team, audit.team[0]), strict=True):
            item = item_of(w, audit.id, item_id)
            checklist.say(w, audit, item, {ItemField.ASSIGNED_TO: Said(str(member.id))})
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        audit = audit_of(w, reference)
        wish = audits.wish_of(audit)
        audits.change(w, reference, audit.version, replace(wish, team=wish.team[:1]))
        kept = audit.team[0].id
    assert [row(app, cast, each).assigned_to_id for each in ids] == [kept, None, kept]


def test_a_checklist_of_any_length_makes_the_same_number_of_queries(client, app, cast, here, ids):
    auditor = sign_in(client, cast.auditor)

    def queries():
        seen = []
        with app.app_context():
            engine = db.engine
        listen = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        try:
            assert auditor.get(here).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return len(seen)

    queries()
    few = queries()
    with on_stage(app, cast.organisation) as w:
        asked(w, here.split("/")[-2], 60)
    assert queries() == few


def test_the_conflict_names_what_both_said(app, cast, here, ids):
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = audit_of(w, here.split("/")[-2], lock=True)
        item = item_of(w, audit.id, ids[0])
        checklist.say(w, audit, item, {ItemField.NOTES: Said("One")})
        with pytest.raises(ItemConflictError) as conflict:
            checklist.say(w, audit, item, {ItemField.NOTES: Said("Two", "")})
    assert conflict.value.theirs == {ItemField.NOTES: "One"}
