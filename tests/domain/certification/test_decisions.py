"""Which decision may follow which: a table of what is refused, in whose words, and of what is not."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.certification.cycle import judge
from app.domain.certification.decisions import (
    effect_of,
    kind_may_follow,
    may_decide,
    proposed_last_day,
    refuse_what_cannot_follow,
    refuse_what_others_rest_on,
    with_decision,
)
from app.domain.certification.facts import DecisionFact, DecisionKind, EditionDeadline, Facts, State
from app.domain.explained import RefusedError

TODAY = date(2026, 6, 1)
K = DecisionKind
GRANT = DecisionFact(K.GRANTED, date(2024, 3, 15))
SUSPENSION = DecisionFact(K.SUSPENDED, date(2025, 10, 1))
LIFTING = DecisionFact(K.SUSPENSION_LIFTED, date(2025, 12, 1))
EDITIONS = (EditionDeadline("ISO/IEC 27001:2013", date(2025, 10, 31), date(2024, 4, 30)),)


def facts(*decisions: DecisionFact, standard: str = "ISO/IEC 27001:2022") -> Facts:
    return Facts(standard=standard, decisions=decisions, editions=EDITIONS)


APPLICANT = facts()
ACTIVE = facts(GRANT)
SUSPENDED = facts(GRANT, replace(SUSPENSION, decided_on=date(2026, 3, 1)))
EXPIRED = facts(DecisionFact(K.GRANTED, date(2023, 4, 1)))
LAPSED = facts(DecisionFact(K.GRANTED, date(2020, 4, 1)))
WITHDRAWN = facts(GRANT, DecisionFact(K.WITHDRAWN, date(2026, 1, 10)))


def test_the_cast_stands_as_named() -> None:
    states = [judge(each, TODAY).state.value for each in (APPLICANT, ACTIVE, SUSPENDED, EXPIRED, LAPSED, WITHDRAWN)]
    assert states == [
        State.APPLICANT,
        State.ACTIVE,
        State.SUSPENDED,
        State.EXPIRED_RESTORABLE,
        State.LAPSED,
        State.WITHDRAWN,
    ]


MAY = {
    "applicant": {K.GRANTED, K.REFUSED},
    "active": set(K) - {K.GRANTED, K.RESTORED, K.SUSPENSION_LIFTED},
    "suspended": set(K) - {K.GRANTED, K.RESTORED, K.SUSPENDED},
    "expired": {K.GRANTED, K.REFUSED, K.RENEWED, K.RESTORED, K.WITHDRAWN, K.TRANSFERRED, K.TRANSITIONED},
    "lapsed": {K.GRANTED},
    "withdrawn": {K.GRANTED},
}
STANDING = {
    "applicant": APPLICANT,
    "active": ACTIVE,
    "suspended": SUSPENDED,
    "expired": EXPIRED,
    "lapsed": LAPSED,
    "withdrawn": WITHDRAWN,
}


@pytest.mark.parametrize("name", STANDING)
@pytest.mark.parametrize("kind", K)
def test_what_may_follow_each_state(name: str, kind: DecisionKind) -> None:
    answer = kind_may_follow(STANDING[name], kind, TODAY)
    assert answer.value is (kind in MAY[name]), answer.why


REFUSED = [
    (APPLICANT, DecisionFact(K.RENEWED, TODAY), None, "nothing was granted yet, so a renewal cannot follow"),
    (APPLICANT, DecisionFact(K.SCOPE_EXTENDED, TODAY), None, "so an extension of the scope cannot follow"),
    (ACTIVE, DecisionFact(K.SUSPENSION_LIFTED, TODAY), None, "was not suspended, so there is no suspension to lift"),
    (SUSPENDED, DecisionFact(K.SUSPENDED, TODAY), None, "suspended already"),
    (ACTIVE, DecisionFact(K.GRANTED, TODAY), None, "a second grant cannot follow"),
    (ACTIVE, DecisionFact(K.RESTORED, TODAY), None, "nothing to restore"),
    (LAPSED, DecisionFact(K.RENEWED, TODAY), None, "Only a new grant can follow"),
    (WITHDRAWN, DecisionFact(K.SUSPENSION_LIFTED, TODAY), None, "withdrawn. Only a new grant can follow"),
    (EXPIRED, DecisionFact(K.MAINTAINED, TODAY), None, "had expired"),
    (ACTIVE, DecisionFact(K.MAINTAINED, date(2026, 6, 2)), "decided_on", "has not come yet"),
    (APPLICANT, DecisionFact(K.GRANTED, date(206, 6, 2)), "decided_on", "cannot be right"),
    (
        APPLICANT,
        DecisionFact(K.GRANTED, date(2026, 5, 1), valid_through=date(2026, 4, 30)),
        "valid_through",
        "before the decision",
    ),
    (
        APPLICANT,
        DecisionFact(K.GRANTED, date(2026, 5, 1), valid_through=date(9999, 12, 31)),
        "valid_through",
        "more than five years",
    ),
    (ACTIVE, DecisionFact(K.SUSPENDED, TODAY, valid_through=TODAY), "valid_through", "leaves the last valid day"),
    (ACTIVE, DecisionFact(K.TRANSITIONED, TODAY), "to_edition", "to which edition"),
    (
        ACTIVE,
        DecisionFact(K.TRANSITIONED, TODAY, to="ISO/IEC 27001:2022"),
        "to_edition",
        "certified to ISO/IEC 27001:2022 already",
    ),
    (ACTIVE, DecisionFact(K.TRANSITIONED, TODAY, to="ISO 9001:2015"), "to_edition", "another standard"),
    (ACTIVE, DecisionFact(K.TRANSITIONED, TODAY, to="ISO/IEC 27001:2013"), "to_edition", "ended on 31 Oct 2025"),
    (ACTIVE, DecisionFact(K.GRANTED, date(2024, 3, 15)), "decided_on", "on record already"),
    (ACTIVE, DecisionFact(K.RENEWED, date(2024, 3, 14)), None, "On 14 Mar 2024 nothing was granted yet"),
]


@pytest.mark.parametrize(("known", "decision", "field", "words"), REFUSED)
def test_refused_in_the_rules_words(known: Facts, decision: DecisionFact, field: str | None, words: str) -> None:
    assert may_decide(known, decision, TODAY).value is False
    with pytest.raises(RefusedError) as refusal:
        refuse_what_cannot_follow(known, decision, TODAY)
    assert words in str(refusal.value)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("known", "decision"),
    [
        (APPLICANT, DecisionFact(K.GRANTED, TODAY, valid_through=date(2029, 5, 31))),
        (ACTIVE, DecisionFact(K.TRANSITIONED, TODAY, to="ISO/IEC 27001:2029")),
        (LAPSED, DecisionFact(K.GRANTED, TODAY)),
        (WITHDRAWN, DecisionFact(K.GRANTED, TODAY)),
        (EXPIRED, DecisionFact(K.RESTORED, TODAY)),
        (facts(GRANT, SUSPENSION), DecisionFact(K.SUSPENSION_LIFTED, SUSPENSION.decided_on)),
        # On its last valid day a certificate is renewed; on the next it is restored.
        (EXPIRED, DecisionFact(K.RENEWED, date(2026, 3, 31))),
        (EXPIRED, DecisionFact(K.RESTORED, date(2026, 4, 1))),
    ],
)
def test_not_refused(known: Facts, decision: DecisionFact) -> None:
    answer = may_decide(known, decision, TODAY)
    assert answer.value is True, answer.why
    refuse_what_cannot_follow(known, decision, TODAY)


def test_a_decision_dated_back_leaves_every_later_one_possible() -> None:
    known = facts(GRANT, SUSPENSION, LIFTING)
    refusal = may_decide(known, DecisionFact(K.WITHDRAWN, date(2025, 11, 1)), TODAY)
    assert refusal.value is False
    assert "The lifting of a suspension of 1 Dec 2025 could no longer stand" in refusal.why[0].says
    assert may_decide(known, DecisionFact(K.WITHDRAWN, date(2025, 12, 2)), TODAY).value is True


def test_what_already_made_no_sense_hinders_nothing_further() -> None:
    known = facts(GRANT, LIFTING)
    assert may_decide(known, DecisionFact(K.MAINTAINED, date(2025, 3, 1)), TODAY).value is True


def test_a_decision_that_others_rest_on_stays() -> None:
    known = facts(GRANT, SUSPENSION, LIFTING)
    for kept in (GRANT, SUSPENSION):
        with pytest.raises(RefusedError, match="Strike that one out first"):
            refuse_what_others_rest_on(known, kept)
    refuse_what_others_rest_on(known, LIFTING)


def test_the_last_day_is_proposed_by_the_rule_and_only_where_one_is_printed() -> None:
    proposed = proposed_last_day(APPLICANT, DecisionFact(K.GRANTED, date(2024, 2, 29), valid_through=TODAY))
    assert proposed is not None
    assert proposed.value == date(2027, 2, 27)
    assert proposed_last_day(ACTIVE, DecisionFact(K.SUSPENDED, TODAY)) is None


def test_the_effect_names_what_changes() -> None:
    effect = effect_of(ACTIVE, with_decision(ACTIVE, DecisionFact(K.SUSPENDED, TODAY)), TODAY)
    assert (effect.before.state.value, effect.after.state.value) == (State.ACTIVE, State.SUSPENDED)
    assert effect.before.valid_through == effect.after.valid_through
    assert not effect.new_breaches
    grant = effect_of(APPLICANT, with_decision(APPLICANT, GRANT), TODAY)
    assert "first-surveillance" in {each.rule for each in grant.new_breaches}
