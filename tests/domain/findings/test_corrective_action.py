"""A nonconformity to its end: which step may follow which, who may take it, and what closing needs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.explained import Clause, Explained, Reason, RefusedError
from app.domain.findings import closing, stages
from app.domain.findings.case import ActionNow, CaseNow, CauseSaid, corrective_clause
from app.domain.findings.corrective_action import ActionKind, CauseBranch, CauseMethod, Effectiveness, Stage
from app.domain.findings.deadlines import DueDays
from app.domain.findings.grading import FindingGrade
from app.domain.findings.stages import CaseStep, may_follow

OWNER, LEAD, DOER, VERIFIER = 1, 2, 3, 4
RAISED = date(2026, 3, 2)
TODAY = date(2026, 3, 9)
WAIT = 30
CLAUSE = Clause("ISO/IEC 27001:2022", "10.2")
BECAUSE = (Reason("So it is."),)
ANEW = DueDays(Explained(date(2026, 8, 1), BECAUSE), Explained(date(2026, 9, 1), BECAUSE))
CAUSE = CauseSaid(CauseMethod.FIVE_WHYS, "Nobody owns the review.", ("It was forgotten.", "No one was named."))
NEW = CaseNow(
    reference="NC-2026-014",
    grade=FindingGrade.MAJOR,
    clause=CLAUSE,
    stage=Stage.RAISED,
    raised_on=RAISED,
    answer_due_on=date(2026, 4, 1),
    action_due_on=date(2026, 5, 1),
)
ACTION = ActionNow(1, ActionKind.CORRECTIVE, DOER, date(2026, 4, 15))


def assigned() -> CaseNow:
    return stages.assign(NEW, OWNER)


def contained() -> CaseNow:
    return stages.contain(assigned(), "The accounts were locked.", TODAY, TODAY)


def explained() -> CaseNow:
    return stages.explain(contained(), CAUSE)


def planned() -> CaseNow:
    return replace(stages.look(explained(), "", 2, TODAY), actions=(ACTION,))


def answered() -> CaseNow:
    return stages.answer(planned(), OWNER, TODAY)


def accepted() -> CaseNow:
    return stages.accept(answered(), LEAD, TODAY, WAIT)


def done() -> CaseNow:
    return stages.do(accepted(), 1, DOER, date(2026, 4, 10), date(2026, 4, 10), "Done.", effectiveness_days=WAIT)


def closed() -> CaseNow:
    return closing.verify(done(), VERIFIER, date(2026, 5, 10), Effectiveness.EFFECTIVE, "Ten samples.", ANEW)


def test_from_raised_to_closed_one_stage_after_the_other() -> None:
    chain = [NEW, assigned(), contained(), explained(), accepted(), done(), closed()]
    assert [each.stage for each in chain] == list(Stage)
    assert done().implemented_on == date(2026, 4, 10)
    assert done().verify_from == date(2026, 5, 10)
    assert closed().closed_on == date(2026, 5, 10)


def test_each_standard_has_its_own_number_for_corrective_action() -> None:
    numbers = {
        "": "ISO 9001:2015, 10.2",
        "ISO 9001:2015": "ISO 9001:2015, 10.2",
        "ISO/IEC 27001:2022": "ISO/IEC 27001:2022, 10.2",
        "ISO/IEC 27001:2013": "ISO/IEC 27001:2013, 10.1",
        "ISO/IEC 20000-1:2018": "ISO/IEC 20000-1:2018, 10.1",
        "ISO/IEC 19770-1:2017": "ISO/IEC 19770-1:2017, 10.1",
    }
    assert {standard: str(corrective_clause(standard)) for standard in numbers} == numbers


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: stages.contain(NEW, "x", TODAY, TODAY), "“raised”"),
    (lambda: stages.contain(assigned(), " ", TODAY, TODAY), "why no containment is needed"),
    (lambda: stages.contain(assigned(), "x", TODAY + timedelta(1), TODAY), "has not come yet"),
    (lambda: stages.contain(assigned(), "x", RAISED - timedelta(1), TODAY), "cannot have been contained before"),
    (lambda: stages.contain(contained(), "x", TODAY, TODAY), "“root cause”"),
    (lambda: stages.explain(assigned(), CAUSE), "after the containment"),
    (lambda: stages.explain(contained(), replace(CAUSE, root_cause=" ")), "what the root cause is"),
    (lambda: stages.explain(contained(), replace(CAUSE, whys=("One.", " "))), "at least twice: 1 of the whys is"),
    (lambda: stages.explain(contained(), replace(CAUSE, method=CauseMethod.CAUSE_AND_EFFECT)), "on the bones"),
    (lambda: stages.look(assigned(), "None.", 0, TODAY), "together with the cause"),
    (lambda: stages.look(contained(), " ", 0, TODAY), "at least one thing"),
    (lambda: stages.answer(planned(), LEAD, TODAY), "Only who answers for the nonconformity"),
    (lambda: stages.answer(replace(planned(), actions=()), OWNER, TODAY), "no corrective action"),
    (lambda: stages.answer(replace(planned(), similar_on=None), OWNER, TODAY), "Similar cases"),
    (lambda: stages.answer(assigned(), OWNER, TODAY), "The root cause is not recorded"),
    (lambda: stages.answer(answered(), OWNER, TODAY), "waits to be accepted"),
    (lambda: stages.answer(accepted(), OWNER, TODAY), "was accepted on"),
    (lambda: stages.explain(answered(), CAUSE), "nothing of it changes meanwhile"),
    (lambda: stages.look(answered(), "x", 1, TODAY), "nothing of it changes meanwhile"),
    (lambda: stages.drop(answered(), ACTION), "nothing of it changes meanwhile"),
    (lambda: stages.drop(accepted(), ACTION), "belongs to the plan that was accepted"),
    (lambda: stages.drop(done(), done().actions[0]), "stays as a record"),
    (lambda: stages.accept(answered(), OWNER, TODAY, WAIT), "another person has to accept or refuse"),
    (lambda: stages.accept(planned(), LEAD, TODAY, WAIT), "no answer yet"),
    (lambda: stages.accept(accepted(), LEAD, TODAY, WAIT), "was accepted on 9 Mar 2026 already"),
    (lambda: stages.refuse(answered(), OWNER, "no"), "another person has to accept or refuse"),
    (lambda: stages.refuse(answered(), LEAD, " "), "Say why it is refused"),
    (lambda: stages.assign(accepted(), LEAD), "They accepted the answer"),
    (lambda: stages.assign(closed(), DOER), "was closed on 10 May 2026"),
    (lambda: stages.do(accepted(), 1, DOER, TODAY, TODAY, " ", effectiveness_days=WAIT), "Say what was done"),
    (lambda: stages.do(done(), 1, DOER, TODAY, TODAY, "x", effectiveness_days=WAIT), "already"),
    (
        lambda: stages.do(accepted(), 1, DOER, TODAY + timedelta(1), TODAY, "x", effectiveness_days=WAIT),
        "has not come yet",
    ),
]


@pytest.mark.parametrize(("act", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_is_out_of_turn_or_one_s_own_is_refused_in_words(act: Callable[[], object], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        act()


@pytest.mark.parametrize(
    ("now", "by", "on", "words"),
    [
        (contained(), VERIFIER, TODAY, "without a root cause"),
        (explained(), VERIFIER, TODAY, "were not accepted yet"),
        (accepted(), VERIFIER, TODAY, "1 action is still open"),
        (done(), OWNER, date(2026, 6, 1), "You answer for NC-2026-014 yourself"),
        (done(), DOER, date(2026, 6, 1), "had a hand in the actions"),
        (done(), VERIFIER, date(2026, 5, 9), "from 10 May 2026 on"),
        (closed(), VERIFIER, date(2026, 6, 1), "closed already"),
    ],
)
def test_it_is_not_closed_without_a_cause_with_open_actions_by_its_owner_or_too_early(
    now: CaseNow, by: int, on: date, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        closing.verify(now, by, on, Effectiveness.EFFECTIVE, "Seen.", ANEW)


@pytest.mark.parametrize(
    ("verdict", "note", "words"),
    [(None, "Seen.", "whether the actions were effective"), (Effectiveness.EFFECTIVE, " ", "what you looked at")],
)
def test_a_verdict_says_what_it_is_and_what_it_rests_on(verdict: Effectiveness | None, note: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        closing.verify(done(), VERIFIER, date(2026, 5, 10), verdict, note, ANEW)


def test_a_refused_answer_goes_back_and_comes_again() -> None:
    back = stages.refuse(answered(), LEAD, "The cause is a symptom.")
    assert (back.stage, back.answered_on, back.root_cause) == (Stage.ACTION_PLAN, None, CAUSE.root_cause)
    assert stages.answer(stages.explain(back, CAUSE), OWNER, TODAY).awaits_acceptance


def test_ineffective_opens_it_again_at_the_root_cause_with_new_days_and_asks_for_a_new_action() -> None:
    again = closing.verify(done(), VERIFIER, date(2026, 5, 10), Effectiveness.INEFFECTIVE, "It came back.", ANEW)
    assert (again.stage, again.root_cause, again.accepted_on) == (Stage.ROOT_CAUSE, "", None)
    assert (again.answer_due_on, again.action_due_on) == (date(2026, 8, 1), date(2026, 9, 1))
    day = date(2026, 5, 20)
    told = stages.look(stages.explain(again, CAUSE), "Looked at all.", 0, day)
    with pytest.raises(RefusedError, match="those that were done did not work"):
        stages.answer(told, OWNER, day)
    more = replace(told, actions=(*told.actions, replace(ACTION, id=2)))
    assert stages.answer(more, OWNER, day).awaits_acceptance


def test_where_all_is_done_before_the_plan_is_accepted_it_waits_for_verification_at_once() -> None:
    early = stages.do(planned(), 1, DOER, TODAY, TODAY, "Done at once.", effectiveness_days=WAIT)
    assert early.stage is Stage.ACTION_PLAN
    after = stages.accept(stages.answer(early, OWNER, TODAY), LEAD, TODAY, WAIT)
    assert (after.stage, after.verify_from) == (Stage.VERIFICATION, date(2026, 4, 8))


@pytest.mark.parametrize(
    ("kind", "says", "owner", "due_on", "words"),
    [
        (ActionKind.CORRECTIVE, "x", DOER, date(2026, 5, 2), "All actions are due on 1 May 2026"),
        (ActionKind.CORRECTIVE, "x", DOER, date(2026, 3, 8), "has passed"),
        (ActionKind.CORRECTIVE, "x", DOER, None, "Give the day"),
        (ActionKind.CORRECTIVE, "x", None, date(2026, 4, 1), "Choose who does it"),
        (ActionKind.CORRECTIVE, " ", DOER, date(2026, 4, 1), "what is to be done"),
        (ActionKind.DECISION, "x", DOER, date(2026, 4, 1), "management review"),
    ],
)
def test_an_action_has_words_an_owner_and_a_day_that_can_be(
    kind: ActionKind, says: str, owner: int | None, due_on: date | None, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        stages.plan(explained(), kind, says, owner, due_on, TODAY)


def test_a_correction_may_come_before_the_cause_and_a_corrective_action_may_not() -> None:
    stages.plan(assigned(), ActionKind.CORRECTION, "Lock them.", DOER, TODAY, TODAY)
    with pytest.raises(RefusedError, match="record the cause first"):
        stages.plan(assigned(), ActionKind.CORRECTIVE, "Name an owner.", DOER, TODAY, TODAY)


PEOPLE = st.integers(1, 5)
DAYS = st.dates(RAISED, date(2026, 12, 31))


def _take(now: CaseNow, step: CaseStep, by: int, on: date, verdict: Effectiveness) -> CaseNow:
    """Try one step as somebody on a day; what is refused changes nothing."""
    actions = now.actions
    match step:
        case CaseStep.ASSIGN:
            return stages.assign(now, by)
        case CaseStep.CONTAIN:
            return stages.contain(now, "Contained.", on, on)
        case CaseStep.EXPLAIN:
            return stages.explain(now, CAUSE)
        case CaseStep.LOOK:
            return stages.look(now, "Looked.", 0, on)
        case CaseStep.PLAN:
            stages.plan(now, ActionKind.CORRECTIVE, "Do.", by, on, on)
            return replace(now, actions=(*actions, ActionNow(len(actions) + 1, ActionKind.CORRECTIVE, by, on)))
        case CaseStep.ANSWER:
            return stages.answer(now, by, on)
        case CaseStep.ACCEPT:
            return stages.accept(now, by, on, WAIT)
        case CaseStep.REFUSE:
            return stages.refuse(now, by, "Not yet.")
        case CaseStep.DO:
            first = next((each.id for each in actions if not each.is_done), 1)
            return stages.do(now, first, by, on, on, "Done.", effectiveness_days=WAIT) if actions else now
        case CaseStep.VERIFY:
            return closing.verify(now, by, on, verdict, "Seen.", ANEW)
    return now


BONES = st.lists(st.tuples(st.sampled_from(list(CaseStep)), PEOPLE, DAYS, st.sampled_from(list(Effectiveness))))


@given(BONES.map(lambda tried: sorted(tried, key=lambda each: each[2])))
def test_no_way_leads_to_the_end_without_a_cause_with_open_actions_or_by_its_owner(
    tried: list[tuple[CaseStep, int, date, Effectiveness]],
) -> None:
    now = NEW
    for step, by, on, verdict in tried:
        before = now
        try:
            now = _take(now, step, by, on, verdict)
        except RefusedError:
            continue
        if now != before and step is not CaseStep.ASSIGN:
            assert step in may_follow(before), (step, before)
        if now.accepted_on is not None:
            assert now.accepted_by != now.owner
            assert now.root_cause
            assert now.contained_on is not None
        if now.is_closed and not before.is_closed:
            assert not now.open_actions
            assert now.root_cause
            assert by not in {now.owner, *(each.done_by for each in now.actions)}
            assert now.verify_from is not None
            assert on >= now.verify_from
        if before.is_closed:
            assert now == before


def test_a_closed_case_offers_no_step() -> None:
    assert may_follow(closed()) == ()
    assert {step for case in (NEW, assigned(), contained(), answered(), done()) for step in may_follow(case)} == {
        *CaseStep
    } - {CaseStep.ANSWER}
    assert CaseStep.ANSWER in may_follow(planned())


def test_the_bones_of_cause_and_effect_carry_causes_and_never_a_why() -> None:
    bones = ((CauseBranch.PEOPLE, "New staff."), (CauseBranch.METHOD, "No list."))
    told = CauseSaid(CauseMethod.CAUSE_AND_EFFECT, "No list of reviews.", bones=bones)
    assert stages.explain(contained(), told).root_cause == "No list of reviews."
    with pytest.raises(RefusedError, match="on the bones"):
        stages.explain(contained(), replace(told, bones=((CauseBranch.WHY, "a"), (CauseBranch.WHY, "b"))))
