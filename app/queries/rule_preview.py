"""What other rules would make of the certificates, before they are chosen."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from app.domain.certification.cycle import judge
from app.domain.certification.facts import CycleSettings, Facts
from app.domain.certification.risk import risk_of, rule_name
from app.domain.certification.verdict import Verdict
from app.domain.certification.watch import watch
from app.domain.dates import say
from app.models.certificate import Certificate
from app.queries.facts import facts_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Changed:
    """A certificate whose verdict would be another, and each thing that would differ, in words."""

    reference: str
    standard: str
    says: tuple[str, ...]


def would_change(work: Work, settings: CycleSettings) -> tuple[Changed, ...]:
    """The certificates that would be judged otherwise under these settings, by reference."""
    facts = facts_of(work)
    known = work.execute(
        select(Certificate.id, Certificate.reference, Certificate.standard, Certificate.edition).order_by(
            Certificate.reference
        )
    )
    found = []
    for id_, reference, standard, edition in known:
        if id_ not in facts:
            continue
        changed = replace(facts[id_], settings=settings)
        before, after = judge(facts[id_], work.today), judge(changed, work.today)
        standings = _standing(facts[id_], before), _standing(changed, after)
        says = tuple(_differences(before, after, standings))
        if says:
            found.append(Changed(reference, f"{standard}:{edition}", says))
    return tuple(found)


def _standing(facts: Facts, verdict: Verdict) -> str:
    return risk_of(verdict, watch(facts, verdict)).value.label.lower()


def _differences(before: Verdict, after: Verdict, standings: tuple[str, str]) -> list[str]:
    pairs = (
        ("State", before.state.value.value.replace("-", " "), after.state.value.value.replace("-", " ")),
        ("Last valid day", _last_day(before), _last_day(after)),
        ("Standing", *standings),
        ("Next audit", _next(before), _next(after)),
    )
    says = [f"{label}: {old} → {new}" for label, old, new in pairs if old != new]
    for label, old_ones, new_ones in (
        ("breach", before.breaches, after.breaches),
        ("warning", before.warnings, after.warnings),
    ):
        old = {rule_name(each.rule, each.year): each for each in old_ones}
        new = {rule_name(each.rule, each.year): each for each in new_ones}
        says += [f"New {label}: {name}, since {say(new[name].since)}" for name in new if name not in old]
        says += [f"No longer a {label}: {name}" for name in old if name not in new]
    limits = {(each.rule, each.year): each.closes_on for each in before.deadlines}
    for each in after.deadlines:
        was = limits.pop((each.rule, each.year), None)
        name = rule_name(each.rule, each.year)
        if was is None:
            says.append(f"New limit: {name} by {say(each.closes_on)}")
        elif was != each.closes_on:
            says.append(f"Limit of {name}: {say(was)} → {say(each.closes_on)}")
    says += [f"No limit any longer: {rule_name(rule, year)}, was {say(day)}" for (rule, year), day in limits.items()]
    return says


def _last_day(verdict: Verdict) -> str:
    return say(verdict.effective_valid_through.value) if verdict.effective_valid_through else "none"


def _next(verdict: Verdict) -> str:
    audit = verdict.next_audit
    if audit is None:
        return "none"
    kind = audit.kind.value.replace("-", " ")
    return f"{kind} by {say(audit.closes_on)}" if audit.closes_on else kind
