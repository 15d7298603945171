"""Who may do what: what a role or a place in an audit team asks of a person, and who meets it on which day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import day_after, say
from app.domain.explained import Clause, Explained, Reason, RefusedError
from app.domain.permission import Role
from app.domain.programme.team import TeamRole
from app.domain.training.status import Passed
from app.domain.words import Word

AUDITORS = Clause("ISO 19011", "7")
"""The competence of auditors and how it is evaluated."""
PEOPLE = Clause("ISO/IEC 27001:2022", "7.2")
AUDITING = (TeamRole.LEAD, TeamRole.AUDITOR)
MOST_WITNESSED = 50


class OnGap(Word):
    """What a gap in competence does to a place in an audit team: the organisation says which."""

    REFUSE = "refuse"
    WARN = "warn"

    @property
    def label(self) -> str:
        return {
            "refuse": "Refuse the place in the team, with the reason",
            "warn": "Allow it, and point out the gap",
        }[self.value]


class EvidenceKind(Word):
    """What else than a course shows competence."""

    WITNESSED = "witnessed-audit"
    DOCUMENT = "document"

    @property
    def label(self) -> str:
        return {"witnessed-audit": "Audit witnessed", "document": "Evidence"}[self.value]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What is asked of whoever has a role, or audits in a place of a team; `standard` narrows the latter to audits
    that have it among their criteria, by name without edition."""

    name: str
    role: Role | None = None
    team_role: TeamRole | None = None
    standard: str = ""
    courses: tuple[tuple[int, str], ...] = ()
    """Ids with what they are called."""
    witnessed: int = 0
    """So many audits were witnessed."""
    evidence: str = ""
    """What document is asked for, in words; none where empty."""
    id: int = 0

    @property
    def clause(self) -> Clause:
        """What it rests on."""
        return AUDITORS if self.team_role is not None else PEOPLE


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that shows competence for one requirement, from a day and until its last valid day."""

    kind: EvidenceKind
    from_on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a person has: completions by course, and what was shown for a requirement, by the id of it."""

    passed: Mapping[int, Sequence[Passed]]
    shown: Mapping[int, Sequence[Shown]]


@dataclass(frozen=True, slots=True)
class Competence:
    """Whether a requirement is met on a day, and through which day it stays so without anything being done."""

    is_met: bool
    valid_until: date | None = None
    """The last day; None where it does not run out, or is not met."""


def refuse_requirement(requirement: Requirement) -> None:
    """A requirement has a name, is for one role or one place in a team, and asks for something."""
    if not requirement.name.strip():
        raise RefusedError("Give it a name, such as Lead auditor ISO/IEC 27001.", "name")
    if (requirement.role is None) == (requirement.team_role is None):
        raise RefusedError("It is for a role or for a place in an audit team: choose one of the two.", "subject")
    if requirement.team_role is not None and requirement.team_role not in AUDITING:
        raise RefusedError(Reason("Technical experts and observers audit nothing.", AUDITORS), "subject")
    if requirement.standard and requirement.team_role is None:
        raise RefusedError("A standard narrows a place in an audit team, not a role.", "standard")
    if not 0 <= requirement.witnessed <= MOST_WITNESSED:
        raise RefusedError(f"From 0 to {MOST_WITNESSED} audits.", "audits_witnessed")
    if not (requirement.courses or requirement.witnessed or requirement.evidence.strip()):
        raise RefusedError("Ask for something: a course, audits witnessed, or evidence.", "courses")


