"""A nonconformity on screen: answered, refused once, accepted, done, verified by another, and never by its owner."""

import io
import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app.domain.certification.facts import AuditKind
from app.domain.dates import say
from app.domain.explained import RefusedError
from app.domain.findings import closing
from app.domain.findings.corrective_action import Stage
from app.domain.findings.grading import FindingGrade
from app.domain.programme.team import Seat, TeamRole
from app.extensions import db
from app.models.corrective_action import CorrectiveAction
from app.models.finding import Finding, FindingLink
from app.models.outbox import OutboxMail
from app.operations import actions
from app.operations import corrective_actions as cases
from app.operations.attachments import Place
from app.operations.evidence_files import keep_evidence
from app.outputs import pdf
from app.queries.corrective_actions import now_of
from tests.cases import acting, fresh, implemented, later, opened, owned, planned, send
from tests.cast import Cast, Member, post, sign_in
from tests.certified import NOON, site
from tests.inventory import asset, installation, product
from tests.licensed import pooled
from tests.stage import plan


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}/corrective-actions"


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def test_the_empty_board_and_list_say_how_a_case_comes_to_be(client: FlaskClient, cast: Cast, url: str) -> None:
    manager = sign_in(client, cast.quality_manager)
    assert "A finding of grade major or minor opens its corrective action by itself" in text(manager.get(url))
    assert "No nonconformity" in text(manager.get(f"{url}/list"))


