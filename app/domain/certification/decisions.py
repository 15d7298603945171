"""Which decision of the certification body may follow which, and what a decision does before it is recorded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.domain import clauses
from app.domain.certification.cycle import judge
from app.domain.certification.facts import DecisionFact, DecisionKind, Facts, State
from app.domain.certification.history import edition_key, in_order, replay
from app.domain.certification.risk import Notice
from app.domain.certification.verdict import Breach, Deadline, Standing, Verdict
from app.domain.certification.watch import watch
from app.domain.dates import add_months, say
from app.domain.explained import Clause, Explained, Reason, RefusedError

WITH_LAST_DAY = frozenset({DecisionKind.GRANTED, DecisionKind.RENEWED, DecisionKind.RESTORED})
"""The decisions that come with a certificate, which prints its last valid day."""

EARLIEST = date(1980, 1, 1)
"""No management system was certified before."""

LONGEST_MONTHS = 60
"""A printed last day further from its decision than this is a slip of the pen: a cycle lasts 36 months."""

NOUNS: dict[DecisionKind, str] = {
    DecisionKind.GRANTED: "grant",
    DecisionKind.REFUSED: "refusal",
    DecisionKind.MAINTAINED: "confirmation of the certification",
    DecisionKind.RENEWED: "renewal",
    DecisionKind.RESTORED: "restoration",
    DecisionKind.SUSPENDED: "suspension",
    DecisionKind.SUSPENSION_LIFTED: "lifting of a suspension",
    DecisionKind.WITHDRAWN: "withdrawal",
    DecisionKind.SCOPE_REDUCED: "reduction of the scope",
    DecisionKind.SCOPE_EXTENDED: "extension of the scope",
    DecisionKind.TRANSFERRED: "transfer",
    DecisionKind.TRANSITIONED: "transition",
}

_STANDING = frozenset({State.ACTIVE, State.SUSPENDED})
_LIVING = _STANDING | {State.EXPIRED_RESTORABLE}

_MAY_FOLLOW: dict[DecisionKind, frozenset[State]] = {
    DecisionKind.GRANTED: frozenset({State.APPLICANT, State.EXPIRED_RESTORABLE, State.LAPSED, State.WITHDRAWN}),
    DecisionKind.REFUSED: _LIVING | {State.APPLICANT},
    DecisionKind.MAINTAINED: _STANDING,
    DecisionKind.RENEWED: _LIVING,
    DecisionKind.RESTORED: frozenset({State.EXPIRED_RESTORABLE}),
    DecisionKind.SUSPENDED: frozenset({State.ACTIVE}),
    DecisionKind.SUSPENSION_LIFTED: frozenset({State.SUSPENDED}),
    DecisionKind.WITHDRAWN: _LIVING,
    DecisionKind.SCOPE_REDUCED: _STANDING,
    DecisionKind.SCOPE_EXTENDED: _STANDING,
    # Past its last day or suspended it is recorded all the same: the rule on transfers then shows the breach.
    DecisionKind.TRANSFERRED: _LIVING,
    DecisionKind.TRANSITIONED: _LIVING,
}

_CLAUSES: dict[DecisionKind, Clause] = {
    DecisionKind.GRANTED: clauses.PROGRAMME,
    DecisionKind.REFUSED: clauses.BEFORE_DECISION,
    DecisionKind.MAINTAINED: clauses.MAINTAINING,
    DecisionKind.RENEWED: clauses.RECERTIFICATION_EXPIRY,
    DecisionKind.RESTORED: clauses.RESTORATION,
    DecisionKind.SUSPENDED: clauses.SUSPENSION,
    DecisionKind.SUSPENSION_LIFTED: clauses.SUSPENSION_RESOLVED,
    DecisionKind.WITHDRAWN: clauses.WITHDRAWAL,
    DecisionKind.SCOPE_REDUCED: clauses.WITHDRAWAL,
    DecisionKind.SCOPE_EXTENDED: clauses.SPECIAL_AUDITS,
    DecisionKind.TRANSFERRED: clauses.TRANSFER,
    DecisionKind.TRANSITIONED: clauses.CERTIFICATE,
}


@dataclass(frozen=True, slots=True)
class _Objection:
    why: tuple[Reason, ...]
    field: str | None


def may_decide(facts: Facts, decision: DecisionFact, today: date) -> Explained[bool]:
    """Whether a decision can follow what is on record; where it cannot, the reasons are the rule's own words.

    A decision dated back must leave every later one possible. [ISO/IEC 17021-1:2015, 9.5 and 9.6]
    """
    objection = _objection(facts, decision, today)
    if objection is not None:
        return Explained(False, objection.why)
    says = f"{_a(decision.kind).capitalize()} on {say(decision.decided_on)} can follow what is on record."
    return Explained(True, (Reason(says, _CLAUSES[decision.kind]),))


def refuse_what_cannot_follow(facts: Facts, decision: DecisionFact, today: date) -> None:
    """Raise `RefusedError` where `may_decide` says no; it names the field that is at fault."""
    objection = _objection(facts, decision, today)
    if objection is not None:
        raise RefusedError(objection.why, objection.field)


def refuse_what_others_rest_on(facts: Facts, decision: DecisionFact) -> None:
    """Refuse to strike out a decision that a later one rests on; raises `RefusedError` with that one's reasons."""
    without = list(facts.decisions)
    without.remove(decision)
    left_hanging = _newly_senseless(facts, replace(facts, decisions=tuple(without)))
    if left_hanging is not None:
        later, why = left_hanging
        says = f"The {_named(later)} rests on it. Strike that one out first."
        raise RefusedError((Reason(says), *why))