def competent(requirement: Requirement, person: Abilities, on: date) -> Explained[Competence]:
    """Whether a person meets a requirement on a day; where not, each thing that is missing is a reason.

    A completion or a document counts from its day through its last valid day, both included. An exemption from
    training is no competence: what stands in for a course is recorded as training elsewhere, with its proof.
    [ISO 19011, 7] [ISO/IEC 27001:2022, 7.2]
    """
    missing: list[Reason] = []
    ends: list[date | None] = []
    for course_id, label in requirement.courses:
        held = [(each.on, each.valid_until) for each in person.passed.get(course_id, ())]
        _ask(held, on, label, requirement.clause, missing, ends)
    shown = person.shown.get(requirement.id, ())
    if requirement.evidence.strip():
        held = [(each.from_on, each.valid_until) for each in shown if each.kind is EvidenceKind.DOCUMENT]
        _ask(held, on, requirement.evidence.strip(), requirement.clause, missing, ends)
    if requirement.witnessed:
        seen = [each for each in shown if each.kind is EvidenceKind.WITNESSED and _holds(each, on)]
        if len(seen) < requirement.witnessed:
            says = f"{len(seen)} of {requirement.witnessed} audits witnessed."
            missing.append(Reason(says, requirement.clause))
        else:
            # It holds while enough of them do.
            lasting = sorted((each.valid_until or date.max for each in seen), reverse=True)
            ends.append(_or_none(lasting[requirement.witnessed - 1]))
    if missing:
        return Explained(Competence(False), tuple(missing))
    until = _or_none(min((each or date.max for each in ends), default=date.max))
    says = f"All that {requirement.name} asks for is there" + (f", through {say(until)}." if until else ".")
    return Explained(Competence(True, until), (Reason(says, requirement.clause),))


def gap_between(requirement: Requirement, person: Abilities, starts_on: date, ends_on: date) -> Explained[date] | None:
    """The first of these days, both included, on which a requirement is not met, with what is missing; None where it is
    met on all of them. [ISO 19011, 7]"""
    # What is met on a day goes on being met through its last valid day: only the next can be the first without.
    day = starts_on
    while day <= ends_on:
        found = competent(requirement, person, day)
        if not found.value.is_met:
            return Explained(day, found.why)
        if found.value.valid_until is None or found.value.valid_until >= ends_on:
            return None
        day = day_after(found.value.valid_until)
    return None


@dataclass(frozen=True, slots=True)
class Auditing:
    """Somebody who audits: their place in the team, and what they have."""

    person_id: int
    name: str
    team_role: TeamRole
    has: Abilities


def team_gaps(
    team: Iterable[Auditing],
    requirements: Sequence[Requirement],
    standards: Iterable[str],
    starts_on: date,
    ends_on: date,
) -> tuple[Reason, ...]:
    """Say of each auditor of a team what the requirements for their place find missing on any of the audit's days.

    What is asked of a lead auditor is asked of nobody else. A requirement that names a standard counts where the audit
    has that standard, in whatever edition, among its criteria. [ISO 19011, 7]
    """
    audited = {_unedited(each) for each in standards}
    found = []
    for auditor in team:
        for requirement in requirements:
            if requirement.team_role is not auditor.team_role:
                continue
            if requirement.standard and _unedited(requirement.standard) not in audited:
                continue
            gap = gap_between(requirement, auditor.has, starts_on, ends_on)
            if gap is not None:
                missing = " ".join(reason.says for reason in gap.why)
                says = f"{auditor.name} does not meet {requirement.name} on {say(gap.value)}: {missing}"
                found.append(Reason(says, requirement.clause))
    return tuple(found)


def _ask(
    held: Sequence[tuple[date, date | None]],
    on: date,
    label: str,
    clause: Clause,
    missing: list[Reason],
    ends: list[date | None],
) -> None:
    begun = [(from_on, until) for from_on, until in held if from_on <= on]
    longest = max((until or date.max for _, until in begun), default=None)
    if longest is None:
        later = min((from_on for from_on, _ in held), default=None)
        says = f"{label}: nothing is on record." if later is None else f"{label}: only from {say(later)}."
        missing.append(Reason(says, clause))
    elif longest < on:
        missing.append(Reason(f"{label}: valid through {say(longest)} only.", clause))
    else:
        ends.append(_or_none(longest))


def _holds(shown: Shown, on: date) -> bool:
    return shown.from_on <= on and (shown.valid_until is None or on <= shown.valid_until)


def _or_none(day: date) -> date | None:
    return None if day == date.max else day


def _unedited(standard: str) -> str:
    return standard.partition(":")[0].strip()
