"""What the rules look at: the facts of one certificate, sorted once, as they stand on one day.

A rule is a function from a `Case` to what it finds: `Limit`s (a last day, met or not) and `Fault`s (it does not hold
from a day on). A fault may lie ahead: it is what will hold if nothing happens, and tells when the answer changes next.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.certification.facts import (
    AuditDate,
    AuditFact,
    AuditKind,
    AuditStatus,
    CycleSettings,
    DecisionKind,
    EditionDeadline,
    Facts,
    NonconformityFact,
    Outcome,
    RecertificationYear,
)
from app.domain.certification.history import History, Term, replay
from app.domain.certification.verdict import CycleKind, Deadline, Rule, Standing
from app.domain.explained import Reason

Why = tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A last day that a rule sets, and what is said besides once it is missed."""

    deadline: Deadline
    why_missed: Why = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that does not hold from `since` on (which may lie ahead)."""

    rule: Rule
    since: date
    why: Why
    hard: bool = True
    year: int | None = None


Finding = Limit | Fault
RuleFunction = Callable[["Case"], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Held:
    """A completed external audit and the day that counts as its date."""

    on: date
    audit: AuditFact


def counts_as_surveillance(audit: AuditFact) -> bool:
    """A surveillance, or a special audit that was also recorded as one. [ISO/IEC 17021-1:2015, 9.6.4]"""
    return audit.kind is AuditKind.SURVEILLANCE or (audit.kind is AuditKind.SPECIAL and audit.counts_as_surveillance)


def is_positive(audit: AuditFact) -> bool:
    """Ready or recommended; an audit with no conclusion on record counts as positive."""
    return audit.outcome not in (Outcome.NOT_READY, Outcome.NOT_RECOMMENDED)


class Case:
    """One certificate on one day, prepared for the rules. Lists are sorted once; nothing dated later has happened."""

    __slots__ = (
        "base_year",
        "count_from",
        "day",
        "deviated_years",
        "edition_deadline",
        "effective_valid_through",
        "facts",
        "held",
        "history",
        "on",
        "own_audit",
        "pending",
        "recertifications",
        "restore_by",
        "settings",
        "surveillances",
        "term",
    )

    def __init__(self, facts: Facts, on: date) -> None:
        self.facts = facts
        self.on = on
        self.settings: CycleSettings = facts.settings
        self.history: History = replay(facts, on)
        self.term: Term | None = self.history.term
        # After a withdrawal nobody is audited any more: the rules are judged as they stood on its day.
        self.day: date = self.history.withdrawn_on or on

        first_day = self.settings.audit_date is AuditDate.FIRST_DAY
        held: list[Held] = []
        pending: list[Held] = []
        for audit in facts.audits:
            if audit.kind is AuditKind.INTERNAL or audit.status is AuditStatus.CANCELLED:
                continue
            dated = Held(audit.begins_on if first_day else audit.ends_on, audit)
            if audit.status is AuditStatus.COMPLETED and audit.ends_on <= self.day:
                held.append(dated)
            elif audit.ends_on >= self.day:
                pending.append(dated)
        held.sort(key=_by_date)
        pending.sort(key=_by_date)
        self.held = held
        self.pending = pending
        self.deviated_years: frozenset[int] = frozenset(
            deviation.year
            for deviation in facts.deviations
            if deviation.rule == Rule.CALENDAR_YEAR and deviation.year is not None and deviation.justification.strip()
        )
        self.own_audit: Held | None = None
        self.edition_deadline: EditionDeadline | None = None
        self.effective_valid_through: date | None = None
        self.restore_by: date | None = None
        self.surveillances: list[Held] = []
        self.recertifications: list[Held] = []
        self.base_year = 0
        self.count_from = date.min
        if self.term is not None:
            self._place_in_cycle(self.term)

    def _place_in_cycle(self, term: Term) -> None:
        history = self.history
        self.edition_deadline = history.deadline_of(history.edition)
        self.effective_valid_through = history.effective(term.valid_through)
        self.restore_by = history.restore_by(term.valid_through)
        began_on = term.began_on
        own_kind = AuditKind.STAGE_2 if term.decision.kind is DecisionKind.GRANTED else AuditKind.RECERTIFICATION
        for dated in self.held:
            if dated.audit.kind is own_kind and term.after < dated.audit.ends_on <= began_on:
                self.own_audit = dated
        self.count_from = began_on
        self.base_year = began_on.year
        if term.kind is CycleKind.RECERTIFICATION and self.own_audit is not None:
            self.count_from = self.own_audit.on
            if self.settings.recertification_year is RecertificationYear.AUDIT:
                self.base_year = self.own_audit.on.year
        self.surveillances = [
            dated for dated in self.held if dated.on > self.count_from and counts_as_surveillance(dated.audit)
        ]
        self.recertifications = [
            dated
            for dated in self.held
            if dated.audit.kind is AuditKind.RECERTIFICATION and dated.audit.ends_on > began_on
        ]

    @property
    def in_initial_cycle(self) -> bool:
        """The first cycle of a certification, in which the twelve months and the count of surveillances apply."""
        return self.term is not None and self.term.kind is CycleKind.INITIAL

    def stage_1_audits(self) -> list[Held]:
        """The ready stage 1 audits up to the grant (or today), oldest first; an earlier certification's included."""
        until = self.term.began_on if self.term else self.day
        return [
            dated
            for dated in self.held
            if dated.audit.kind is AuditKind.STAGE_1 and dated.audit.ends_on <= until and is_positive(dated.audit)
        ]

    def stage_2_audits(self) -> list[Held]:
        """The stage 2 audits of this application, whatever came of them, oldest first."""
        after, until = (self.term.after, self.term.began_on) if self.term else (date.min, self.day)
        return [
            dated
            for dated in self.held
            if dated.audit.kind is AuditKind.STAGE_2 and after < dated.audit.ends_on <= until
        ]

    def open_nonconformities(self, day: date) -> Iterator[NonconformityFact]:
        """Majors not verified and minors without an accepted plan on a day, of audits that had ended by then."""
        raised_by = {
            audit.id
            for audit in self.facts.audits
            if audit.status is not AuditStatus.CANCELLED and audit.ends_on <= day
        }
        for nonconformity in self.facts.nonconformities:
            if nonconformity.audit in raised_by and is_open(nonconformity, day):
                yield nonconformity

    def standing(self, closes_on: date, met_on: date | None, planned: Held | None = None) -> Standing:
        """How a last day stands: met in time, planned, still open, or breached (unmet or met late)."""
        if met_on is not None:
            return Standing.MET if met_on <= closes_on else Standing.BREACHED
        if planned is not None:
            return Standing.PLANNED
        return Standing.OPEN if self.day <= closes_on else Standing.BREACHED

    def has_deviation(self, rule: Rule) -> bool:
        """Whether a justified deviation from the rule is on record."""
        return any(d.rule == rule and d.justification.strip() for d in self.facts.deviations)

    def covers(self, dated: Held, year: int) -> bool:
        """Whether an audit is one that a calendar year needs: a surveillance or a recertification audit in it."""
        return dated.on.year == year and (
            counts_as_surveillance(dated.audit) or dated.audit.kind is AuditKind.RECERTIFICATION
        )

    def covered_by(self, year: int) -> Held | None:
        """The first audit held that covers a calendar year."""
        return next((dated for dated in self.held if self.covers(dated, year)), None)

    def first_uncovered_year(self, last: int) -> int | None:
        """The earliest year after the base year, up to `last`, without its audit or a recorded justification."""
        covered = {
            dated.on.year
            for dated in self.held
            if counts_as_surveillance(dated.audit) or dated.audit.kind is AuditKind.RECERTIFICATION
        }
        for year in range(self.base_year + 1, last + 1):
            if year not in covered and year not in self.deviated_years:
                return year
        return None


def is_open(nonconformity: NonconformityFact, day: date) -> bool:
    """A major is open until it is verified, a minor until its plan is accepted. [ISO/IEC 17021-1:2015, 9.5.2]"""
    if nonconformity.verified_on is not None and nonconformity.verified_on <= day:
        return False
    if nonconformity.grade == "major":
        return True
    return nonconformity.plan_accepted_on is None or nonconformity.plan_accepted_on > day


def _by_date(dated: Held) -> tuple[date, date, str]:
    return dated.on, dated.audit.ends_on, dated.audit.id