def kind_may_follow(facts: Facts, kind: DecisionKind, on: date) -> Explained[bool]:
    """Whether a decision of this kind can follow the state of a day; editions and printed days are not asked yet."""
    why = _against_state(facts, DecisionFact(kind, on))
    return Explained(True, (Reason("It can follow the state of the day."),)) if why is None else Explained(False, why)


def _objection(facts: Facts, decision: DecisionFact, today: date) -> _Objection | None:
    shape = _against_days(decision, today)
    if shape is not None:
        return shape
    same = next(
        (each for each in facts.decisions if (each.kind, each.decided_on) == (decision.kind, decision.decided_on)), None
    )
    if same is not None:
        return _Objection((Reason(f"The {_named(same)} is on record already."),), "decided_on")
    before = _before(facts, decision)
    why = _against_state(before, decision)
    if why is not None:
        return _Objection(why, None)
    if decision.kind is DecisionKind.TRANSITIONED:
        why = _against_edition(before, decision)
        if why is not None:
            return _Objection(why, "to_edition")
    after = replace(facts, decisions=(*facts.decisions, decision))
    left_hanging = _newly_senseless(facts, after)
    if left_hanging is not None:
        later, reasons = left_hanging
        return _Objection((Reason(f"The {_named(later)} could no longer stand after it."), *reasons), "decided_on")
    return None


def _against_days(decision: DecisionFact, today: date) -> _Objection | None:
    day, last = decision.decided_on, decision.valid_through
    if day > today:
        says = f"{say(day)} has not come yet: record a decision once the certification body has taken it."
        return _Objection((Reason(says, _CLAUSES[decision.kind]),), "decided_on")
    if day < EARLIEST:
        says = f"{say(day)} cannot be right: no management system was certified before {say(EARLIEST)}."
        return _Objection((Reason(says),), "decided_on")
    if last is None:
        return None
    if decision.kind not in WITH_LAST_DAY:
        says = f"{_a(decision.kind).capitalize()} leaves the last valid day as it is."
        return _Objection((Reason(says, _CLAUSES[decision.kind]),), "valid_through")
    if last < day:
        says = f"The printed last day, {say(last)}, is before the decision of {say(day)}."
        return _Objection((Reason(says, clauses.CERTIFICATE),), "valid_through")
    if last > add_months(day, LONGEST_MONTHS):
        says = (
            f"The printed last day, {say(last)}, is more than five years after the decision of {say(day)}; "
            "a cycle lasts three."
        )
        return _Objection((Reason(says, clauses.PROGRAMME),), "valid_through")
    return None


def _before(facts: Facts, decision: DecisionFact) -> Facts:
    """The facts with the decisions that count before this one, those of its own day included."""
    ordered = in_order((*(each for each in facts.decisions if each is not decision), decision))
    place = next(number for number, each in enumerate(ordered) if each is decision)
    return replace(facts, decisions=tuple(ordered[:place]))


def _against_state(before: Facts, decision: DecisionFact) -> tuple[Reason, ...] | None:
    state = judge(before, decision.decided_on).state
    if state.value in _MAY_FOLLOW[decision.kind]:
        return None
    return (Reason(_refusal(decision, state.value), _CLAUSES[decision.kind]), *state.why)


def _refusal(decision: DecisionFact, state: State) -> str:
    kind, day = decision.kind, say(decision.decided_on)
    noun = _a(kind)
    if state is State.APPLICANT:
        return f"On {day} nothing was granted yet, so {noun} cannot follow. Record the grant first."
    if state is State.WITHDRAWN:
        return f"On {day} the certificate was withdrawn. Only a new grant can follow, after a new certification."
    if state is State.LAPSED:
        return f"On {day} the certificate had lapsed. Only a new grant can follow, after at least a stage 2."
    if kind is DecisionKind.GRANTED:
        return f"On {day} the certificate is in force already; a second grant cannot follow. Record a renewal."
    if kind is DecisionKind.SUSPENSION_LIFTED:
        return f"On {day} the certificate was not suspended, so there is no suspension to lift."
    if kind is DecisionKind.SUSPENDED and state is State.SUSPENDED:
        return f"On {day} the certificate was suspended already; a second suspension cannot follow."
    if kind is DecisionKind.RESTORED:
        return f"On {day} the certificate had not expired, so there is nothing to restore. Record a renewal."
    return f"On {day} the certificate had expired, so {noun} cannot follow. Record its restoration first."


