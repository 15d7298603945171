"""Northwind's internal audits as they were carried out, what they found, and what came of it."""

from app.demonstration.audits.agendas import agendas
from app.demonstration.audits.answers import answers
from app.demonstration.audits.checklists import checklists
from app.demonstration.audits.diary import Diary
from app.demonstration.audits.findings import findings
from app.demonstration.audits.photographs import photographs
from app.demonstration.audits.processes import processes
from app.demonstration.audits.programme import programme
from app.demonstration.audits.reports import reports
from app.demonstration.audits.reviews import reviews
from app.models.person import Person
from app.work import Work


def audits_carried_out(work: Work, cast: dict[str, Person]) -> None:
    """Plan all of it, then let the people of the story do it in the order of its days."""
    diary = Diary(work, cast)
    for chapter in (programme, processes, checklists, agendas, findings, photographs, answers, reports, reviews):
        chapter(diary)
    diary.tell()
