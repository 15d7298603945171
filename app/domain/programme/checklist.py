"""The verdicts of a checklist, where its questions come from, and what must be there before an audit is reported on."""

import re
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from app.domain.explained import Clause, Reason, RefusedError

CONDUCT = Clause("ISO 19011", "6")
FEW = 3
"""So many questions a refusal names; of the others it says how many."""


class ClauseResult(StrEnum):
    """What an auditor found on one question of the checklist."""

    NOT_ASSESSED = "not-assessed"
    CONFORMS = "conforms"
    MINOR = "minor"
    MAJOR = "major"
    OBSERVATION = "observation"
    OPPORTUNITY = "opportunity"
    NOT_APPLICABLE = "not-applicable"
    NOT_SAMPLED = "not-sampled"

    @property
    def label(self) -> str:
        return {
            ClauseResult.NOT_ASSESSED: "Not yet assessed",
            ClauseResult.MINOR: "Minor nonconformity",
            ClauseResult.MAJOR: "Major nonconformity",
            ClauseResult.OPPORTUNITY: "Opportunity for improvement",
        }.get(self, self.value.replace("-", " ").capitalize())

    @property
    def is_assessed(self) -> bool:
        """Whether the question needs nothing more."""
        return self is not ClauseResult.NOT_ASSESSED

    @property
    def is_judgement(self) -> bool:
        """Whether it says how things stand; what was not looked at says nothing."""
        return self not in (ClauseResult.NOT_ASSESSED, ClauseResult.NOT_SAMPLED)

    @property
    def is_nonconformity(self) -> bool:
        """Whether a requirement was not met."""
        return self in (ClauseResult.MINOR, ClauseResult.MAJOR)

    @property
    def calls_for_finding(self) -> bool:
        """Whether a finding is to be written of it."""
        return self.is_nonconformity or self in (ClauseResult.OBSERVATION, ClauseResult.OPPORTUNITY)


VERDICTS = (*(each for each in ClauseResult if each.is_assessed), ClauseResult.NOT_ASSESSED)
"""The verdicts in the order of their keys, 1 to 8."""


class ItemSource(StrEnum):
    """Where a question of the checklist comes from."""

    CLAUSE = "clause"
    TEMPLATE = "template"
    OPEN_POINT = "open-point"
    PROMPT = "prompt"
    OWN = "own"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class ItemField(StrEnum):
    """What is said of a question, each saved by itself, so that two who say different things both stand."""

    RESULT = "result"
    EVIDENCE = "evidence"
    NOTES = "notes"
    PEOPLE_MET = "people_met"
    DOCUMENTS_SEEN = "documents_seen"
    SAMPLES = "samples"
    ASSIGNED_TO = "assigned_to_id"

    @property
    def label(self) -> str:
        return {ItemField.RESULT: "Verdict", ItemField.ASSIGNED_TO: "Auditor"}.get(
            self, self.value.replace("_", " ").capitalize()
        )

    @property
    def is_text(self) -> bool:
        """Whether it is written in words."""
        return self not in (ItemField.RESULT, ItemField.ASSIGNED_TO)


class Asked(Protocol):
    """A question, as a refusal names it."""

    @property
    def clause(self) -> str: ...
    @property
    def question(self) -> str: ...


class Assessed(Asked, Protocol):
    """A question with what was found on it, as the rules read it."""

    @property
    def result(self) -> ClauseResult: ...
    @property
    def evidence(self) -> str: ...
    @property
    def notes(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a checklist or a template asks."""

    source: ItemSource
    standard: str
    clause: str
    question: str
    guidance: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """By which it is the same question: its standard, its clause and its words, however they are spaced."""
        return key_of(self.standard, self.clause, self.question)


def key_of(standard: str, clause: str, question: str) -> tuple[str, str, str]:
    """By which two questions are the same: standard, clause and words, whatever the case, the spaces and the end."""
    return standard, clause.strip(), " ".join(question.casefold().split()).rstrip("?.! ")


def new_among(offered: Iterable[Question], there: Iterable[tuple[str, str, str]]) -> list[Question]:
    """The questions that are not there yet, each once, in their order: a checklist asks nothing twice."""
    known = set(there)
    found = []
    for each in offered:
        if each.key not in known:
            known.add(each.key)
            found.append(each)
    return found


@lru_cache(maxsize=8192)
def clause_order(clause: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts clauses as a standard counts them: 4.2 before 4.10, the controls of an annex after all."""
    pieces = re.findall(r"\d+|[A-Za-z]+", clause)
    return tuple((0, int(each), "") if each.isdecimal() else (1, 0, each.casefold()) for each in pieces)


def refuse_verdict(result: ClauseResult, before: ClauseResult, notes: str, reason: str) -> None:
    """Refuse a verdict that lacks its words: what does not apply needs a note why, to look again needs a reason.

    [ISO 19011, 6]
    """
    if result is ClauseResult.NOT_APPLICABLE and not notes.strip():
        raise RefusedError(
            Reason("Say in the notes why it does not apply: the report has to give the reason.", CONDUCT), "notes"
        )
    if result is ClauseResult.NOT_ASSESSED and before.is_assessed and not reason.strip():
        raise RefusedError("Say why it is looked at again: a verdict is not taken back without a word.", "reason")


def refuse_unassessed(items: Iterable[Assessed]) -> None:
    """Refuse to report on an audit while questions are open.

    Each has a verdict; a nonconformity has its evidence, and what does not apply says why. [ISO 19011, 6]
    """
    listed = list(items)
    open_ones = [each for each in listed if not each.result.is_assessed]
    unproven = [each for each in listed if each.result.is_nonconformity and not each.evidence.strip()]
    unexplained = [each for each in listed if each.result is ClauseResult.NOT_APPLICABLE and not each.notes.strip()]
    why = [
        Reason(says + ": " + named_first(those) + ".", CONDUCT)
        for those, says in (
            (open_ones, f"{how_many(open_ones)} not assessed yet"),
            (unproven, f"{how_many(unproven)} said not to be met without the evidence for it"),
            (unexplained, f"{how_many(unexplained)} said not to apply without a note why"),
        )
        if those
    ]
    if why:
        raise RefusedError(why)


def how_many(items: Sized) -> str:
    """So many questions are, in words."""
    return "1 question of the checklist is" if len(items) == 1 else f"{len(items)} questions of the checklist are"


def named_first(items: Sequence[Asked]) -> str:
    """The first questions by clause or words, and how many more."""
    first = ", ".join(_in_short(each) for each in items[:FEW])
    return first if len(items) <= FEW else f"{first} and {len(items) - FEW} more"


def _in_short(item: Asked) -> str:
    if item.clause:
        return item.clause
    words = " ".join(item.question.split())
    return f"“{words}”" if len(words) <= 60 else f"“{words[:60].rstrip()}…”"