def _against_edition(before: Facts, decision: DecisionFact) -> tuple[Reason, ...] | None:
    if not decision.to:
        return (Reason("Say to which edition the certificate moved.", clauses.CERTIFICATE),)
    now = replay(before, decision.decided_on).edition
    if now is None:
        return None
    if edition_key(now) == edition_key(decision.to):
        return (Reason(f"It is certified to {now} already.", clauses.CERTIFICATE),)
    if now.rpartition(":")[0].casefold() != decision.to.rpartition(":")[0].casefold():
        says = f"{decision.to} is another standard than {now}: that would be a certificate of its own."
        return (Reason(says, clauses.CERTIFICATE),)
    ends = next((each for each in before.editions if edition_key(each.edition) == edition_key(decision.to)), None)
    if ends is not None and ends.deadline < decision.decided_on:
        return (Reason(f"{ends.edition} ended on {say(ends.deadline)}; nobody can move to it after.", None),)
    return None


def _newly_senseless(now: Facts, then: Facts) -> tuple[DecisionFact, tuple[Reason, ...]] | None:
    """The first decision on record that could stand, and could no longer after a change of the record."""
    for decision in in_order(tuple(each for each in then.decisions if any(each is kept for kept in now.decisions))):
        why = _stands(then, decision)
        if why is not None and _stands(now, decision) is None:
            return decision, why
    return None


def _stands(facts: Facts, decision: DecisionFact) -> tuple[Reason, ...] | None:
    before = _before(facts, decision)
    why = _against_state(before, decision)
    if why is None and decision.kind is DecisionKind.TRANSITIONED:
        why = _against_edition(before, decision)
    return why


def _a(kind: DecisionKind) -> str:
    noun = NOUNS[kind]
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _named(decision: DecisionFact) -> str:
    return f"{NOUNS[decision.kind]} of {say(decision.decided_on)}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the record does to a certificate: how it stands today before and after."""

    before: Verdict
    after: Verdict
    new_breaches: tuple[Breach, ...]
    new_warnings: tuple[Breach, ...]
    settled: tuple[Breach, ...]
    """Breaches and warnings that no longer hold."""
    new_limits: tuple[Deadline, ...]
    """Last days that it sets."""
    gone_limits: tuple[Deadline, ...]
    """Last days that it takes away, those met long since left out."""
    new_notices: tuple[Notice, ...] = ()
    """What it would warn of besides."""


def effect_of(facts: Facts, after: Facts, today: date) -> Effect:
    """How a certificate stands today with the record as it is, and with the record as it would be."""
    then, now = judge(after, today), judge(facts, today)
    return Effect(
        now,
        then,
        _only_in(then.breaches, now.breaches),
        _only_in(then.warnings, now.warnings),
        _only_in((*now.breaches, *now.warnings), (*then.breaches, *then.warnings)),
        _limits_only_in(then, now),
        tuple(each for each in _limits_only_in(now, then) if each.standing is not Standing.MET),
        _notices_only_in(watch(after, then), watch(facts, now)),
    )


def _notices_only_in(these: Iterable[Notice], those: Iterable[Notice]) -> tuple[Notice, ...]:
    known = {each.why[0].says for each in those}
    return tuple(each for each in these if each.why[0].says not in known)


def with_decision(facts: Facts, decision: DecisionFact) -> Facts:
    """The facts with one decision more."""
    return replace(facts, decisions=(*facts.decisions, decision))


def proposed_last_day(facts: Facts, decision: DecisionFact) -> Explained[date] | None:
    """The last valid day that the rules give a decision which prints none; None where it comes with no certificate."""
    if decision.kind not in WITH_LAST_DAY:
        return None
    return judge(with_decision(facts, replace(decision, valid_through=None)), decision.decided_on).valid_through


def _only_in(these: Iterable[Breach], those: Iterable[Breach]) -> tuple[Breach, ...]:
    known = {(each.rule, each.year) for each in those}
    return tuple(each for each in these if (each.rule, each.year) not in known)


def _limits_only_in(this: Verdict, other: Verdict) -> tuple[Deadline, ...]:
    known = {(each.rule, each.year, each.closes_on) for each in other.deadlines}
    return tuple(each for each in this.deadlines if (each.rule, each.year, each.closes_on) not in known)