def test_from_raised_to_closed_refused_once_and_verified_by_another(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with acting(app, cast.organisation, cast.auditor) as w:
        reference = opened(w).reference
    case = f"{url}/{reference}"

    def step(who: Member, path: str, data: dict[str, Any] | None = None, code: int = 303) -> str:
        answer = send(sign_in(client, who), f"{case}{path}", data)
        assert answer.status_code == code, text(answer)
        return text(answer)

    owner = cast.asset_manager
    step(cast.quality_manager, "/owner", {"owner": str(owner.id)})
    assert "or why none is needed, by 17 Jun 2026" in text(sign_in(client, owner).get(case))
    assert "still missing" in text(client.get(f"{case}/answer"))
    said = step(owner, "/answer", code=422)
    for missing in ("The root cause is not recorded", "Similar cases were not looked for", "no corrective action"):
        assert missing in said
    step(owner, "/containment", {"containment": "The accounts were locked.", "contained_on": "2026-05-20"})
    step(
        owner,
        "/cause",
        {"method": "five-whys", "why_1": "Forgotten.", "why_2": "No one was named.", "root_cause": "No owner of it."},
    )
    step(owner, "/similar-cases", {"note": "There is one sign-in for all systems."})
    plan = {"kind": "corrective-action", "says": "Name an owner.", "owner": str(cast.staff.id), "due_on": "2026-07-01"}
    step(owner, "/actions/new", plan)
    step(owner, "/answer")

    waiting = text(sign_in(client, owner).get(case))
    assert "Answer to be accepted" in waiting
    assert "Accept or refuse the answer</a>" not in waiting
    judge = {"decision": "refuse", "note": "That is a symptom. Ask once more."}
    step(cast.quality_manager, "/decide", judge)
    back = text(sign_in(client, owner).get(case))
    for kept in ("That is a symptom. Ask once more.", "Cause: No owner of it.", "Refused", "Answered"):
        assert kept in back
    step(
        owner,
        "/cause",
        {
            **{"method": "cause-and-effect", "bone_people": "New staff", "bone_method": "No list\nNo date"},
            "root_cause": "No process names an owner.",
        },
    )
    step(owner, "/answer")
    step(cast.auditor, "/decide", {"decision": "accept"})
    drawn = text(client.get(case))
    assert '<svg class="causes fishbone"' in drawn
    assert "<dt>Method</dt><dd><ul><li>No list</li><li>No date</li></ul></dd>" in drawn

    action = f"/o/{cast.organisation.slug}/actions/A-2026-001"
    staff = sign_in(client, cast.staff)
    assert "the last open action" in text(staff.get(f"{action}/done"))
    assert send(staff, f"{action}/done", {"done_on": "2026-06-01", "note": "She is named."}).status_code == 303
    assert "Waits to be verified" in text(sign_in(client, cast.quality_manager).get(url))
    assert "from 1 Jul 2026 on" in step(
        cast.quality_manager, "/verify", {"verdict": "effective", "note": "Seen."}, code=422
    )
    with later(date(2026, 7, 1)):
        step(owner, "/verify", {"verdict": "effective", "note": "It works."}, code=403)
        step(cast.quality_manager, "/owner", {"owner": str(cast.administrator.id)})
        step(cast.quality_manager, "/verify", {"verdict": "effective", "note": "Ten samples, all reviewed."})
        closed = text(client.get(case))
    assert "Ten samples, all reviewed." in closed
    assert "on 1 Jul 2026" in closed
    with acting(app, cast.organisation, cast.auditor) as w:
        assert fresh(w, reference).stage is Stage.CLOSED


def test_who_decides_sees_what_they_decide_on_and_the_paper_tells_it_all(
    app: Flask, client: FlaskClient, cast: Cast, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(app, cast.organisation, cast.asset_manager) as w:
        reference = planned(w, cast.asset_manager, cast.staff)
        keep_evidence(w, Place(case_id=fresh(w, reference).id), Sent("plan.txt"))
        w.session.expire_all()
        cases.answer(w, reference, None)
    manager = sign_in(client, cast.quality_manager)
    page = text(manager.get(f"{url}/{reference}/decide"))
    for words in ("The accounts were locked.", "All other systems use one sign-in.", "plan.txt", "Corrective action"):
        assert words in page
    assert send(manager, f"{url}/{reference}/decide", {"decision": "accept"}).status_code == 303
    with acting(app, cast.organisation, cast.staff) as w:
        action = fresh(w, reference).actions[0]
        actions.do(w, action.reference, None, on=w.today, note="The owner is named.")
        keep_evidence(w, Place(action_id=action.id), Sent("letter.txt"))
        judged_from = fresh(w, reference).verify_from
    assert judged_from is not None
    assert f"It can be judged from {say(judged_from)} on." in text(manager.get(f"{url}/{reference}"))
    page = text(manager.get(f"{url}/{reference}/verify"))
    for words in ("The accounts were locked.", "letter.txt", "plan.txt", "The owner is named.", "attachments/"):
        assert words in page
    monkeypatch.setattr(pdf, "laid_out", lambda page, _pictures: page.encode())
    printed = text(manager.get(f"{url}/{reference}/file"))
    for words in (
        f"{action.reference} Corrective action",
        f"by {cast.staff.name}",
        "The owner is named.",
        "letter.txt",
        sha256(b"letter.txt").hexdigest(),
        f"by {cast.quality_manager.name}.",
        f"Not before {say(judged_from)}.",
        "What happened",
    ):
        assert words in printed


class Sent:
    """A file as a form sends it."""

    def __init__(self, name: str) -> None:
        self.filename, self.stream = name, io.BytesIO(name.encode())


def test_its_owner_cannot_accept_verify_or_close_it(app: Flask, client: FlaskClient, cast: Cast, url: str) -> None:
    """The quality manager may do all that on every other case."""
    with acting(app, cast.organisation, cast.quality_manager) as w:
        reference = planned(w, cast.quality_manager, cast.staff)
    manager = sign_in(client, cast.quality_manager)
    assert send(manager, f"{url}/{reference}/answer").status_code == 303
    own = send(manager, f"{url}/{reference}/decide", {"decision": "accept", "note": "Fine."})
    assert own.status_code == 422
    assert "another person has to accept or refuse your answer" in text(own)
    closing = send(manager, f"{url}/{reference}/verify", {"verdict": "effective", "note": "Fine."})
    assert closing.status_code == 422
    for words in ("somebody else has to see whether it worked", "1 action is still open", "not accepted yet"):
        assert words in text(closing)
    assert "ISO/IEC 27001:2022, 10.2" in text(closing)


def test_ineffective_opens_it_again_with_its_history(app: Flask, client: FlaskClient, cast: Cast, url: str) -> None:
    reference, _ = implemented(app, cast)
    with later(date(2026, 7, 10)):
        manager = sign_in(client, cast.quality_manager)
        said = {"verdict": "ineffective", "note": "Two accounts again."}
        assert send(manager, f"{url}/{reference}/verify", said).status_code == 303
        page = text(manager.get(f"{url}/{reference}"))
    for words in (
        "Two accounts again.",
        "The cause then: Nobody owns the review",
        "Reopened",
        "9 Aug 2026",
        "8 Sep 2026",
    ):
        assert words in page, words
    with acting(app, cast.organisation, cast.quality_manager) as w:
        case = fresh(w, reference)
        assert (case.stage, case.root_cause, len(case.actions)) == (Stage.ROOT_CAUSE, "", 1)


REFUSED = [
    ("/owner", {"owner": ""}, "Choose the responsible person"),
    ("/owner", {"owner": "999999"}, "Choose a member of this organisation"),
    ("/containment", {"containment": "", "contained_on": "2026-05-20"}, "why no containment is needed"),
    ("/containment", {"containment": "x", "contained_on": "2027-01-01"}, "has not come yet"),
    ("/cause", {"method": "five-whys", "root_cause": "x", "why_1": "One"}, "after the containment"),
    ("/similar-cases", {"note": ""}, "together with the cause"),
    (
        "/actions/new",
        {"kind": "corrective-action", "says": "x", "owner": "1", "due_on": "2026-06-20"},
        "record the cause first",
    ),
    ("/answer", {}, "Only who answers"),
    ("/decide", {"decision": "accept"}, "no answer yet"),
    ("/verify", {"verdict": "effective", "note": "x"}, "without a root cause"),
    ("/more-time", {"due": "answer", "to_on": "2026-06-25", "reason": "x"}, "Only who answers"),
]


@pytest.mark.parametrize(("path", "typed", "words"), REFUSED, ids=[f"{path} {words}" for path, _, words in REFUSED])
def test_what_cannot_be_is_refused_at_its_field_and_stays_typed(
    app: Flask, client: FlaskClient, cast: Cast, url: str, path: str, typed: dict[str, str], words: str
) -> None:
    with acting(app, cast.organisation, cast.auditor) as w:
        reference = owned(w, cast.asset_manager)
    answer = send(sign_in(client, cast.quality_manager), f"{url}/{reference}{path}", typed)
    assert answer.status_code == 422
    assert words in text(answer)


def test_an_entry_that_comes_five_times_is_one_action(app: Flask, client: FlaskClient, cast: Cast, url: str) -> None:
    with acting(app, cast.organisation, cast.asset_manager) as w:
        reference = planned(w, cast.asset_manager, cast.staff)
    owner, key = sign_in(client, cast.asset_manager), str(uuid4())
    plan = {"kind": "correction", "says": "Lock them.", "owner": str(cast.staff.id), "due_on": "2026-06-20"}
    for _ in range(5):
        assert post(owner, f"{url}/{reference}/actions/new", {**plan, "entry_key": key}).status_code == 303
    assert post(owner, f"{url}/{reference}/actions/new", plan).status_code == 422
    with acting(app, cast.organisation, cast.asset_manager) as w:
        assert len(fresh(w, reference).actions) == 2


def test_who_answered_judges_nothing_of_it_however_the_case_is_handed_on(app: Flask, cast: Cast) -> None:
    house = cast.organisation
    with acting(app, house, cast.auditor) as w:
        reference = planned(w, cast.auditor, cast.staff)
        w.session.expire_all()
        cases.answer(w, reference, None)
        cases.assign(w, reference, None, cast.asset_manager.id)
    for judge in (cases.accept, cases.refuse):
        with pytest.raises(RefusedError, match="You sent the answer"), acting(app, house, cast.auditor) as w:
            judge(w, reference, None, "It is good.")
    with acting(app, house, cast.quality_manager) as w:
        cases.accept(w, reference, None)
        action = fresh(w, reference).actions[0].reference
    with acting(app, house, cast.staff) as w:
        actions.do(w, action, None, on=w.today, note="The owner is named.")
    with later(date(2026, 8, 1)), acting(app, house, cast.auditor) as w:
        assert "You sent the answer" in str(
            closing.why_not_closed(now_of(fresh(w, reference)), cast.auditor.id, w.today)
        )


def test_who_did_an_action_accepts_no_answer(app: Flask, cast: Cast) -> None:
    house = cast.organisation
    with acting(app, house, cast.asset_manager) as w:
        reference = planned(w, cast.asset_manager, cast.auditor)
        action = fresh(w, reference).actions[0].reference
    with acting(app, house, cast.auditor) as w:
        actions.do(w, action, None, on=w.today, note="The owner is named.")
    with acting(app, house, cast.asset_manager) as w:
        cases.answer(w, reference, None)
    with pytest.raises(RefusedError, match="You did some of the actions"), acting(app, house, cast.auditor) as w:
        cases.accept(w, reference, None)


def test_the_number_of_an_entry_on_another_case_is_no_repetition(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with acting(app, cast.organisation, cast.asset_manager) as w:
        one, other = owned(w, cast.asset_manager), owned(w, cast.asset_manager)
    owner, typed = sign_in(client, cast.asset_manager), {"containment": "Locked.", "contained_on": "2026-05-20"}
    answers = [post(owner, f"{url}/{each}/containment", {**typed, "entry_key": "k-1"}) for each in (one, other)]
    assert [each.status_code for each in answers] == [303, 422]
    assert "Load the page again" in text(answers[1])
    assert "Locked." in text(answers[1])


def test_the_second_of_two_at_once_is_told(app: Flask, client: FlaskClient, cast: Cast, url: str) -> None:
    with acting(app, cast.organisation, cast.asset_manager) as w:
        reference = owned(w, cast.asset_manager)
        seen = str(fresh(w, reference).version)
    owner = sign_in(client, cast.asset_manager)
    typed = {"containment": "Locked.", "contained_on": "2026-05-20", "seen": seen}
    assert send(owner, f"{url}/{reference}/containment", typed).status_code == 303
    second = send(owner, f"{url}/{reference}/containment", {**typed, "containment": "Unlocked."})
    assert second.status_code == 422
    assert "changed by somebody else" in text(second)
    assert "Unlocked." in text(second)


def test_more_time_is_asked_for_with_a_reason_and_approved_by_another(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        reference = owned(w, cast.asset_manager)
    case = f"{url}/{reference}"
    owner = sign_in(client, cast.asset_manager)
    asked = {"due": "answer", "to_on": "2026-06-30", "reason": "Half the team is away."}
    assert "a choice of the organisation, in its settings" in text(owner.get(f"{case}/more-time"))
    assert send(owner, f"{case}/more-time", {**asked, "reason": ""}).status_code == 422
    assert send(owner, f"{case}/more-time", asked).status_code == 303
    assert "nobody has decided yet" in text(send(owner, f"{case}/more-time", asked))
    with acting(app, cast.organisation, cast.quality_manager) as w:
        extension = fresh(w, reference).extensions[0].id
    assert send(owner, f"{case}/more-time/{extension}", {"decision": "accept", "note": "x"}).status_code == 403
    manager = sign_in(client, cast.quality_manager)
    assert "Half the team is away." in text(manager.get(case))
    assert send(manager, f"{case}/more-time/{extension}", {"decision": "accept", "note": ""}).status_code == 422
    assert send(manager, f"{case}/more-time/{extension}", {"decision": "accept", "note": "Fair."}).status_code == 303
    page = text(manager.get(case))
    assert "Put off from 17 Jun 2026 to 30 Jun 2026, approved by Quentin Marsh: Half the team is away." in page
    again = send(manager, f"{case}/more-time/{extension}", {"decision": "refuse", "note": "No."})
    assert "It was approved already" in text(again)


WHO = {
    "quality_manager": 200,
    "auditor": 200,
    "administrator": 200,
    "asset_manager": 200,
    "staff": 404,
    "assessor": 404,
    "stranger": 404,
}


@pytest.mark.parametrize(("role", "status"), WHO.items())
def test_who_sees_the_programme_reads_a_case_and_strangers_find_none(
    app: Flask, client: FlaskClient, cast: Cast, url: str, role: str, status: int
) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        reference = owned(w, cast.auditor)
    visitor = sign_in(client, getattr(cast, role))
    for path in ("", "/answer", "/containment", "/cause", "/similar-cases", "/more-time", "/actions/new"):
        found = visitor.get(f"{url}/{reference}{path}").status_code
        carries = role in ("quality_manager", "auditor")
        assert found == (status if status == 404 or not path or carries else 403), path


def test_staff_read_the_case_they_answer_for_and_the_one_of_their_action(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        mine = owned(w, cast.staff)
        of_action = planned(w, cast.auditor, cast.staff)
    staff = sign_in(client, cast.staff)
    assert staff.get(f"{url}/{mine}").status_code == 200
    assert staff.get(f"{url}/{mine}/containment").status_code == 200
    assert staff.get(f"{url}/{of_action}").status_code == 200
    assert staff.get(f"{url}/{of_action}/cause").status_code == 403
    assert staff.get(url).status_code == 403


def test_similar_cases_are_proposed_by_product_site_clause_and_publisher(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        place = site(w)
        visio = product(w)
        mine, same_product, same_site = asset(w, "LT-1"), asset(w, "LT-2"), asset(w, "LT-3", site_id=place.id)
        there = asset(w, "LT-4", site_id=place.id)
        on_mine = installation(w, mine, visio)
        installation(w, same_product, visio)
        pool, other_pool = pooled(w), pooled(w, name="Quill Draw")
        earlier = opened(w, FindingGrade.MINOR, title="The same again").reference
        case = opened(w)
        for concern in ({"installation_id": on_mine.id}, {"asset_id": there.id}, {"pool_id": pool.id}):
            w.add(FindingLink(finding_id=case.finding_id, **concern))
        reference, others = case.reference, (same_product.tag, same_site.tag, earlier, other_pool.reference)
        cases.assign(w, reference, None, cast.asset_manager.id)
        w.session.expire_all()
        cases.contain(w, reference, None, says="Taken off.", on=None)
    owner = sign_in(client, cast.asset_manager)
    page = text(owner.get(f"{url}/{reference}/similar-cases"))
    marks = [unescape(each) for each in re.findall(r'name="mark-\d+" value="([^"]+)"', page)]
    assert [each.partition("|")[2] for each in marks] == list(others)
    for because in ("The same product: Visio", "The same site", "The same clause: A.5.18", "The same publisher"):
        assert because in page
    typed = {f"mark-{at}": mark for at, mark in enumerate(marks)}
    typed |= {"looked-0": "yes", "note-0": "Installed too.", "looked-2": "no", "note": "Looked at all of them."}
    forged = {"mark-9": "asset|NO-1", "looked-9": "yes"}
    assert send(owner, f"{url}/{reference}/similar-cases", {**typed, **forged}).status_code == 303
    shown = text(owner.get(f"{url}/{reference}"))
    for words in ("LT-2", "Installed too.", "Affected", "Not affected", "Looked at all of them."):
        assert words in shown
    with acting(app, cast.organisation, cast.quality_manager) as w:
        assert [(each.name, each.is_affected) for each in fresh(w, reference).similar_cases] == [
            ("LT-2", True),
            (earlier, False),
        ]


def test_the_board_narrows_by_what_the_address_says_and_shows_what_is_late(
    app: Flask, client: FlaskClient, cast: Cast, url: str
) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        late = owned(w, cast.auditor, raised_on=date(2026, 3, 1))
        minor = owned(w, cast.quality_manager, grade=FindingGrade.MINOR, standard="ISO 9001:2015")
    manager = sign_in(client, cast.quality_manager)
    for asked, shown, hidden in (
        ("", (late, minor), ()),
        ("?mine=yes", (minor,), (late,)),
        ("?grade=major", (late,), (minor,)),
        ("?overdue=yes", (late,), (minor,)),
        ("?standard=ISO+9001:2015", (minor,), (late,)),
        ("?whose=body", (), (late, minor)),
        ("?grade=huge", (late, minor), ()),
    ):
        for page in (text(manager.get(f"{url}{asked}")), text(manager.get(f"{url}/list{asked}"))):
            assert all(f">{each}</a>" in page for each in shown), asked
            assert not any(f">{each}</a>" in page for each in hidden), asked
    assert "case-card late" in text(manager.get(url))
    csv = text(manager.get(f"{url}/export/csv?grade=major"))
    assert late in csv
    assert minor not in csv
    assert manager.get(f"{url}/export/xlsx").status_code == 200
    assert manager.get(f"{url}/export/pdf").status_code == 404


@pytest.mark.parametrize("page", ["", "/list", "/list?sort=owner&order=up", "/list?sort=due&order=down"])
def test_board_and_list_make_the_same_queries_however_many(
    app: Flask, client: FlaskClient, cast: Cast, url: str, page: str
) -> None:
    def fill(many: int) -> None:
        with acting(app, cast.organisation, cast.quality_manager) as w:
            for _ in range(many):
                owned(w, cast.auditor)

    manager = sign_in(client, cast.quality_manager)
    fill(2)
    few = _queries(app, manager, f"{url}{page}")
    fill(12)
    assert _queries(app, manager, f"{url}{page}") == few


def _queries(app: Flask, client: FlaskClient, url: str) -> int:
    asked: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
        try:
            assert client.get(url).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", count)
    return len(asked)


def test_who_is_named_and_whose_action_it_is_are_told_by_mail(app: Flask, cast: Cast) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        planned(w, cast.asset_manager, cast.staff)
    with acting(app, cast.organisation, cast.quality_manager) as w:
        told = {(each.to_email, each.subject) for each in w.all(select(OutboxMail))}
        count = w.session.scalar(select(func.count(CorrectiveAction.id)))
    assert count == 1
    assert told == {
        (cast.asset_manager.email, "You answer for NC-2026-001"),
        (cast.staff.email, "A-2026-001 is yours, due on 1 Jul 2026"),
    }


def test_who_may_accept_an_answer_is_told_by_mail_that_it_was_sent(app: Flask, cast: Cast) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        reference = planned(w, cast.asset_manager, cast.staff)
    with acting(app, cast.organisation, cast.asset_manager) as w:
        cases.answer(w, reference, None)
    with acting(app, cast.organisation, cast.quality_manager) as w:
        told = [each.to_email for each in w.all(select(OutboxMail)) if "was answered" in each.subject]
    assert sorted(told) == sorted([cast.quality_manager.email, cast.auditor.email])


def test_an_auditor_who_did_not_lead_the_audit_behind_it_is_not_told_of_its_answer(app: Flask, cast: Cast) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        lead = (Seat(TeamRole.LEAD, person_id=cast.quality_manager.id),)
        audit = plan(w, None, date(2026, 5, 4), kind=AuditKind.INTERNAL, team=lead)
        reference = planned(w, cast.asset_manager, cast.staff, audit_id=audit.id)
    with acting(app, cast.organisation, cast.asset_manager) as w:
        cases.answer(w, reference, None)
    with acting(app, cast.organisation, cast.quality_manager) as w:
        told = [each.to_email for each in w.all(select(OutboxMail)) if "was answered" in each.subject]
    assert told == [cast.quality_manager.email]


def test_a_case_and_an_action_are_found_by_what_they_say(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        planned(w, cast.asset_manager, cast.staff)
    manager = sign_in(client, cast.quality_manager)
    home = f"/o/{cast.organisation.slug}"
    assert f'{home}/corrective-actions/NC-2026-001"' in text(manager.get(f"{home}/search?q=owns+the+review"))
    assert f'{home}/actions/A-2026-001"' in text(manager.get(f"{home}/search?q=owner+of+the+review"))


def test_a_finding_that_goes_takes_its_case_along_until_work_has_begun(app: Flask, cast: Cast) -> None:
    with acting(app, cast.organisation, cast.asset_manager) as w:
        fresh_one, begun = opened(w), planned(w, cast.asset_manager, cast.staff)
        w.session.expire_all()
        for reference in (fresh_one.reference, begun):
            assert fresh(w, reference).finding is not None
        cases.drop_of(w, w.all(select(Finding).where(Finding.id == fresh_one.finding_id))[0])
        worked_on = w.all(select(Finding).where(Finding.reference == begun))[0]
        with pytest.raises(RefusedError, match="has begun"):
            cases.drop_of(w, worked_on)
        assert w.all(select(CorrectiveAction.reference)) == [begun]


def test_a_grade_that_changes_before_work_begins_brings_its_own_days(app: Flask, cast: Cast) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        case = opened(w)
        finding = w.all(select(Finding).where(Finding.id == case.finding_id))[0]
        finding.grade = FindingGrade.MINOR
        cases.follow_finding(w, finding)
        assert (case.grade, case.action_due_on) == (FindingGrade.MINOR, date(2026, 8, 16))
