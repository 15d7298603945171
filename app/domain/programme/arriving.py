"""Which of the questions on offer a checklist takes: those within the plan, which somebody of the team may judge."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.explained import Reason
from app.domain.findings.requirement import Criteria, is_in_scope
from app.domain.programme.checklist import CONDUCT, ItemSource, Question
from app.domain.programme.impartiality import Judges

_FROM_ELSEWHERE = (ItemSource.TEMPLATE, ItemSource.OPEN_POINT)
"""What was written for more than this audit; clauses and topics are chosen from its own plan."""


@dataclass(slots=True)
class LeftOut:
    """Questions that are not asked, and why not."""

    why: tuple[Reason, ...]
    questions: list[Question] = field(default_factory=list)


@dataclass(slots=True)
class Arriving:
    """What is taken of what was offered, and what is left out."""

    taken: list[Question] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def many_left_out(self) -> int:
        return sum(len(each.questions) for each in self.left_out)


def arriving(offered: Iterable[Question], criteria: Criteria, judges: Judges) -> Arriving:
    """Take the questions that belong to the audit; leave out what its plan does not take up or nobody may judge.

    A question of a template or of an earlier audit stays out where its standard is no criterion, or its clause not in
    the scope: no finding could be raised on it. Every question stays out that each auditor would judge of their own
    work. [ISO 19011, 4, 6.3.2]
    """
    found, groups = Arriving(), dict[tuple[Reason, ...], LeftOut]()
    for each in offered:
        why = _outside(each, criteria) if each.source in _FROM_ELSEWHERE else ()
        if not why and judges.is_nobody_left(each.standard, each.clause):
            why = judges.partial(each.standard, each.clause)
        if why:
            groups.setdefault(why, LeftOut(why)).questions.append(each)
        else:
            found.taken.append(each)
    found.left_out = list(groups.values())
    return found


def _outside(question: Question, criteria: Criteria) -> tuple[Reason, ...]:
    standard, clause = question.standard, question.clause.strip()
    if not standard:
        return ()
    if standard not in criteria.standards:
        return (Reason(f"{standard} is none of the criteria of {criteria.of}.", CONDUCT),)
    if clause and not is_in_scope(standard, clause, criteria):
        return (Reason(f"The plan of {criteria.of} does not take up these clauses of {standard}.", CONDUCT),)
    return ()
