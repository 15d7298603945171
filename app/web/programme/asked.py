"""What a page of the programme is asked for, read from its address; what makes no sense counts as not asked."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request

from app.domain.certification.facts import AuditKind
from app.models.audit import AuditProgress
from app.queries.programme import Wanted

E = TypeVar("E", bound=StrEnum)

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 1)
"""Arithmetic on days ends somewhere; no programme comes near."""


def asked_day(name: str) -> date | None:
    """A day of the address, as 2027-03-14; one of another age is the nearest of this."""
    try:
        return min(max(date.fromisoformat(request.args.get(name, "")[:10]), EARLIEST), LATEST)
    except ValueError:
        return None


def asked_month(today: date) -> date:
    """The first day of the month of the address, as 2027-03; else of this month."""
    try:
        return min(max(date.fromisoformat(f"{request.args.get('month', '')[:7]}-01"), EARLIEST), LATEST)
    except ValueError:
        return today.replace(day=1)


def asked_word(name: str, kind: type[E]) -> E | None:
    """A word of an enumeration."""
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


def asked_page() -> int:
    """The page of a list, from 1."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def wanted() -> Wanted:
    """The filters of a list of audits and limits."""
    certificate = request.args.get("certificate", "").strip()[:40]
    return Wanted(certificate or None, asked_word("kind", AuditKind), asked_word("progress", AuditProgress))
