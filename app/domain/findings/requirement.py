"""What a finding needs, and against which clauses an audit can raise one."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app.domain.certification.facts import AuditKind
from app.domain.clauses import FINDINGS, NONCONFORMITY, STAGE_1_CONCLUSIONS
from app.domain.explained import Reason, RefusedError
from app.domain.findings.grading import FindingGrade, grades_at

LONGEST_TITLE = 200
_NUMBER = re.compile(r"[A-Za-z]?[0-9]*(?:\.[0-9]+)*(?![A-Za-z]{2})")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a finding may be measured against.

    `of` names the audit, and is empty outside one. `standards` are the names with the edition, in their order; `scope`
    holds the clauses that the audit looks at, by standard, where it was narrowed; `known` the clauses that the
    catalogue has, by standard, where it has any.
    """

    of: str = ""
    standards: tuple[str, ...] = ()
    scope: Mapping[str, Collection[str]] = field(default_factory=dict)
    known: Mapping[str, Collection[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        return "; ".join(
            f"{each}, {', '.join(sorted(self.scope[each], key=clause_key))}" if self.scope.get(each) else each
            for each in self.standards
        )


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What was written of a finding."""

    grade: FindingGrade
    statement: str
    evidence: str = ""
    standard: str = ""
    clause: str = ""
    title: str = ""
    body_reference: str = ""


def clause_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """By which clauses are sorted: 9.2 before 9.10, the annexes after the clauses."""
    return tuple((0, int(each), "") if each.isdecimal() else (1, 0, each) for each in number.split("."))


def plain_clause(clause: str) -> str:
    """The number of a clause without what follows it: 9.2.2 of “9.2.2 b)”."""
    found = _NUMBER.match(clause.strip())
    return found.group().upper().rstrip(".") if found else ""


def is_within(clause: str, wider: str) -> bool:
    """Whether a clause is another one or a part of it: 9.2.1 is a part of 9.2, and 9.20 is not."""
    number, whole = plain_clause(clause), plain_clause(wider)
    return bool(whole) and (number == whole or number.startswith(f"{whole}."))


def is_clause_of(clause: str, known: Collection[str]) -> bool:
    """Whether a standard has a clause of this number, as far as the catalogue can tell.

    What is finer than the catalogue is taken; so is an annex that it does not hold.
    """
    number = plain_clause(clause)
    if not number:
        return False
    if number in known or not known:
        return True
    family = number.partition(".")[0]
    if not family.isdecimal() and not any(each.partition(".")[0] == family for each in known):
        return True
    parents = {each.rpartition(".")[0] for each in known}
    return any(is_within(number, each) for each in known if each not in parents)


def grades_of(kind: AuditKind | None) -> tuple[FindingGrade, ...]:
    """The grades that we write down: all but areas of concern outside an audit; a body's nonconformities are theirs."""
    if kind is None:
        return tuple(grade for grade in FindingGrade if grade is not FindingGrade.CONCERN)
    grades = grades_at(kind)
    return grades if kind is AuditKind.INTERNAL else tuple(grade for grade in grades if not grade.is_nonconformity)


def refuse_incomplete(facts: FindingFacts, criteria: Criteria, kind: AuditKind | None) -> None:
    """Refuse a finding that lacks what it needs: a nonconformity the clause, a statement and evidence.

    Cause and solution are nobody's to give here: the auditee finds them. `kind` is that of the audit, None outside
    one. Raises `RefusedError` at the first field that is wrong. [ISO/IEC 17021-1:2015, 9.4.5.3]
    """
    _refuse_grade(facts.grade, kind)
    if not facts.statement.strip():
        raise RefusedError(Reason("Say what was found.", FINDINGS), "statement")
    if len(facts.title.strip()) > LONGEST_TITLE:
        raise RefusedError(f"A title has {LONGEST_TITLE} characters at most.", "title")
    if facts.grade.is_nonconformity:
        if not facts.standard.strip():
            raise RefusedError(Reason("Say which standard was not met.", NONCONFORMITY), "standard")
        if not facts.clause.strip():
            raise RefusedError(Reason("Say which clause was not met.", NONCONFORMITY), "clause")
        if not facts.evidence.strip():
            says = "Say what was seen: a nonconformity stands on objective evidence."
            raise RefusedError(Reason(says, NONCONFORMITY), "evidence")
    refuse_outside(facts.standard.strip(), facts.clause.strip(), criteria)


def _refuse_grade(grade: FindingGrade, kind: AuditKind | None) -> None:
    if grade in grades_of(kind):
        return
    if kind is AuditKind.STAGE_1:
        says = "A stage 1 knows areas of concern, and no nonconformities: they could become ones at the stage 2."
        raise RefusedError(Reason(says, STAGE_1_CONCLUSIONS), "grade")
    if grade is FindingGrade.CONCERN:
        raise RefusedError(Reason("Areas of concern belong to a stage 1 alone.", STAGE_1_CONCLUSIONS), "grade")
    says = (
        "A nonconformity of the certification body is theirs, with their dates: "
        "record it among the nonconformities of the body."
    )
    raise RefusedError(Reason(says, FINDINGS), "grade")


def refuse_outside(standard: str, clause: str, criteria: Criteria) -> None:
    """Refuse a standard or a clause that is not among the criteria, naming them. [ISO/IEC 17021-1:2015, 9.4.5.2]

    A part of a clause in scope is in scope; the clause above it is wider, and is not.
    """
    if not standard:
        if clause:
            raise RefusedError("Say of which standard the clause is.", "standard")
        return
    if standard not in criteria.standards:
        if criteria.of:
            says = f"{standard} is none of the criteria of {criteria.of}: {criteria}."
            raise RefusedError(Reason(says, FINDINGS), "standard")
        raise RefusedError(f"The catalogue knows no {standard}. An administrator can add an edition.", "standard")
    if not clause:
        return
    if not is_clause_of(clause, criteria.known.get(standard, ())):
        raise RefusedError(f"{standard} has no clause {clause}.", "clause")
    if not is_in_scope(standard, clause, criteria):
        says = f"{standard}, {clause} is outside the criteria of {criteria.of}: {criteria}."
        raise RefusedError(Reason(says, FINDINGS), "clause")


def is_in_scope(standard: str, clause: str, criteria: Criteria) -> bool:
    """Whether a clause is one that the audit looks at, or a part of one; all are where it was not narrowed."""
    scope = criteria.scope.get(standard, ())
    return not scope or any(is_within(clause, each) for each in scope)


def title_from(statement: str) -> str:
    """What a finding without a title is called: the beginning of its statement, on one line."""
    line = " ".join(statement.split())
    first = re.split(r"(?<=[.!?]) ", line, maxsplit=1)[0]
    return first if len(first) <= 100 else f"{first[:99].rstrip()}…"
