"""Judging one certificate on one day."""

from datetime import date

from app.domain.certification.facts import Facts
from app.domain.certification.verdict import Breach, Cycle, CycleKind, Deadline, NextAudit, Rule, Standing, Verdict

__all__ = ["Breach", "Cycle", "CycleKind", "Deadline", "NextAudit", "Rule", "Standing", "Verdict", "judge"]


def judge(facts: Facts, on: date) -> Verdict:
    """Say how a certificate stands on a day, what is due next and by when, and why."""
    raise NotImplementedError
