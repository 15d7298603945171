"""A report says one thing: a question that is judged not to be met has its finding, and both weigh the same."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from app.domain.explained import Clause, Reason
from app.domain.findings.grading import FindingGrade
from app.domain.findings.requirement import is_within
from app.domain.programme.checklist import Assessed, ClauseResult, how_many, named_first

REPORTED = Clause("ISO 19011", "6.5")
_GRAVEST_FIRST = tuple(FindingGrade)


class Judged(Assessed, Protocol):
    """A question with its verdict, as findings point to it."""

    @property
    def id(self) -> int: ...
    @property
    def standard(self) -> str: ...


class Raised(Protocol):
    """A finding of the same audit."""

    @property
    def reference(self) -> str: ...
    @property
    def grade(self) -> FindingGrade: ...
    @property
    def standard(self) -> str: ...
    @property
    def clause(self) -> str: ...
    @property
    def item_id(self) -> int | None: ...


def contradictions(items: Iterable[Judged], raised: Iterable[Raised]) -> tuple[Reason, ...]:
    """What a report would contradict itself in: a nonconformity without its finding, or judged otherwise than it is.

    The finding of a question was raised from it, or is one of the same grade on its clause. Of several raised from one
    question the gravest counts. [ISO 19011, 6.5]
    """
    nonconformities = [each for each in raised if each.grade.is_nonconformity]
    of: dict[int, list[Raised]] = defaultdict(list)
    for each in nonconformities:
        if each.item_id is not None:
            of[each.item_id].append(each)
    unraised: list[Judged] = []
    why: list[Reason] = []
    for item in items:
        if from_it := of.get(item.id):
            gravest = min(from_it, key=lambda each: _GRAVEST_FIRST.index(each.grade))
            if item.result is not ClauseResult.NOT_ASSESSED and item.result.value != gravest.grade.value:
                why.append(
                    Reason(
                        f"{named_first([item])} is judged “{item.result.label.lower()}”, and {gravest.reference}, "
                        f"raised from it, is a {gravest.grade.label.lower()}.",
                        REPORTED,
                    )
                )
        elif item.result.is_nonconformity and not any(_is_for(each, item) for each in nonconformities):
            unraised.append(item)
    if unraised:
        says = f"{how_many(unraised)} judged not to be met without a finding for it: {named_first(unraised)}."
        why.insert(0, Reason(says, REPORTED))
    return tuple(why)


def _is_for(finding: Raised, item: Judged) -> bool:
    same = finding.grade.value == item.result.value and finding.standard == item.standard
    return same and bool(item.clause.strip()) and is_within(finding.clause, item.clause)
