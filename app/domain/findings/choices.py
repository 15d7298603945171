"""What an organisation chooses about its audits and nonconformities, since no standard sets a number."""

from dataclasses import dataclass

from app.domain import clauses
from app.domain.explained import Clause, Reason, RefusedError

LONGEST_DAYS = 730
LONGEST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class AuditChoice:
    """One choice: its field of the organisation, what it counts, what it does, and why it is open."""

    name: str
    label: str
    unit: str
    """`days` or `months`."""
    least: int
    most: int
    default: int
    effect: str
    open: Reason


_ACTION = Clause("ISO 9001:2015", "10.2")
_UNDUE = Reason(
    "The standards ask for action without undue delay and set no number; one's own is kept more readily than none.",
    _ACTION,
)


def _days(name: str, label: str, default: int, effect: str, why: Reason = _UNDUE, least: int = 1) -> AuditChoice:
    return AuditChoice(name, label, "days", least, LONGEST_DAYS, default, effect, why)


def _months(name: str, label: str, default: int, effect: str, why: Reason) -> AuditChoice:
    return AuditChoice(name, label, "months", 1, LONGEST_MONTHS, default, effect, why)


CHOICES: tuple[AuditChoice, ...] = (
    _days(
        "major_answer_days",
        "Major: cause and plan within",
        30,
        "Counted from the day it was raised; the certification body's own day, where it is earlier, counts instead.",
    ),
    _days(
        "major_action_days",
        "Major: all actions done within",
        60,
        "Counted from the day it was raised, and never later than a last day of the certificate that waits for it.",
    ),
    _days("minor_answer_days", "Minor: cause and plan within", 30, "Counted from the day it was raised."),
    _days("minor_action_days", "Minor: all actions done within", 90, "Counted from the day it was raised."),
    _days(
        "effectiveness_days",
        "Effectiveness is judged after",
        30,
        "So long after the last action nobody can close the nonconformity: what was done has to show that it works. "
        "With 0 days it can be judged at once.",
        Reason("The effectiveness of an action is reviewed; no standard says how long after it.", _ACTION),
        least=0,
    ),
    _months(
        "impartiality_months",
        "Nobody audits what they did within",
        24,
        "Whoever owned or did something within so many months before an internal audit does not audit it.",
        Reason(
            "Auditors do not audit their own work; for internal audits no standard says how long it stays one's own.",
            Clause("ISO 9001:2015", "9.2.2"),
        ),
    ),
    _days(
        "expiring_days",
        "Training expires soon within",
        60,
        "So long before its last valid day what was passed is shown as expiring soon.",
        Reason("Competence is to be kept up; no standard says how early one looks.", Clause("ISO 9001:2015", "7.2")),
    ),
    _months(
        "coverage_months",
        "Every clause is audited once within",
        36,
        "Clauses that no internal audit has looked at for so long stand as missing in the coverage.",
        Reason(
            "Internal audits are planned by importance; that they cover everything within a cycle is expected of "
            "them, and stated nowhere.",
            clauses.INTERNAL_AUDIT_PROGRAMME,
        ),
    ),
)


def refuse_choices(values: dict[str, int]) -> None:
    """Refuse what is out of bounds, and actions that would be due before their own plan. [ISO 9001:2015, 10.2]"""
    for choice in CHOICES:
        if not choice.least <= values[choice.name] <= choice.most:
            raise RefusedError(f"From {choice.least} to {choice.most} {choice.unit}.", choice.name)
    for grade in ("major", "minor"):
        answer, action = values[f"{grade}_answer_days"], values[f"{grade}_action_days"]
        if action < answer:
            says = f"Actions cannot be due before their plan, which has {answer} days."
            raise RefusedError(Reason(says, _ACTION), f"{grade}_action_days")
