"""Record what the certification body decided, and strike out what was recorded by mistake."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.domain.certification.decisions import (
    Effect,
    effect_of,
    proposed_last_day,
    refuse_what_cannot_follow,
    refuse_what_others_rest_on,
    with_decision,
)
from app.domain.certification.facts import DecisionFact, DecisionKind, Facts
from app.domain.explained import Explained, Reason, RefusedError
from app.models.attachment import Attachment
from app.models.certificate import Certificate, Decision
from app.operations.attachments import Place, Upload, attach, detach
from app.operations.verdicts import judge_again
from app.queries.catalogue import edition_named
from app.queries.facts import facts_of
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision says: the body's word, as it wrote it."""

    kind: DecisionKind
    decided_on: date
    valid_through: date | None = None
    to_edition: str | None = None
    decided_by: str = ""
    note: str = ""

    @property
    def fact(self) -> DecisionFact:
        """The part of it that the rules judge."""
        return DecisionFact(self.kind, self.decided_on, self.valid_through, self.to_edition)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision would do, and the last day that the rules propose for it."""

    effect: Effect
    proposed: Explained[date] | None


def preview(work: Work, certificate: Certificate, decided: Decided) -> Preview:
    """What a decision would do to a certificate, before it is recorded; refuses one that cannot follow."""
    facts = _facts(work, certificate)
    _refuse(work, facts, decided)
    return Preview(
        effect_of(facts, with_decision(facts, decided.fact), work.today), proposed_last_day(facts, decided.fact)
    )


def record(work: Work, certificate: Certificate, decided: Decided, letter: Upload | None = None) -> Decision:
    """Record a decision with its letter; the certificate was loaded for update, so no other comes in between."""
    _refuse(work, _facts(work, certificate), decided)
    decision = work.add(
        Decision(
            certificate_id=certificate.id,
            kind=decided.kind,
            decided_on=decided.decided_on,
            valid_through=decided.valid_through,
            to_edition=decided.to_edition,
            decided_by=decided.decided_by.strip(),
            note=decided.note.strip(),
            recorded_at=work.now,
            recorded_by_id=work.actor_id,
        )
    )
    if letter is not None:
        attach(work, Place(decision_id=decision.id), letter, field="letter")
    judge_again(work, [certificate.id])
    return decision


def strike_out(work: Work, certificate: Certificate, decision: Decision, reason: str) -> None:
    """Take back a decision that was recorded by mistake, with its letters, where no later one rests on it.

    The row goes; the journal keeps it and why.
    """
    _refuse_reasonless(reason)
    facts = _facts(work, certificate)
    refuse_what_others_rest_on(facts, _fact_of(decision, facts))
    work.reason = reason.strip()
    for file in work.all(select(Attachment).where(Attachment.decision_id == decision.id)):
        detach(work, file)
    work.session.delete(decision)
    judge_again(work, [certificate.id])


def effect_of_striking_out(work: Work, certificate: Certificate, decision: Decision) -> Effect:
    """What striking a decision out would do; refuses where a later one rests on it."""
    facts = _facts(work, certificate)
    fact = _fact_of(decision, facts)
    refuse_what_others_rest_on(facts, fact)
    left = list(facts.decisions)
    left.remove(fact)
    return effect_of(facts, replace(facts, decisions=tuple(left)), work.today)


def _facts(work: Work, certificate: Certificate) -> Facts:
    return facts_of(work, [certificate.id])[certificate.id]


def _fact_of(decision: Decision, facts: Facts) -> DecisionFact:
    wanted = DecisionFact(decision.kind, decision.decided_on, decision.valid_through, decision.to_edition)
    return next(each for each in facts.decisions if each == wanted)


def _refuse(work: Work, facts: Facts, decided: Decided) -> None:
    refuse_what_cannot_follow(facts, decided.fact, work.today)
    if decided.kind is not DecisionKind.TRANSITIONED and decided.to_edition:
        raise RefusedError("Only a transition moves to another edition.", "to_edition")
    if decided.to_edition and edition_named(work, decided.to_edition) is None:
        says = f"“{decided.to_edition}” is no edition that is known here. An administrator can add it."
        raise RefusedError(says, "to_edition")


def _refuse_reasonless(reason: str) -> None:
    if not reason.strip():
        raise RefusedError(Reason("Say why it is struck out: the journal keeps the reason."), "reason")
