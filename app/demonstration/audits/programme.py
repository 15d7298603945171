"""The audit programme of the cycle, and the plan of the internal audit that lies ahead."""

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.audits.processes import SECURITY, SERVICES
from app.demonstration.telling import ago
from app.domain.dates import add_days, add_months
from app.operations import audit_plans, audit_programmes
from app.operations.audit_plans import PlanDetails
from app.operations.audit_programmes import ProgrammeDetails
from app.queries.audit_plan import standards_on_offer

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

SUPPLIERS = "Suppliers and incidents"
"""The audit by its title. Its lead owns the internal audits themselves, so 9.2 is left to somebody else."""


def programme(diary: "Diary") -> None:
    """Written when the cycle began; the next audit was planned a week ago."""
    began = ago(diary.today, months=16)
    diary.on(add_days(began, 4), "ingrid", partial(_write, diary, began))
    diary.on(diary.today - timedelta(days=7), "mateo", partial(_plan, diary))


def _write(diary: "Diary", began: date) -> None:
    details = ProgrammeDetails(
        title="Internal audits of the cycle",
        starts_on=began,
        ends_on=add_days(add_months(began, 36), -1),
        objectives="See every clause and control once in the cycle, and leave no surprise to the certification body.",
        risks="Two auditors for three standards; the service desk cannot be spared in December.",
        opportunities="Both systems share policies, people and sites: one visit serves two standards.",
        criteria="ISO/IEC 27001:2022, ISO/IEC 20000-1:2018, our policies and the contracts of the clients.",
        scope="All sites, with Rotterdam at least once by shared screen.",
        methods="Interviews, records followed in both directions, samples drawn by chance from lists of the register.",
        resources="Mateo, six days a year; Helena from outside, three.",
        responsible_id=diary.cast["ingrid"].id,
    )
    audit_programmes.create(diary.work, details)


def _plan(diary: "Diary") -> None:
    work, audit = diary.work, diary.held(SUPPLIERS)
    clauses = ("9.1", "9.3", "10.1", "10.2")
    points = {(SECURITY, each) for each in (*clauses, *(f"A.5.{number}" for number in range(19, 31)))}
    details = PlanDetails(
        objectives="See whether suppliers keep what they promised, and whether incidents teach us anything.",
        standards=frozenset({SECURITY, SERVICES}),
        criteria="The contracts of the four largest suppliers; the incident procedure, version 3.",
        scope="Purchasing, the service desk and the data centre, since the last audit of suppliers.",
        methods="Contracts read against deliveries; incidents followed from the first call to the lesson learnt.",
        points=frozenset(points | {(SERVICES, each) for each in ("8.3.4", "8.7.1", "9.1", "9.3", "10.1")}),
    )
    audit_plans.edit(work, audit, details, frozenset(standards_on_offer(work, audit)))
