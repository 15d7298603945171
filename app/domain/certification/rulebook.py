"""The rules in plain words, by the key under which the answers and the screens name them: for people to read."""

from dataclasses import dataclass

from app.domain import clauses
from app.domain.certification.verdict import Rule
from app.domain.explained import Clause

HARD, WARNING, SETTING, PLAN = "hard", "warning", "setting", "plan"


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule: what it asks, how strict it is, and the clause that it rests on."""

    rule: Rule
    strictness: str
    says: str
    clause: Clause | None


RULEBOOK: tuple[RuleInWords, ...] = (
    RuleInWords(
        Rule.TWO_STAGE,
        HARD,
        "A certificate is granted after a stage 1 that found the organisation ready and a recommended stage 2 that "
        "started when stage 1 had ended.",
        clauses.STAGES,
    ),
    RuleInWords(
        Rule.STAGE_INTERVAL,
        WARNING,
        "A long interval between stage 1 and stage 2 makes the findings of stage 1 old. The number of months "
        "is a setting.",
        clauses.STAGE_INTERVAL,
    ),
    RuleInWords(
        Rule.STAGE_1_REPEAT,
        WARNING,
        "After a significant change the certification body considers whether stage 1 has to be repeated.",
        clauses.STAGE_INTERVAL,
    ),
    RuleInWords(
        Rule.STAGE_2_MAJORS,
        HARD,
        "Every major nonconformity of a stage 2 is verified within six months of its last day, or another stage 2 is "
        "needed. A recorded justification turns the breach into a warning.",
        clauses.STAGE_2_MAJORS,
    ),
    RuleInWords(
        Rule.DECISION_PRECONDITIONS,
        HARD,
        "A certificate is granted or renewed when every major is verified and the plan for every minor is accepted.",
        clauses.BEFORE_DECISION,
    ),
    RuleInWords(
        Rule.FIRST_SURVEILLANCE,
        HARD,
        "The first surveillance is held within twelve months of the certification decision: calendar months, not 365 "
        "days, and counted from the decision, not from the audit.",
        clauses.SURVEILLANCE_FREQUENCY,
    ),
    RuleInWords(
        Rule.CALENDAR_YEAR,
        HARD,
        "Every calendar year but a recertification year has at least one surveillance. A year is missed from 1 January "
        "of the next.",
        clauses.SURVEILLANCE_FREQUENCY,
    ),
    RuleInWords(
        Rule.SURVEILLANCE_COUNT,
        HARD,
        "In the first cycle two surveillances come before the recertification audit.",
        clauses.PROGRAMME,
    ),
    RuleInWords(
        Rule.SECOND_SURVEILLANCE,
        WARNING,
        "In the first cycle the second surveillance belongs in the second year, so within 24 months of the decision.",
        clauses.PROGRAMME,
    ),
    RuleInWords(
        Rule.LONG_GAP,
        WARNING,
        "In a later cycle many months without any external audit are worth a warning. The number is a setting.",
        clauses.SURVEILLANCE_FREQUENCY,
    ),
    RuleInWords(
        Rule.RECERTIFICATION,
        HARD,
        "The recertification audit is held, its majors are verified and the decision is taken by the last valid day.",
        clauses.RECERTIFICATION_MAJORS,
    ),
    RuleInWords(
        Rule.EARLY_RENEWAL,
        SETTING,
        "A renewal that comes early keeps the old last day and adds three years, up to so many months before it.",
        clauses.RECERTIFICATION_EXPIRY,
    ),
    RuleInWords(
        Rule.RESTORATION,
        HARD,
        "After expiry the certification can be restored within six months, if what is outstanding is done and decided. "
        "The days between are uncertified, and the old cycle goes on.",
        clauses.RESTORATION,
    ),
    RuleInWords(
        Rule.SUSPENSION_LIMIT,
        HARD,
        "A suspension is resolved within six months and never outlives the certificate. No limit moves because of it.",
        clauses.SUSPENSION_RESOLVED,
    ),
    RuleInWords(
        Rule.TRANSFER,
        HARD,
        "Only a valid certificate without open majors moves to another certification body. Its cycle goes on "
        "unchanged.",
        clauses.TRANSFER,
    ),
    RuleInWords(
        Rule.EDITION_DEADLINE,
        HARD,
        "A certificate is moved to the new edition of its standard by the deadline of the old one, or ends with it.",
        Clause("IAF transition requirements", ""),
    ),
    RuleInWords(
        Rule.DECISION_YEAR_GAP,
        WARNING,
        "A calendar year in which a decision fell but no audit at all is worth a warning: no rule asks for one in it.",
        clauses.SURVEILLANCE_FREQUENCY,
    ),
    RuleInWords(
        Rule.NOT_ON_RECORD,
        WARNING,
        "A certificate taken over without its stage audits is judged by what is on file; the audits themselves "
        "are not.",
        clauses.STAGES,
    ),
    RuleInWords(
        Rule.INTERNAL_PLAN,
        PLAN,
        "The plan has an internal audit every six months, each counted from the start of the plan.",
        clauses.INTERNAL_AUDIT_PROGRAMME,
    ),
    RuleInWords(
        Rule.INTERNAL_BEFORE_EXTERNAL,
        WARNING,
        "An internal audit and a management review are held before a stage 2, and one of each between two later audits "
        "of the certification body. What is planned before an audit that lies ahead is told as not yet held.",
        clauses.SURVEILLANCE_CONTENT,
    ),
    RuleInWords(
        Rule.COVERAGE,
        SETTING,
        "Internal audits look at every clause, control and process area once in each cycle, or within fewer months "
        "where the organisation chooses so.",
        clauses.INTERNAL_AUDIT_PROGRAMME,
    ),
)
