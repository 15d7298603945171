"""Judge how far a process area has come; what was judged before stays."""

from dataclasses import dataclass
from datetime import date

from app.domain.explained import RefusedError
from app.domain.itam.tier import Attainment, refuse_assessment
from app.models.tier import ProcessAssessment
from app.queries.tiers import area_by, latest_day
from app.work import Work


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far it has come, by what that can be seen, and on which day it was looked at."""

    attainment: Attainment
    evidence: str
    assessed_on: date


def assess(work: Work, area_id: str, judged: Judgement) -> ProcessAssessment:
    """Record a judgement of a process area. [ISO/IEC 19770-1:2017, 9.1]"""
    if area_by(area_id) is None:
        raise RefusedError(f"There is no process area {area_id}.")
    refuse_assessment(judged.attainment, judged.evidence, judged.assessed_on, latest_day(work, area_id), work.today)
    return work.add(
        ProcessAssessment(
            process_area=area_id,
            attainment=judged.attainment,
            evidence=judged.evidence.strip(),
            assessed_on=judged.assessed_on,
            assessed_by_id=work.actor_id,
        )
    )
