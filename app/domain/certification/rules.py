"""The register of the rules: each a small function from a case to what it finds. A new rule is one line here."""

from app.domain.certification import continuity, initial, recertification, surveillance
from app.domain.certification.case import RuleFunction

RULES: tuple[RuleFunction, ...] = (
    initial.two_stage,
    initial.stage_interval,
    initial.stage_1_repeat,
    initial.stage_2_majors,
    initial.decision_preconditions,
    initial.decision_year_gap,
    surveillance.first_surveillance,
    surveillance.calendar_year,
    surveillance.second_surveillance,
    surveillance.surveillance_count,
    surveillance.long_gap,
    recertification.recertification,
    recertification.restoration,
    continuity.suspension_limit,
    continuity.transfer,
    continuity.edition_deadline,
)
