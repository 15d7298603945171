"""Write templates of checklists, change them, take them out of use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.explained import RefusedError
from app.domain.programme.checklist import key_of
from app.models.checklist import ChecklistTemplate, TemplateQuestion
from app.operations.conflict import refuse_if_changed
from app.queries.catalogue import edition_named
from app.work import Work

MOST = 400
"""So many questions a template asks."""
LONGEST_CLAUSE = 40
_CLAUSE = re.compile(r"((?:[A-Z]\.)?\d+(?:\.\d+)*|[A-Z]\d+)[.:)]?\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A question of a template as it was typed; `id` None is a new one."""

    id: int | None
    clause: str
    question: str
    guidance: str = ""


def write(work: Work, name: str, standard: str, lines: Sequence[AskedLine]) -> ChecklistTemplate:
    """Write a template; its name is its own, and it asks nothing twice."""
    name = " ".join(name.split())
    _refuse_name(work, name, None)
    _refuse_standard(work, standard, "")
    template = ChecklistTemplate(name=name, standard=standard, questions=[])
    _fill(template, lines)
    return work.add(template)


def change(
    work: Work, template: ChecklistTemplate, seen: int | None, name: str, standard: str, lines: Sequence[AskedLine]
) -> None:
    """Change a template that was loaded for update; the checklists built from it stay as they are."""
    refuse_if_changed(template, seen, "The template")
    name = " ".join(name.split())
    _refuse_name(work, name, template.id)
    _refuse_standard(work, standard, template.standard)
    template.name, template.standard = name, standard
    before = [(each.id, each.position, each.clause, each.question, each.guidance) for each in template.questions]
    _fill(template, lines)
    after = [(each.id, each.position, each.clause, each.question, each.guidance) for each in template.questions]
    if before != after:
        # Its questions are part of it: who has the old ones open is told.
        template.version += 1
    work.flush()


def retire(work: Work, template: ChecklistTemplate) -> None:
    """Take a template out of use; it can come back."""
    template.retired_at = template.retired_at or work.now
    work.flush()


def bring_back(work: Work, template: ChecklistTemplate) -> None:
    """Take a retired template into use again."""
    template.retired_at = None
    work.flush()


def lines_in(pasted: str) -> list[AskedLine]:
    """Questions pasted one a line: a clause first where there is one; from a sheet, clause, question and guidance."""
    found = []
    for line in pasted.splitlines():
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > 1:
            clause, question, *more = cells
            found.append(AskedLine(None, clause, question, " ".join(each for each in more if each)))
            continue
        text = line.strip()
        clause_first = _CLAUSE.match(text)
        if clause_first:
            found.append(AskedLine(None, clause_first[1], text[clause_first.end() :].strip()))
        else:
            found.append(AskedLine(None, "", text))
    return found


def _fill(template: ChecklistTemplate, lines: Sequence[AskedLine]) -> None:
    wanted = [each for each in lines if each.question.strip()]
    if not wanted:
        raise RefusedError("Write at least one question.", "questions")
    if len(wanted) > MOST:
        raise RefusedError(f"A template asks {MOST} questions at most; these are {len(wanted)}.", "questions")
    known = {each.id: each for each in template.questions}
    asked: set[tuple[str, str, str]] = set()
    kept = []
    for number, line in enumerate(wanted, start=1):
        clause, question = " ".join(line.clause.split()), line.question.strip()
        if len(clause) > LONGEST_CLAUSE:
            raise RefusedError(f"“{clause[:60]}” is too long for the number of a clause.", "questions")
        key = key_of("", clause, question)
        if key in asked:
            continue
        asked.add(key)
        row = known.get(line.id) if line.id is not None else None
        if row is None or row in kept:
            row = TemplateQuestion()
        row.position, row.clause, row.question, row.guidance = number, clause, question, line.guidance.strip()
        kept.append(row)
    template.questions[:] = kept


def _refuse_name(work: Work, name: str, but: int | None) -> None:
    if not name:
        raise RefusedError("Give the template a name.", "name")
    same = select(ChecklistTemplate.id).where(func.lower(ChecklistTemplate.name) == name.lower())
    if any(each != but for each in work.session.scalars(same)):
        raise RefusedError(f"There is a template “{name}” already.", "name")


def _refuse_standard(work: Work, standard: str, before: str) -> None:
    if standard and standard != before and edition_named(work, standard) is None:
        raise RefusedError("Choose a standard from the list.", "standard")
